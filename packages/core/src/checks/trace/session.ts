import { type BindCheck, type Measurement, type Params, PASSED, share, verdict, whole } from "../check.ts";
import type { Evidence } from "../evidence.ts";
import { inOrder, texts } from "./tool-calls.ts";

type Names = (evidence: Evidence) => readonly string[] | undefined;

const onEvidence =
  (measure: (evidence: Evidence, params: Params) => Measurement): BindCheck =>
  (params) =>
    whole(({ evidence }) => measure(evidence, params));

const among = (param: string, wanted: boolean, list: Names): BindCheck =>
  onEvidence((evidence, params) => {
    const all = list(evidence) ?? [];
    const least = wanted ? ((params["min_calls"] as number | undefined) ?? 1) : 1;
    const names = texts(params, param);
    const held = names.filter((name) => all.filter((found) => found === name).length >= least === wanted);
    return share(held.length, names.length, wanted ? "some were not used" : "some were used that should not be");
  });

export const agentInvoked: BindCheck = among("agents", true, ({ agents }) => agents);
export const agentNotInvoked: BindCheck = among("agents", false, ({ agents }) => agents);
export const skillActivated: BindCheck = among("skill_names", true, ({ skills }) => skills);
export const skillNotActivated: BindCheck = among("skill_names", false, ({ skills }) => skills);

const ordered = (list: Names): BindCheck =>
  onEvidence((evidence, params) => {
    const sequence = texts(params, "sequence");
    return share(inOrder(sequence, list(evidence) ?? []), sequence.length, "they did not come in this order");
  });

export const skillActivationOrder: BindCheck = ordered(({ skills }) => skills);
export const workflowTransitionOrder: BindCheck = ordered(({ states }) => states);

const inState = (explanation: string, holds: (evidence: Evidence, state: string) => boolean): BindCheck =>
  onEvidence((evidence, params) => verdict(holds(evidence, params["state"] as string), explanation));

export const workflowComplete: BindCheck = onEvidence(({ complete }) =>
  verdict(complete === true, "the workflow has not ended"),
);
export const stateIs: BindCheck = inState("the workflow is in another state", ({ state }, wanted) => state === wanted);
export const transitionedTo: BindCheck = inState("the workflow never entered the state", ({ states = [] }, wanted) =>
  states.includes(wanted),
);
export const spokeInState: BindCheck = inState("nothing was said in the state", ({ spokeIn = [] }, wanted) =>
  spokeIn.includes(wanted),
);

/** Time must stay within the budget; unknown time fails. */
export const latencyBudget: BindCheck = onEvidence(({ latencyMs }, params) =>
  within(latencyMs, params["max_ms"], "ms"),
);

/** Cost and tokens must stay within the budget; unknown ones fail. */
export const costBudget: BindCheck = onEvidence(({ costUsd, inputTokens, outputTokens }, params) => {
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
});

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
export const guardrailTriggered: BindCheck = onEvidence(({ guardrails = [] }, params) => {
  const triggered = guardrails.some(({ type, violated }) => type === params["validator_type"] && violated);
  return verdict(
    triggered === (params["should_trigger"] !== false),
    triggered ? "the guardrail was violated" : "the guardrail was not violated",
  );
});
