import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import {
  Annotation,
  type BaseChannel,
  type BaseCheckpointSaver,
  type CompiledStateGraph,
  END,
  messagesStateReducer,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { type Diagnostic, initialState, InputError, type Pack, printable, stateTools, transition } from "promptpack";
import type {
  EventName,
  PackShape,
  WorkflowConfig,
  WorkflowEffect,
  WorkflowEvent,
  WorkflowRun,
} from "promptpack/types";
import { eventOfCall } from "promptpack/workflow";
import { convertTool, type PromptPackTool } from "./tools.ts";

/** The work of one state. */
export interface StateTask<Shape extends PackShape = PackShape> {
  readonly state: keyof Shape["states"] & string;
  /** What to run: the id of a prompt, or the name of a composition. */
  readonly promptTask?: keyof Shape["prompts"] & string;
  readonly composition?: string;
  /** What the transition said about the work. */
  readonly context?: string;
  /** The conversation since the state was entered; all of it where the state is persistent. */
  readonly messages: BaseMessage[];
  readonly artifacts: WorkflowRun["artifacts"];
  /** The workflow's own tools: offer them to the model beside those of the prompt, and their calls move the workflow. */
  readonly tools: PromptPackTool[];
}

export interface WorkflowGraphOptions<Shape extends PackShape = PackShape> {
  /** Does the work of a state with a chain or an agent; returns its text or its messages. */
  readonly run: (task: StateTask<Shape>, config: RunnableConfig) => Promise<string | BaseMessage | BaseMessage[]>;
  readonly checkpointer?: BaseCheckpointSaver;
  /** Milliseconds; Date.now when absent. */
  readonly now?: () => number;
}

/** What a checkpointer stores: messages, and plain JSON. */
export interface WorkflowGraphState<Shape extends PackShape = PackShape> {
  /** Send new messages of the user here. */
  readonly messages: BaseMessage[];
  /** Or an event of the host here. */
  readonly event: { readonly event: EventName<Shape>; readonly context?: string } | null;
  readonly run: WorkflowRun & { readonly state: keyof Shape["states"] & string };
  /** What the workflow waits for, or how it ended. */
  readonly outcome: Extract<WorkflowEffect, { readonly type: "yield" | "end" }> | null;
  /** The context that the state was entered with, and where its conversation begins. */
  readonly work: { readonly context?: string; readonly from: number };
}

type Channels<State> = { [Name in keyof State]: BaseChannel<State[Name], State[Name]> };
export type WorkflowGraph<Shape extends PackShape = PackShape> = CompiledStateGraph<
  WorkflowGraphState<Shape>,
  Partial<WorkflowGraphState<Shape>>,
  string,
  Channels<WorkflowGraphState<Shape>>,
  Channels<WorkflowGraphState<Shape>>
>;

/**
 * Returns a pack's workflow as a LangGraph graph with a node for each state. A call takes messages or an event of the host,
 * and returns when the workflow yields or ends; a checkpointer keeps it between calls. Source: SPEC 4.6, RULINGS 28.
 * A call throws {InputError} WORKFLOW_ENDED, UNKNOWN_EVENT or EVENT_NOT_ALLOWED.
 *
 * @throws {TypeError} the pack has no workflow
 */
export function createWorkflowGraph<Shape extends PackShape>(
  pack: Pack<Shape>,
  { run, checkpointer, now = Date.now }: WorkflowGraphOptions<Shape>,
): WorkflowGraph<Shape> {
  const { workflow } = (pack as Pack).data;
  if (workflow === undefined) throw new TypeError(`the pack "${printable(pack.id)}" has no workflow`);
  const states = Object.keys(workflow.states);
  const graph = new StateGraph(State)
    .addNode("receive", (state: WorkflowGraphState) => receive(new Step(workflow, state, now), state))
    .addEdge(START, "receive");
  for (const name of states) {
    graph.addNode(nodeName(name), (state: WorkflowGraphState, config: RunnableConfig) =>
      runState(new Step(workflow, state, now), state, (task) => run(task as StateTask<Shape>, config)),
    );
  }
  const nodes = states.map(nodeName);
  const next = (state: WorkflowGraphState): string => (state.run.busy ? nodeName(state.run.state) : END);
  for (const from of ["receive", ...nodes])
    graph.addConditionalEdges(from as "receive", next as never, [...nodes, END] as never);
  return graph.compile(checkpointer && { checkpointer }) as unknown as WorkflowGraph<Shape>;
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
  readonly workflow: WorkflowConfig;
  readonly #now: () => number;
  /** What the node returns. */
  update: Omit<WorkflowGraphState, "messages">;

  constructor(workflow: WorkflowConfig, { run, work }: WorkflowGraphState, now: () => number) {
    this.workflow = workflow;
    this.#now = now;
    const start = run ?? initialState(workflow, { at: now() });
    this.update = { run: start, outcome: null, work: work ?? { from: 0 }, event: null };
  }

  /** Applies an event; `length` is how many messages there are. Returns why it was refused. */
  apply(event: WorkflowEvent, length: number = 0): Diagnostic | undefined {
    if (this.update.outcome?.type === "end") return undefined;
    const [run, effects] = transition(this.workflow, this.update.run, { ...event, at: this.#now() });
    for (const effect of effects) {
      if (effect.type === "refuse") return effect.diagnostic;
      if (effect.type === "yield" || effect.type === "end") this.update = { ...this.update, outcome: effect };
      if (effect.type !== "enter") continue;
      const from = effect.history === "reset" ? length : this.update.work.from;
      this.update = { ...this.update, work: { from, ...contextOf(effect) } };
    }
    this.update = { ...this.update, run };
    return undefined;
  }
}

const contextOf = ({ context }: { readonly context?: string }): { context?: string } =>
  context === undefined ? {} : { context };

function receive(step: Step, { event: given, messages }: WorkflowGraphState): Step["update"] {
  // a call that failed left its state at work
  if (step.update.run.busy) step.apply({ type: "stop" });
  const event: WorkflowEvent = given ? { type: "event", by: "host", ...given } : { type: "message" };
  const refused = step.apply(event, messages.length);
  if (refused !== undefined) throw new InputError([refused]);
  return step.update;
}

async function runState(
  step: Step,
  { messages: all, work: { from, ...context } }: WorkflowGraphState,
  run: (task: StateTask) => ReturnType<WorkflowGraphOptions["run"]>,
): Promise<Partial<WorkflowGraphState>> {
  const { state, artifacts } = step.update.run;
  const { prompt_task: promptTask, composition, orchestration } = step.workflow.states[state] ?? {};
  const tools = stateTools(step.workflow, state).map((tool) =>
    convertTool(tool as Parameters<typeof convertTool>[0], (input) => {
      const event = eventOfCall({ name: tool.name, arguments: JSON.stringify(input) });
      return (event && step.apply(event)?.message) ?? "done";
    }),
  );
  const what = { ...(promptTask !== undefined && { promptTask }), ...(composition !== undefined && { composition }) };
  const messages = all.slice(from);
  const answer = await run({ state, ...what, ...context, messages, artifacts, tools });
  const known = new Set(messages.map(({ id }) => id));
  const said = typeof answer === "string" ? [new AIMessage(answer)] : [answer].flat();
  const added = said.filter(({ id }) => id === undefined || !known.has(id));
  const calls = added.flatMap((message) => (message as AIMessage).tool_calls ?? []);
  for (const { name } of calls) if (!tools.some((tool) => tool.name === name)) step.apply({ type: "tool_call" });
  const type = orchestration === "composition" ? "composition_output" : "reply";
  step.apply({ type, text: added.at(-1)?.text ?? "" }, all.length + added.length);
  return { ...step.update, messages: added };
}
