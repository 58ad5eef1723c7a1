import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import {
  Annotation,
  type BaseCheckpointSaver,
  type CompiledStateGraph,
  END,
  messagesStateReducer,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { type Diagnostic, initialState, InputError, type Pack, stateTools, transition } from "promptpack";
import { convertTool, type PromptPackTool } from "./tools.ts";

type WorkflowRun = ReturnType<typeof initialState>;
type WorkflowEvent = Parameters<typeof transition>[2];
type Effect = ReturnType<typeof transition>[1][number];

/** The work of one state. */
export interface StateTask {
  readonly state: string;
  /** What to run: the id of a prompt, or the name of a composition. */
  readonly promptTask?: string;
  readonly composition?: string;
  /** What the transition said about the work. */
  readonly context?: string;
  /** The conversation since the state was entered; all of it where the state is persistent. */
  readonly messages: BaseMessage[];
  readonly artifacts: WorkflowRun["artifacts"];
  /** The workflow's own tools: offer them to the model beside those of the prompt, and their calls move the workflow. */
  readonly tools: PromptPackTool[];
}

export interface WorkflowGraphOptions {
  /** Does the work of a state with a chain or an agent; returns its text or its messages. */
  readonly run: (task: StateTask, config: RunnableConfig) => Promise<string | BaseMessage | readonly BaseMessage[]>;
  readonly checkpointer?: BaseCheckpointSaver;
  /** Milliseconds; Date.now when absent. */
  readonly now?: () => number;
}

/** What a checkpointer stores: messages, and plain JSON. */
export interface WorkflowGraphState {
  /** Send new messages of the user here. */
  readonly messages: BaseMessage[];
  /** Or an event of the host here. */
  readonly event: { readonly event: string; readonly context?: string } | null;
  readonly run: WorkflowRun;
  /** What the workflow waits for, or how it ended. */
  readonly outcome: Extract<Effect, { readonly type: "yield" | "end" }> | null;
  /** What runs next, the context that it was entered with, and where its conversation begins. */
  readonly work: { readonly next: string | null; readonly context?: string; readonly from: number };
}

export type WorkflowGraph = {
  invoke(input: Partial<WorkflowGraphState> | null, config?: RunnableConfig): Promise<WorkflowGraphState>;
} & CompiledStateGraph<WorkflowGraphState, Partial<WorkflowGraphState>, string>;
type Update = Partial<WorkflowGraphState>;
type Workflow = Parameters<typeof transition>[0];

/**
 * Returns a pack's workflow as a LangGraph graph with a node for each state. A call takes messages or an event of the host,
 * and returns when the workflow yields or ends; a checkpointer keeps it between calls. Source: SPEC 4.6, RULINGS 28.
 * A call throws {InputError} WORKFLOW_ENDED, UNKNOWN_EVENT or EVENT_NOT_ALLOWED.
 *
 * @throws {TypeError} the pack has no workflow
 */
export function createWorkflowGraph(pack: Pack, options: WorkflowGraphOptions): WorkflowGraph {
  const { workflow } = pack.data;
  if (workflow === undefined) throw new TypeError(`the pack "${pack.id}" has no workflow`);
  const now = options.now ?? Date.now;
  const states = Object.keys(workflow.states);
  const ends = Object.fromEntries([...states.map((name) => [name, nodeName(name)]), ["", END]]) as Record<
    string,
    string
  >;
  const graph = new StateGraph(State)
    .addNode("receive", (state: WorkflowGraphState) => receive(workflow, state, now))
    .addEdge(START, "receive");
  for (const name of states) {
    graph.addNode(nodeName(name), (state: WorkflowGraphState, config: RunnableConfig) =>
      runState(workflow, name, state, { ...options, now, config }),
    );
  }
  const next = ({ work }: WorkflowGraphState): string => work.next ?? "";
  for (const from of ["receive", ...states.map(nodeName)])
    graph.addConditionalEdges(from as "receive", next, ends as never);
  return graph.compile(options.checkpointer && { checkpointer: options.checkpointer }) as unknown as WorkflowGraph;
}

const State = Annotation.Root({
  messages: Annotation<BaseMessage[]>({ reducer: messagesStateReducer as never, default: () => [] }),
  event: Annotation<WorkflowGraphState["event"]>,
  run: Annotation<WorkflowRun>,
  outcome: Annotation<WorkflowGraphState["outcome"]>,
  work: Annotation<WorkflowGraphState["work"]>,
});

// LangGraph keeps : and | to itself, and a node may not be named like a member of the state
const nodeName = (state: string): string => `state-${encodeURIComponent(state)}`;

/** The run of a workflow while one node works on it. */
class Step {
  run: WorkflowRun;
  readonly #workflow: Workflow;
  readonly #now: () => number;
  #outcome: WorkflowGraphState["outcome"] = null;
  #work: WorkflowGraphState["work"];

  constructor(workflow: Workflow, { run, work }: WorkflowGraphState, now: () => number) {
    this.#workflow = workflow;
    this.#now = now;
    this.#work = { ...(work ?? { from: 0 }), next: null };
    this.run = run ?? initialState(workflow, { at: now() });
  }

  /** Applies an event; `length` is how many messages there are. Returns why it was refused. */
  apply(event: WorkflowEvent, length: number = this.#work.from): Diagnostic | undefined {
    if (this.#outcome?.type === "end") return undefined;
    const [run, effects] = transition(this.#workflow, this.run, { ...event, at: this.#now() });
    this.run = run;
    for (const effect of effects) {
      if (effect.type === "refuse") return effect.diagnostic;
      if (effect.type === "yield" || effect.type === "end") this.#outcome = effect;
      else if (effect.type !== "enter") this.#work = { ...this.#work, next: effect.state };
      else
        this.#work = { next: null, from: effect.history === "reset" ? length : this.#work.from, ...contextOf(effect) };
    }
    return undefined;
  }

  update(): Update {
    return { run: this.run, outcome: this.#outcome, work: this.#work, event: null };
  }
}

const contextOf = ({ context }: { readonly context?: string }): { context?: string } =>
  context === undefined ? {} : { context };

function receive(workflow: Workflow, state: WorkflowGraphState, now: () => number): Update {
  const step = new Step(workflow, state, now);
  // a call that failed left its state at work
  if (step.run.busy) step.apply({ type: "stop" });
  const event: WorkflowEvent = state.event ? { type: "event", by: "host", ...state.event } : { type: "message" };
  const refused = step.apply(event, state.messages.length);
  if (refused !== undefined) throw new InputError([refused]);
  return step.update();
}

type Host = Pick<WorkflowGraphOptions, "run"> & { readonly now: () => number; readonly config: RunnableConfig };

async function runState(workflow: Workflow, name: string, state: WorkflowGraphState, host: Host): Promise<Update> {
  const step = new Step(workflow, state, host.now);
  const tools = stateTools(workflow, name).map((tool) =>
    convertTool(tool as Parameters<typeof convertTool>[0], (input) => {
      const type = tool.name === "workflow__transition" ? { type: "event", by: "agent" } : { type: "set_artifact" };
      return step.apply({ ...input, ...type } as unknown as WorkflowEvent)?.message ?? "done";
    }),
  );
  const { prompt_task: promptTask, composition, orchestration } = workflow.states[name] ?? {};
  const given = state.messages.slice(state.work.from);
  const answer = await host.run(
    {
      state: name,
      ...(promptTask !== undefined && { promptTask }),
      ...(composition !== undefined && { composition }),
      ...contextOf(state.work),
      messages: given,
      artifacts: step.run.artifacts,
      tools,
    },
    host.config,
  );
  const known = new Set(given.map(({ id }) => id));
  const said = (typeof answer === "string" ? [new AIMessage(answer)] : [answer].flat()) as BaseMessage[];
  const messages = said.filter(({ id }) => id === undefined || !known.has(id));
  const calls = messages.flatMap((message) => (message as AIMessage).tool_calls ?? []);
  for (const call of calls) if (!tools.some((tool) => tool.name === call.name)) step.apply({ type: "tool_call" });
  const text = messages.at(-1)?.text ?? "";
  const type = orchestration === "composition" ? "composition_output" : "reply";
  step.apply({ type, text } as WorkflowEvent, state.messages.length + messages.length);
  return { ...step.update(), messages };
}
