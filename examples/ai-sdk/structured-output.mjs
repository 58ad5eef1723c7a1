// An answer as an object, checked by PromptPack's own interpreter of JSON Schema: strict, and without code generation.
import assert from "node:assert/strict";
import { generateText, Output } from "ai";
import { compilePrompt } from "promptpack";
import { loadPack } from "promptpack/node";
import { checkedSchema, promptSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/sales-assistant.pack.json", import.meta.url).pathname);
const compiled = compilePrompt(pack, "follow_up");
const schema = {
  type: "object",
  properties: { subject: { type: "string", maxLength: 60 }, body: { type: "string" } },
  required: ["subject", "body"],
  additionalProperties: false,
};

// For a real provider change this line, for example to: const model = openai("gpt-5-mini");
const model = fakeModel('{"subject":"Your trial","body":"Shall we talk on Monday?"}', '{"subject":"Your trial"}');

const settings = promptSettings(
  compiled,
  { product: "Ledger", notes: "Asked for a trial." },
  { user: "Write the mail." },
);
const output = Output.object({ schema: checkedSchema(schema) });
const result = await generateText({ model, ...settings, output });
console.log(result.output.subject);

assert.deepEqual(result.output, { subject: "Your trial", body: "Shall we talk on Monday?" });
await assert.rejects(async () => (await generateText({ model, ...settings, output })).output, /No object generated/);
