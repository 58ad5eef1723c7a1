// A picture for the model, checked against the prompt's media settings before it leaves.
import assert from "node:assert/strict";
import { generateText } from "ai";
import { compilePrompt, InputError } from "promptpack";
import { loadPack } from "promptpack/node";
import { promptSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/image-analyser.pack.json", import.meta.url).pathname);
const compiled = compilePrompt(pack, "describe");
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

// For a real provider change this line, for example to: const model = openai("gpt-5-mini");
const model = fakeModel("One light scratch.");

const user = [
  { type: "text", text: "Is the frame still safe to use?" },
  { type: "image", media: { mime_type: "image/png", base64: png } },
];
const { text } = await generateText({ model, ...promptSettings(compiled, { kind: "bicycle frame" }, { user }) });
console.log(text);

const sent = model.doGenerateCalls[0].prompt.at(-1).content;
assert.deepEqual(
  sent.map(({ type }) => type),
  ["text", "file"],
);
assert.equal(sent[1].mediaType, "image/png");
assert.throws(
  () =>
    promptSettings(
      compiled,
      { kind: "video" },
      { user: [{ type: "video", media: { mime_type: "video/mp4", base64: png } }] },
    ),
  (error) => InputError.isInstance(error) && error.code === "UNSUPPORTED_MEDIA_TYPE",
);
