// Guardrails of the pack: in a chain that asks again when an answer is refused, and in an agent that streams.
import assert from "node:assert/strict";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { FakeListChatModel, FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { createAgent } from "langchain";
import { loadPack } from "promptpack/node";
import { guardrailMiddleware, GuardrailRunnable, PromptPackTemplate } from "promptpack-langchain";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const prompt = PromptPackTemplate.fromPack(pack, "support");
const { validators } = pack.prompt("support");

// For a real provider change this line: const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const model = new FakeListChatModel({
  responses: ["A refund is guaranteed.", "I will ask a colleague about the refund."],
});

const guardrails = new GuardrailRunnable(validators, { onViolation: "throw" });
const answer = await prompt
  .pipe(model)
  .pipe(guardrails)
  .withRetry({ stopAfterAttempt: 3 })
  .invoke({ user_message: "Refund?" });
console.log(answer.text);
assert.equal(answer.text, "I will ask a colleague about the refund.");

class Model extends FakeStreamingChatModel {
  bindTools() {
    return this;
  }
}
const agent = createAgent({
  model: new Model({ responses: [new AIMessage("It is guaranteed!")] }),
  tools: [],
  middleware: [guardrailMiddleware(pack, "support")],
});
let shown = "";
for await (const [chunk] of await agent.stream({ messages: [new HumanMessage("Sure?")] }, { streamMode: "messages" }))
  shown += chunk.text;
console.log(shown);
assert.doesNotMatch(shown, /guar/);
assert.match(shown, /I cannot promise that/);
