import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { printable } from "../diagnostics/printable.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, thereAre } from "../diagnostics/suggest.ts";
import { jsonTypeOf, type JsonObject } from "../json/json.ts";
import type { ToolCall, ToolMessage } from "../messages/message.ts";
import { checkToolArguments, parseArguments, type ToolArgumentsOptions } from "./check-tool-arguments.ts";
import type { Callee } from "./offered-tools.ts";
import type { ToolPolicyState } from "./tool-policy-state.ts";

export type ToolRefusal = "not_allowed" | "blocked" | "budget" | "invalid_arguments";

/** Whether a call may run. `state` is the state to decide the next call with. */
export type ToolDecision =
  | {
      readonly allowed: true;
      readonly call: ToolCall;
      readonly callee: Callee;
      readonly arguments: JsonObject;
      readonly state: ToolPolicyState;
    }
  | {
      readonly allowed: false;
      readonly call: ToolCall;
      readonly reason: ToolRefusal;
      readonly diagnostics: readonly Diagnostic[];
      readonly state: ToolPolicyState;
    };

/**
 * Decides one tool call of a model: is the name offered, is there budget left, do the arguments fit.
 * A call that passes the first two spends one call of the turn, whether its arguments fit or not.
 * An agent member takes any JSON object here. Never throws on what a model wrote. Source: SPEC 4.3, R080-R083, R147.
 */
export function decideToolCall(
  state: ToolPolicyState,
  call: ToolCall,
  options: ToolArgumentsOptions = {},
): ToolDecision {
  // hostile: call.name and call.arguments are a model's words
  const callee = state.offered.find(({ name }) => name === call.name);
  if (callee === undefined) return refuseName(state, call);
  const overBudget = budgetFault(state);
  if (overBudget !== undefined)
    return refuse(state, call, "budget", [createDiagnostic("TOOL_BUDGET_SPENT", "", overBudget)]);

  const spent = Object.freeze({ ...state, calls: state.calls + 1 });
  const checked =
    callee.kind === "tool"
      ? checkToolArguments(callee.tool, call.arguments, options)
      : parseArguments(call.arguments, options);
  return checked.arguments === undefined
    ? refuse(spent, call, "invalid_arguments", checked.diagnostics)
    : { allowed: true, call, callee, arguments: checked.arguments, state: spent };
}

/** Returns a refusal as the tool message that answers the call: the first faults, shortened, without control characters. */
export function refusalMessage(decision: Extract<ToolDecision, { allowed: false }>): ToolMessage {
  if (decision?.diagnostics === undefined) throw new TypeError("only a refused call has a refusal");
  const faults = decision.diagnostics.slice(0, SHOWN_FAULTS).map(({ code, pointer, message }) => ({
    code,
    pointer: printable(pointer).slice(0, SHOWN_CHARACTERS),
    message: printable(message).slice(0, SHOWN_CHARACTERS),
  }));
  const content = JSON.stringify({ error: decision.reason, faults });
  return { role: "tool", toolCallId: decision.call.id, content, isError: true };
}

const SHOWN_FAULTS = 10;
const SHOWN_CHARACTERS = 400;

function refuseName(state: ToolPolicyState, call: ToolCall): ToolDecision {
  // hostile: what a model made up may be no text at all
  const asked: unknown = call.name;
  const name = printable(typeof asked === "string" ? asked : jsonTypeOf(asked)).slice(0, 80);
  if (state.blocked.includes(call.name)) {
    return refuse(state, call, "blocked", [createDiagnostic("TOOL_BLOCKED", "", `the tool "${name}" is blocked here`)]);
  }
  const names = state.offered.map((callee) => callee.name);
  const message = `no tool "${name}" is offered here; ${thereAre(names)}`;
  return refuse(state, call, "not_allowed", [
    createDiagnostic("TOOL_NOT_OFFERED", "", message, didYouMean(name, names)),
  ]);
}

function budgetFault({ rounds, maxRounds, calls, maxCallsPerTurn }: ToolPolicyState): string | undefined {
  if (rounds > maxRounds || maxRounds === 0) return `this turn has used its ${maxRounds} tool rounds`;
  if (calls >= maxCallsPerTurn) return `this turn has used its ${maxCallsPerTurn} tool calls`;
  return undefined;
}

function refuse(
  state: ToolPolicyState,
  call: ToolCall,
  reason: ToolRefusal,
  diagnostics: readonly Diagnostic[],
): ToolDecision {
  return { allowed: false, call, reason, diagnostics, state };
}
