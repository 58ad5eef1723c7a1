import type { Pack } from "../pack/pack.ts";
import type { Tool } from "../schema/sections/tools.ts";
import type { Callee } from "../tools/offered-tools.ts";
import { decideToolCall, refusalMessage } from "../tools/decide-tool-call.ts";
import {
  canStartRound,
  createToolPolicyState,
  nextToolChoice,
  type ToolLimits,
  type ToolPolicyState,
} from "../tools/tool-policy-state.ts";
import { demandPack } from "./tool-handlers.ts";

/**
 * Returns a policy that offers the host's own tools beside those of the prompt, within the same budget: definitions, or names
 * alone where the host checks the arguments. A blocked name stays blocked, and tool_choice "none" offers none.
 */
export function offerHostTools(
  state: ToolPolicyState,
  tools: readonly (string | Pick<Tool, "name">)[],
): ToolPolicyState {
  if (state.toolChoice === "none") return state;
  const taken = new Set([...state.blocked, ...state.offered.map(({ name }) => name)]);
  const added = tools.map(calleeOf).filter(({ name }) => !taken.has(name));
  return Object.freeze({ ...state, offered: Object.freeze([...state.offered, ...added]) });
}

/** Returns the policy of a prompt together with the host's own tools. @throws {PackError} UNKNOWN_PROMPT */
export function promptPolicy(
  pack: Pick<Pack, "data" | "prompt">,
  promptId: string,
  { limits, hostTools }: { readonly limits?: ToolLimits | undefined; readonly hostTools: readonly string[] },
): ToolPolicyState {
  if (!Array.isArray(hostTools) || !hostTools.every((name) => typeof name === "string"))
    throw new TypeError("hostTools are an array of names");
  return offerHostTools(createToolPolicyState(demandPack(pack).prompt(promptId), pack.data, limits), hostTools);
}

function calleeOf(tool: string | Pick<Tool, "name">): Callee {
  if (typeof tool !== "string") return { kind: "tool", name: tool.name, tool: { description: "", ...tool } };
  return { kind: "tool", name: tool, tool: { name: tool, description: "", parameters: ANY_OBJECT } };
}

const ANY_OBJECT = { type: "object", properties: {} } as const;

/** A call as a framework's message has it. */
export interface TurnCall {
  readonly id?: string | undefined;
  readonly name: string;
}

/** How to read the messages of a framework. */
export interface TurnReader<Message> {
  readonly isUser: (message: Message) => boolean;
  /** The calls that the host runs; none for a message that is no model's. */
  readonly callsOf: (message: Message) => readonly TurnCall[];
  /** The ids of the calls that a message answers: others are not spent yet. All calls are when this is absent. */
  readonly answersOf?: (message: Message) => readonly string[];
  /** The id of a call in the last round: then what comes before it counts. */
  readonly before?: string | undefined;
}

/**
 * Returns where a turn stands after its messages, for a host that keeps nothing between calls: the rounds, and the calls of
 * offered tools, since the last message of the user. Source: SPEC 4.3, R080-R083.
 */
export function readTurn<Message>(
  state: ToolPolicyState,
  messages: readonly Message[],
  { isUser, callsOf, answersOf, before }: TurnReader<Message>,
): ToolPolicyState {
  const turn = messages.slice(messages.findLastIndex(isUser) + 1);
  const rounds = turn.map(callsOf).filter((calls) => calls.length > 0);
  const calls = rounds.flat();
  // hostile: a model may give two calls one id; then both count before either
  const at = before === undefined ? -1 : calls.findLastIndex(({ id }) => id === before);
  const offered = new Set(state.offered.map(({ name }) => name));
  const answered = answersOf && new Set<string | undefined>(turn.flatMap(answersOf));
  const spent = calls
    .slice(0, at < 0 ? calls.length : at)
    .filter(({ name, id }) => offered.has(name) && answered?.has(id) !== false);
  return Object.freeze({ ...state, rounds: rounds.length, calls: spent.length });
}

/** What the next request to a model offers. */
export interface TurnOffer<Offered> {
  /** False when the budget is spent: a model that calls a tool all the same is not heard. */
  readonly mayCall: boolean;
  readonly tools: readonly Offered[];
  /** Present where the model has to call a tool. */
  readonly toolChoice?: "required";
}

/** Returns what a model may be offered of a framework's tools where a turn stands. Source: R080-R082. */
export function offerForTurn<Offered extends { readonly name: string }>(
  state: ToolPolicyState,
  tools: readonly Offered[],
): TurnOffer<Offered> {
  const mayCall = canStartRound(state) && state.calls < state.maxCallsPerTurn;
  const names = new Set(state.offered.map(({ name }) => name));
  const offered = mayCall ? tools.filter(({ name }) => names.has(name)) : [];
  const isRequired = offered.length > 0 && nextToolChoice(state) === "required";
  return { mayCall, tools: offered, ...(isRequired && { toolChoice: "required" }) };
}

/**
 * Returns what to answer a call that must not run, for the model to read; undefined when it may. Takes arguments that the
 * framework has parsed; none are an empty object.
 */
export function refusalOf(state: ToolPolicyState, name: string, args: unknown): string | undefined {
  const decision = decideToolCall(state, { id: "", name, arguments: JSON.stringify(args ?? {}) });
  return decision.allowed ? undefined : (refusalMessage(decision).content as string);
}
