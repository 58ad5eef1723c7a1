import {
  type CheckType,
  type Measurement,
  type ParamKind,
  type Params,
  PASSED,
  share,
  verdict,
  whole,
} from "../check.ts";
import type { Evidence } from "../evidence.ts";
import { inOrder } from "./tool-calls.ts";

function onEvidence(
  params: { readonly [name: string]: ParamKind },
  needs: readonly (readonly string[])[],
  measure: (evidence: Evidence, params: Params) => Measurement,
  spellings: { readonly [name: string]: string } = {},
): CheckType {
  return {
    guards: false,
    params,
    needs,
    spellings,
    bind: (bound) => whole(({ evidence }) => measure(evidence, bound)),
  };
}

const texts = (params: Params, name: string): readonly string[] => params[name] as readonly string[];

function among(
  param: string,
  spelling: string,
  wanted: boolean,
  list: (evidence: Evidence) => readonly string[] | undefined,
): CheckType {
  return onEvidence(
    { [param]: "texts", min_calls: "count" },
    [[param]],
    (evidence, params) => {
      const all = list(evidence) ?? [];
      const least = (params["min_calls"] as number | undefined) ?? 1;
      const names = texts(params, param);
      const held = names.filter(
        (name) => all.filter((found) => found === name).length >= (wanted ? least : 1) === wanted,
      );
      return share(held.length, names.length, wanted ? "some were not used" : "some were used that should not be");
    },
    { [spelling]: param },
  );
}

export const agentInvoked: CheckType = among("agents", "agent", true, ({ agents }) => agents);
export const agentNotInvoked: CheckType = among("agents", "agent", false, ({ agents }) => agents);
export const skillActivated: CheckType = among("skill_names", "skills", true, ({ skills }) => skills);
export const skillNotActivated: CheckType = among("skill_names", "skills", false, ({ skills }) => skills);

function ordered(list: (evidence: Evidence) => readonly string[] | undefined): CheckType {
  return onEvidence({ sequence: "texts" }, [["sequence"]], (evidence, params) => {
    const sequence = texts(params, "sequence");
    return share(inOrder(sequence, list(evidence) ?? []), sequence.length, "they did not come in this order");
  });
}

export const skillActivationOrder: CheckType = ordered(({ skills }) => skills);
export const workflowTransitionOrder: CheckType = ordered(({ states }) => states);

function inState(explanation: string, holds: (evidence: Evidence, state: string) => boolean): CheckType {
  return onEvidence({ state: "text" }, [["state"]], (evidence, params) =>
    verdict(holds(evidence, params["state"] as string), explanation),
  );
}

export const workflowComplete: CheckType = onEvidence({}, [], ({ complete }) =>
  verdict(complete === true, "the workflow has not ended"),
);
export const stateIs: CheckType = inState("the workflow is in another state", ({ state }, wanted) => state === wanted);
export const transitionedTo: CheckType = inState("the workflow never entered the state", ({ states = [] }, wanted) =>
  states.includes(wanted),
);
export const spokeInState: CheckType = inState("nothing was said in the state", ({ spokeIn = [] }, wanted) =>
  spokeIn.includes(wanted),
);

/** Time must stay within the budget; unknown time fails. */
export const latencyBudget: CheckType = onEvidence({ max_ms: "score" }, [["max_ms"]], ({ latencyMs }, params) =>
  within(latencyMs, params["max_ms"], "ms"),
);

/** Cost and tokens must stay within the budget; unknown ones fail. */
export const costBudget: CheckType = onEvidence(
  { max_cost_usd: "score", max_input_tokens: "count", max_output_tokens: "count", max_total_tokens: "count" },
  [["max_cost_usd", "max_input_tokens", "max_output_tokens", "max_total_tokens"]],
  ({ costUsd, inputTokens, outputTokens }, params) => {
    const total = inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens;
    const limits = [
      [costUsd, params["max_cost_usd"], "USD"],
      [inputTokens, params["max_input_tokens"], "input tokens"],
      [outputTokens, params["max_output_tokens"], "output tokens"],
      [total, params["max_total_tokens"], "tokens"],
    ] as const;
    for (const [found, limit, unit] of limits) {
      const measured = limit === undefined ? PASSED : within(found, limit, unit);
      if (measured.score !== 1) return measured;
    }
    return PASSED;
  },
);

function within(found: number | undefined, limit: unknown, unit: string): Measurement {
  if (found === undefined) return { score: 0, explanation: `how many ${unit} it took is not known` };
  if (found <= (limit as number)) return PASSED;
  return {
    score: (limit as number) / found,
    explanation: `it took ${found} ${unit}; at most ${String(limit)} are allowed`,
    details: { found, limit: limit as number },
  };
}

/** A guardrail of the type must (or must not) have been violated. */
export const guardrailTriggered: CheckType = onEvidence(
  { validator_type: "text", should_trigger: "flag" },
  [["validator_type"]],
  ({ guardrails = [] }, params) => {
    const triggered = guardrails.some(({ type, violated }) => type === params["validator_type"] && violated);
    return verdict(
      triggered === (params["should_trigger"] !== false),
      triggered ? "the guardrail was violated" : "the guardrail was not violated",
    );
  },
  { validator: "validator_type" },
);
