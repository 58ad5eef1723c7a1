// An agent with the pack's tools: arguments are checked against the pack, and the pack's limits hold.
import assert from "node:assert/strict";
import { ToolLoopAgent } from "ai";
import { compilePrompt } from "promptpack";
import { loadPack } from "promptpack/node";
import { agentSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const compiled = compilePrompt(pack, "support");
const asked = [];
const handlers = {
  find_order: async ({ order_number }) => {
    asked.push(order_number);
    return { order_number, status: "on its way" };
  },
};

// For a real provider change this line, for example to: const model = openai("gpt-5-mini");
const model = fakeModel(
  { find_order: { order_number: "204518" } },
  { find_order: { order_number: "LB-204518" } },
  "It is on its way.",
);

const agent = new ToolLoopAgent({ model, ...agentSettings(compiled, { company: "Luma Bikes" }, { handlers }) });
const { text, steps } = await agent.generate({ prompt: "Where is my order 204518?" });

for (const { content } of steps) {
  for (const part of content) {
    if (part.type === "tool-call") console.log("call  ", part.toolName, JSON.stringify(part.input));
    if (part.type === "tool-error") console.log("refused", String(part.error).split("\n").at(-1));
    if (part.type === "tool-result") console.log("result", JSON.stringify(part.output));
  }
}
console.log(text);
assert.deepEqual(asked, ["LB-204518"], "the call with a bad order number never ran");
assert.equal(steps.length, 3);
assert.equal(text, "It is on its way.");
