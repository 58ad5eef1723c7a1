// A question with an image: parts are checked against the pack's media settings and become standard content blocks.
import assert from "node:assert/strict";
import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { InputError, parsePack } from "promptpack";
import { PromptPackTemplate } from "promptpack-langchain";

const pack = parsePack(
  JSON.stringify({
    id: "caption",
    name: "Caption",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: {
      describe: {
        id: "describe",
        name: "Describe",
        version: "1.0.0",
        system_template: "Describe the image.",
        media: {
          enabled: true,
          supported_types: ["image"],
          image: { allowed_formats: ["png", "jpeg"], default_detail: "low" },
        },
      },
    },
  }),
);
const prompt = PromptPackTemplate.fromPack(pack, "describe");

// For a real provider change this line: const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const model = new FakeListChatModel({ responses: ["A lighthouse."] });

const image = { type: "image", media: { url: "https://example.com/lighthouse.jpg", mime_type: "image/jpeg" } };
const user_message = [{ type: "text", text: "What is this?" }, image];
const answer = await prompt.pipe(model).invoke({ user_message });
console.log(answer.text);

assert.equal(answer.text, "A lighthouse.");
assert.ok(AIMessage.isInstance(answer));
const [, user] = (await prompt.invoke({ user_message })).toChatMessages();
assert.deepEqual(user.contentBlocks[1], {
  type: "image",
  url: image.media.url,
  mimeType: "image/jpeg",
  metadata: { detail: "low" },
});
const film = { type: "video", media: { url: "https://example.com/a.mp4", mime_type: "video/mp4" } };
await assert.rejects(prompt.invoke({ user_message: [film] }), (error) => InputError.isInstance(error));
