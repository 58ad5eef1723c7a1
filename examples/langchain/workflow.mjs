// A workflow of a pack as a LangGraph graph: a checkpointer keeps it between the messages of a user.
import assert from "node:assert/strict";
import { HumanMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver } from "@langchain/langgraph";
import { loadPack } from "promptpack/node";
import { PromptPackTemplate } from "promptpack-langchain";
import { createWorkflowGraph } from "promptpack-langchain/workflow-graph";

const pack = await loadPack(new URL("../packs/article-workflow.pack.json", import.meta.url).pathname);
const { entry, states } = pack.data.workflow;

// For a real provider change this line: const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const model = new FakeListChatModel({ responses: ["Here is my work on it."] });

const graph = createWorkflowGraph(pack, {
  checkpointer: new MemorySaver(),
  run: async ({ promptTask, messages, tools, artifacts }) => {
    const prompt = PromptPackTemplate.fromPack(pack, promptTask, { render: { missing: "empty", artifacts } });
    const answer = await prompt.pipe(model).invoke({ messages });
    // a real model calls this tool itself: bind `tools` to it, or give them to createAgent
    const transition = tools.find((tool) => tool.name === "workflow__transition");
    const [event] = transition?.schema.properties.event.enum ?? [];
    if (event !== undefined) await transition.invoke({ event });
    return answer;
  },
});

const config = { configurable: { thread_id: "article-1" } };
const first = await graph.invoke({ messages: [new HumanMessage("Write about lighthouses.")] }, config);
console.log(`${entry} -> ${first.run.state}: ${first.outcome.type}`);
assert.ok(first.run.history.length > 0);
assert.notEqual(first.run.state, entry);
assert.ok(Object.hasOwn(states, first.run.state));
const stored = await graph.getState(config);
assert.deepEqual(JSON.parse(JSON.stringify(stored.values.run)), JSON.parse(JSON.stringify(first.run)));
