import { quoteName } from "../diagnostics/quote-name.ts";
import { isObject } from "../json/json.ts";
import type { ToolChoice } from "../schema/sections/tools.ts";
import { type Callee, type CalleeSources, offeredCallees, type ToolPrompt } from "./offered-tools.ts";

/** What the host allows at most; a pack can only tighten it. */
export interface ToolLimits {
  readonly maxRounds?: number;
  readonly maxCallsPerTurn?: number;
}

/** Where one turn stands. Plain frozen data: every step returns a new state. Source: SPEC 4.3. */
export interface ToolPolicyState {
  readonly offered: readonly Callee[];
  /** Names that the blocklist forbids, by key or name. */
  readonly blocked: readonly string[];
  readonly toolChoice: ToolChoice;
  readonly maxRounds: number;
  readonly maxCallsPerTurn: number;
  /** Model-tool-model cycles that this turn has begun. */
  readonly rounds: number;
  /** Calls that this turn has spent; calls with invalid arguments count. */
  readonly calls: number;
}

const DEFAULT_ROUNDS = 5;
const DEFAULT_CALLS = 10;

/**
 * Returns the state at the start of a turn: what the prompt offers, and the minimum of the pack's and the host's limits
 * (5 rounds and 10 calls where neither says). Source: SPEC 4.3, RULINGS 17, 18.
 * @throws {TypeError} a host limit is not an integer of at least 0, or has another name; for a Pack in a prompt's place
 */
export function createToolPolicyState(
  prompt: ToolPrompt,
  sources: CalleeSources,
  limits: ToolLimits = {},
): ToolPolicyState {
  // a Pack and a CompiledPrompt have no lists of names: nothing would be offered, and no limit would count
  for (const given of [prompt, sources])
    if (!isObject(given) || "prompt" in given) throw new TypeError("a policy takes pack.prompt(id) and pack.data");
  const { maxRounds, maxCallsPerTurn, ...others } = limits;
  for (const name in others) throw new TypeError(`${quoteName(name)} is no limit`);
  const policy = prompt.tool_policy ?? {};
  return Object.freeze({
    offered: Object.freeze(offeredCallees(prompt, sources)),
    blocked: Object.freeze(blockedNames(policy.blocklist ?? [], sources)),
    toolChoice: policy.tool_choice ?? "auto",
    maxRounds: lowest("maxRounds", policy.max_rounds, maxRounds, DEFAULT_ROUNDS),
    maxCallsPerTurn: lowest("maxCallsPerTurn", policy.max_tool_calls_per_turn, maxCallsPerTurn, DEFAULT_CALLS),
    rounds: 0,
    calls: 0,
  });
}

/** Returns the state of a new turn of the same prompt. */
export function startTurn(state: ToolPolicyState): ToolPolicyState {
  return Object.freeze({ ...state, rounds: 0, calls: 0 });
}

/** Returns the state after a model answered with tool calls; decide each of them with it. */
export function startRound(state: ToolPolicyState): ToolPolicyState {
  return Object.freeze({ ...state, rounds: state.rounds + 1 });
}

/** Returns whether the next answer may call tools; when it may not, the model is still asked once more, without tools. */
export function canStartRound(state: ToolPolicyState): boolean {
  return state.rounds < state.maxRounds;
}

/**
 * Returns the tool choice of the next model request: "required" holds for the first request of a turn only,
 * else the turn could not end; an empty offer is "none", and so is a spent budget. Source: R080-R082.
 */
export function nextToolChoice(state: ToolPolicyState): ToolChoice {
  if (state.offered.length === 0 || !canStartRound(state) || state.calls >= state.maxCallsPerTurn) return "none";
  return state.rounds === 0 ? state.toolChoice : "auto";
}

/** A tool may be blocked by its key or its name; both are then refused. */
function blockedNames(blocklist: readonly string[], { tools = {} }: CalleeSources): string[] {
  if (blocklist.length === 0) return [];
  const listed = new Set(blocklist);
  const blocked = new Set(blocklist);
  for (const [key, tool] of Object.entries(tools)) {
    if (listed.has(key) || listed.has(tool.name)) blocked.add(key).add(tool.name);
  }
  return [...blocked];
}

function lowest(name: string, pack: number | undefined, host: number | undefined, usual: number): number {
  if (host !== undefined && !(Number.isSafeInteger(host) && host >= 0)) {
    throw new TypeError(`${quoteName(name)} must be an integer of at least 0`);
  }
  // A host that allows more than the default does not loosen it by itself: only the pack can ask for more.
  return Math.min(pack ?? usual, host ?? Infinity);
}
