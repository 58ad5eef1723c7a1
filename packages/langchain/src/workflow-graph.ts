import { AIMessage, BaseMessage } from "@langchain/core/messages";
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
import { type Pack, printable } from "promptpack";
import { demandPack } from "promptpack/adapters";
import type { EventName, PackShape, StateName } from "promptpack/types";
import { resumeWorkflow, type WorkflowProgress, type WorkflowTask } from "promptpack/workflow";
import { convertTool, type PromptPackTool } from "./tools.ts";

/** The work of one state. */
export interface StateTask<Shape extends PackShape = PackShape> extends WorkflowTask<
  keyof Shape["states"] & string,
  keyof Shape["prompts"] & string
> {
  /** The conversation since the state was entered; all of it where the state is persistent. */
  readonly messages: BaseMessage[];
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
export interface WorkflowGraphState<Shape extends PackShape = PackShape> extends WorkflowProgress<StateName<Shape>> {
  /** Send new messages of the user here. */
  readonly messages: BaseMessage[];
  /** Or an event of the host here. */
  readonly event: { readonly event: EventName<Shape>; readonly context?: string } | null;
}

type Channels<State> = { [Name in keyof State]: BaseChannel<State[Name], State[Name]> };
type GraphOf<State> = CompiledStateGraph<State, Partial<State>, string, Channels<State>, Channels<State>>;
export type WorkflowGraph<Shape extends PackShape = PackShape> = GraphOf<WorkflowGraphState<Shape>>;

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
  const { workflow } = (demandPack(pack) as Pack).data;
  if (workflow === undefined) throw new TypeError(`the pack "${printable(pack.id)}" has no workflow`);
  const receive = (state: WorkflowGraphState): Partial<WorkflowGraphState> => {
    const step = resumeWorkflow(workflow, state, { now });
    step.receive(state.event ?? undefined, state.messages.length);
    return { ...step.progress, event: null };
  };
  const work = async (state: WorkflowGraphState, config: RunnableConfig): Promise<Partial<WorkflowGraphState>> => {
    const step = resumeWorkflow(workflow, state, { now });
    const callOf = (name: string) => (input: object) =>
      step.call({ name, arguments: JSON.stringify(input) })?.message ?? "done";
    const tools = step.tools.map((tool) => convertTool(tool as Parameters<typeof convertTool>[0], callOf(tool.name)));
    const messages = state.messages.slice(state.work.from);
    const answer = await run({ ...(step.task as StateTask<Shape>), messages, tools }, config);
    const known = new Set(messages.map(({ id }) => id));
    const said = typeof answer === "string" ? [new AIMessage(answer)] : [answer].flat();
    if (!said.every((one) => BaseMessage.isInstance(one))) throw new TypeError("run returns a text or messages");
    const added = said.filter(({ id }) => id === undefined || !known.has(id));
    const calls = added.flatMap((message) => (message as AIMessage).tool_calls ?? []);
    for (const { name } of calls) if (!tools.some((tool) => tool.name === name)) step.call({ name, arguments: "" });
    step.reply(added.at(-1)?.text ?? "", state.messages.length + added.length);
    return { ...step.progress, messages: added, event: null };
  };
  // LangGraph keeps : and | to itself, and a node may not be named like a member of the state
  const nodeOf = (state: string): string => `state-${encodeURIComponent(state)}`;
  const nodes = Object.keys(workflow.states).map(nodeOf);
  const next = (state: WorkflowGraphState): string => (state.run.busy ? nodeOf(state.run.state) : END);
  const graph = new StateGraph(State).addNode("receive", receive).addEdge(START, "receive");
  for (const node of nodes) graph.addNode(node, work);
  for (const from of ["receive", ...nodes])
    graph.addConditionalEdges(from as "receive", next as never, [...nodes, END] as never);
  return graph.compile(checkpointer && { checkpointer }) as unknown as WorkflowGraph<Shape>;
}

const State = Annotation.Root({
  messages: Annotation<BaseMessage[]>({ reducer: messagesStateReducer as never, default: () => [] }),
  event: Annotation<WorkflowGraphState["event"]>,
  run: Annotation<WorkflowGraphState["run"]>,
  outcome: Annotation<WorkflowGraphState["outcome"]>,
  work: Annotation<WorkflowGraphState["work"]>,
});
