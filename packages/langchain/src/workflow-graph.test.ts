import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { callTools, packWith, ScriptedModel, spell } from "../test/fakes.ts";
import { createWorkflowGraph, type StateTask, type WorkflowGraphState } from "./workflow-graph.ts";

const prompt = (id: string): object => ({ id, name: id, version: "1.0.0", system_template: `You ${id}.` });
const prompts = { draft: prompt("draft"), review: prompt("review") };
const states = {
  "draft: one": { prompt_task: "draft", on_event: { Ready: "review" }, artifacts: { text: { type: "text/plain" } } },
  review: { prompt_task: "review", on_event: { Redo: "draft: one", Done: "end" }, orchestration: "hybrid" },
  end: { prompt_task: "review", terminal: true },
};
const pack = packWith(
  {},
  { prompts, workflow: { version: 1, entry: "draft: one", states, engine: { budget: { max_tool_calls: 2 } } } },
);
const say = (text: string) => ({ messages: [new HumanMessage(text)] });

/** Says what it was asked, and calls the workflow's tools as a script says. */
const hostOf =
  (tasks: StateTask[], act: (task: StateTask) => Promise<unknown> | undefined = () => undefined) =>
  async (task: StateTask) => {
    tasks.push(task);
    await act(task);
    return `${task.promptTask} says: ${task.messages.at(-1)?.text ?? "nothing"}`;
  };
const toolOf = (task: StateTask, name: string) => task.tools.find((tool) => tool.name === `workflow__${name}`);

describe("createWorkflowGraph", () => {
  it("takes a Pack, and texts and messages for answers", async () => {
    expect(() => createWorkflowGraph(pack.data as never, { run: async () => "" })).toThrow("expected a Pack");
    for (const answer of [undefined, { messages: [new AIMessage("secret")] }, ["secret"], 5]) {
      const graph = createWorkflowGraph(pack, { run: async () => answer as never });
      await expect(graph.invoke(say("go"))).rejects.toThrow(/^run returns a text or messages$/);
    }
  });

  it("runs a state, yields to the user and goes on from an ordinary checkpoint", async () => {
    const tasks: StateTask[] = [];
    const checkpointer = new MemorySaver();
    const config = { configurable: { thread_id: "1" } };
    const run = hostOf(tasks, (task) =>
      task.messages.at(-1)?.text === "go"
        ? toolOf(task, "transition")?.invoke({ event: "Ready", context: "please check" })
        : undefined,
    );
    const first = await createWorkflowGraph(pack, { run, checkpointer }).invoke(say("hello"), config);
    expect(first.outcome).toMatchObject({ type: "yield", waitingFor: "user", text: "draft says: hello" });
    expect(JSON.parse(JSON.stringify(first.run))).toEqual(first.run);
    const second = await createWorkflowGraph(pack, { run, checkpointer }).invoke(say("go"), config);
    expect(second.run.state).toBe("review");
    const third = await createWorkflowGraph(pack, { run, checkpointer }).invoke(say("and?"), config);
    expect(tasks.at(-1)).toMatchObject({ state: "review", promptTask: "review", context: "please check" });
    expect(tasks.at(-1)?.messages.map(({ text }) => text)).toEqual(["and?"]);
    expect(third.messages).toHaveLength(6);
  });

  it("takes events of the host, ends, and refuses what the state does not know", async () => {
    const graph = createWorkflowGraph(pack, {
      checkpointer: new MemorySaver(),
      run: hostOf([], (task) =>
        task.state.startsWith("draft") ? toolOf(task, "transition")?.invoke({ event: "Ready" }) : undefined,
      ),
    });
    const config = { configurable: { thread_id: "2" } };
    await graph.invoke(say("hello"), config);
    await expect(graph.invoke({ event: { event: "Dune" } }, config)).rejects.toThrow(/UNKNOWN_EVENT/);
    const last = await graph.invoke({ event: { event: "Done" } }, config);
    expect(last.outcome).toMatchObject({ type: "end", status: "completed" });
    await expect(graph.invoke(say("more"), config)).rejects.toThrow(/WORKFLOW_ENDED/);
  });

  it("keeps artifacts, and tells the model why a tool was refused", async () => {
    const said: unknown[] = [];
    const run = hostOf([], async (task) => {
      said.push(await toolOf(task, "set_artifact")?.invoke({ name: "text", value: "A draft" }));
      said.push(
        await toolOf(task, "transition")
          ?.invoke({ event: "Redo" })
          .catch((error: Error) => error.message),
      );
    });
    const state = (await createWorkflowGraph(pack, { run }).invoke(say("hello"))) as unknown as WorkflowGraphState;
    expect(state.run.artifacts).toEqual({ text: "A draft" });
    expect(said).toEqual(["done", expect.stringContaining("WRONG_VALUE")]);
  });

  it("moves by the tool calls of an agent and counts the others against the budget", async () => {
    const model = new ScriptedModel(
      callTools({ name: "workflow__transition", args: { event: "Ready" }, id: "1" }),
      spell(["off it goes"]),
    );
    const run = async ({ tools, messages }: StateTask) =>
      (await createAgent({ model, tools }).invoke({ messages })).messages;
    const moved = await createWorkflowGraph(pack, { run }).invoke(say("hello"));
    expect(moved.run).toMatchObject({ state: "review", toolCalls: 0 });
    const calls = [1, 2, 3].map((id) => ({ name: "find", args: {}, id: `${id}` }));
    const spent = await createWorkflowGraph(pack, {
      run: async () => [new AIMessage({ content: "", tool_calls: calls }), new AIMessage("x")],
    }).invoke(say("hello"));
    expect(spent.outcome).toMatchObject({ type: "end", status: "budget_exhausted", limit: "max_tool_calls" });
  });

  it("starts a state again whose work failed", async () => {
    let fails = true;
    const run = async () => {
      if (fails) throw new Error("no network");
      return "fine";
    };
    const graph = createWorkflowGraph(pack, { run, checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "3" } };
    await expect(graph.invoke(say("hello"), config)).rejects.toThrow("no network");
    fails = false;
    expect((await graph.invoke(say("again"), config)).outcome).toMatchObject({ text: "fine" });
  });

  it("has a node for each state, and needs a workflow", () => {
    const { nodes } = createWorkflowGraph(pack, { run: async () => "" });
    expect(Object.keys(nodes)).toEqual(
      expect.arrayContaining(["receive", "state-draft%3A%20one", "state-review", "state-end"]),
    );
    expect(() => createWorkflowGraph(packWith({}), { run: async () => "" })).toThrow(TypeError);
  });
});
