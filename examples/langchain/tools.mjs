// An agent with the tools of a pack; the pack's policy is enforced, whatever the model wants.
import assert from "node:assert/strict";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { createAgent, fakeModel } from "langchain";
import { loadPack } from "promptpack/node";
import { convertTools, promptPackMiddleware, PromptPackTemplate } from "promptpack-langchain";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const prompt = PromptPackTemplate.fromPack(pack, "support");
const asked = [];
const tools = convertTools(pack, "support", {
  find_order: async (input) => {
    asked.push(input);
    return { status: "shipped" };
  },
  open_ticket: () => "ticket 1",
});
const [order] = pack.toolsFor("support");
const args = Object.fromEntries(
  Object.entries(order.parameters.properties).map(([name, schema]) => [name, schema.examples?.[0] ?? "LB-100200"]),
);

// For a real provider change these lines: const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const model = fakeModel()
  .respondWithTools([
    { name: "find_order", args, id: "1" },
    { name: "delete_everything", args: {}, id: "2" },
  ])
  .respond(new AIMessage("It has shipped."));

const agent = createAgent({
  model,
  tools,
  systemPrompt: await prompt.format({}),
  middleware: promptPackMiddleware(pack, "support"),
});
const { messages } = await agent.invoke({ messages: [new HumanMessage("Where is my order?")] });
for (const message of messages) console.log(`${message.getType()}: ${message.text.slice(0, 100)}`);

assert.equal(messages.at(-1).text, "It has shipped.");
assert.match(
  messages
    .filter((message) => message.getType() === "tool")
    .map(({ text }) => text)
    .join(),
  /TOOL_NOT_OFFERED/,
);
