import { checkTypeNames, hostTypes, isCheckType } from "../checks/check-params.ts";
import { eachParamFault } from "../checks/param-faults.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Eval, EvalThreshold, Metric } from "../schema/sections/guardrails.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { evalTriggers, thresholdOperators } from "./run-evals.ts";
import { conditions } from "./skip-reason.ts";

/** Checks the evals of the pack and of every prompt. Source: R122-R141, RULINGS 3-4. */
export function checkEvalRules(
  pack: Pick<PackData, "prompts" | "evals" | "requires">,
  report: Report,
  options: RuleOptions = {},
): void {
  const metrics: Metrics = new Map();
  checkScope(pack, pack.evals, (index) => formatPointer("evals", index), metrics, report, options);
  for (const promptId in pack.prompts) {
    const evals = pack.prompts[promptId]?.evals;
    if (evals === undefined) continue;
    const at = (index: number): string => formatPointer("prompts", promptId, "evals", index);
    checkScope(pack, evals, at, metrics, report, options);
  }
}

type Metrics = Map<string, { readonly type: string; readonly pointer: string }>;

function checkScope(
  pack: Pick<PackData, "requires">,
  evals: readonly Eval[] | undefined,
  at: (index: number) => string,
  metrics: Metrics,
  report: Report,
  options: RuleOptions,
): void {
  if (evals === undefined) return;
  const ids = new Map<string, number>();
  evals.forEach((definition, index) => {
    const place = (): string => at(index);
    const first = ids.get(definition.id);
    if (first === undefined) ids.set(definition.id, index);
    else {
      report("DUPLICATE_EVAL", `${place()}/id`, `another eval of this list has the id "${definition.id}"`, {
        related: [{ pointer: `${at(first)}/id`, message: "the first one" }],
      });
    }
    checkType(definition, place, report, options);
    checkTrigger(definition, place, report, options);
    if (definition.threshold !== undefined) checkThreshold(definition.threshold, definition.metric, place, report);
    if (definition.metric !== undefined) checkMetric(definition.metric, place, metrics, report);
    checkWhen(definition, place, report);
    checkProvider(pack, definition, place, report);
  });
}

function checkType({ type, params }: Eval, at: () => string, report: Report, options: RuleOptions): void {
  if (options.evalTypes?.includes(type)) return;
  if (isCheckType(type)) {
    eachParamFault(type, params, ({ code, pointer, message, hint }) => {
      report(code, at() + pointer, message, hint === undefined ? {} : { hint });
    });
  } else if (!hostTypes.has(type)) {
    report(
      "UNKNOWN_EVAL_TYPE",
      `${at()}/type`,
      `the eval type "${type}" is not known`,
      didYouMean(type, [...checkTypeNames(), ...hostTypes]),
    );
  }
}

function checkTrigger(
  { trigger, sample_percentage: percentage }: Eval,
  at: () => string,
  report: Report,
  options: RuleOptions,
): void {
  const sampling = trigger === "sample_turns" || trigger === "sample_sessions";
  if (!evalTriggers.includes(trigger) && options.evalTriggers?.includes(trigger) !== true) {
    // A dotted name is a vendor's own.
    report(
      "UNKNOWN_EVAL_TRIGGER",
      `${at()}/trigger`,
      `the trigger "${trigger}" never fires; known are ${listNames(evalTriggers)}`,
      {
        ...(trigger.includes(".") ? { severity: "info" } : {}),
        ...didYouMean(trigger, evalTriggers),
      },
    );
  }
  if (sampling && percentage === 0)
    report("SAMPLE_ZERO", `${at()}/sample_percentage`, "0 percent are sampled, so the eval never runs");
  else if (sampling && percentage === undefined)
    report("SAMPLE_IMPLICIT", at(), "sample_percentage is absent, so 5 percent are sampled");
  else if (!sampling && percentage !== undefined) {
    report(
      "SAMPLE_IGNORED",
      `${at()}/sample_percentage`,
      `the trigger "${trigger}" does not sample, so this is ignored`,
    );
  }
}

function checkThreshold(
  { operator, value }: EvalThreshold,
  metric: Metric | undefined,
  at: () => string,
  report: Report,
): void {
  if (operator === undefined || value === undefined) {
    const lacks = operator === undefined ? (value === undefined ? "operator and value" : "operator") : "value";
    report("INCOMPLETE_THRESHOLD", `${at()}/threshold`, `the threshold has no ${lacks}`);
  }
  if (operator !== undefined && !Object.hasOwn(thresholdOperators, operator) && !operator.includes(".")) {
    const names = Object.keys(thresholdOperators);
    report(
      "UNKNOWN_THRESHOLD_OPERATOR",
      `${at()}/threshold/operator`,
      `the operator "${operator}" is not known; known are ${listNames(names)}`,
      hintFor(operator),
    );
  }
  const { min = -Infinity, max = Infinity } = metric?.range ?? {};
  if (value !== undefined && min <= max && (value < min || value > max)) {
    report(
      "THRESHOLD_OUT_OF_RANGE",
      `${at()}/threshold/value`,
      `${value} lies outside the range of the metric, ${min} to ${max}`,
    );
  }
}

const SIGNS: { readonly [sign: string]: string } = {
  ">=": "gte",
  "<=": "lte",
  ">": "gt",
  "<": "lt",
  "==": "eq",
  "=": "eq",
  "===": "eq",
};

function hintFor(operator: string): { hint?: string } {
  const meant = Object.hasOwn(SIGNS, operator) ? SIGNS[operator] : undefined;
  return meant === undefined ? didYouMean(operator, Object.keys(thresholdOperators)) : { hint: `write "${meant}"` };
}

function checkMetric({ name, type, range }: Metric, at: () => string, metrics: Metrics, report: Report): void {
  if (range?.min !== undefined && range.max !== undefined && range.min > range.max) {
    report("INVERTED_METRIC_RANGE", `${at()}/metric/range`, `min ${range.min} is greater than max ${range.max}`);
  }
  const known = metrics.get(name);
  if (known === undefined) metrics.set(name, { type, pointer: `${at()}/metric/type` });
  else if (known.type !== type) {
    report(
      "METRIC_TYPE_CONFLICT",
      `${at()}/metric/type`,
      `the metric "${name}" is a ${known.type} elsewhere and a ${type} here`,
      {
        related: [{ pointer: known.pointer, message: "the other one" }],
      },
    );
  }
  if (!/^[a-z][a-z0-9]*[_:][a-z0-9_:]*$/.test(name)) {
    report(
      "METRIC_NAME_STYLE",
      `${at()}/metric/name`,
      'metric names are snake_case with a prefix, such as "support_answer_length"',
    );
  }
}

function checkWhen({ when }: Eval, at: () => string, report: Report): void {
  for (const key of Object.keys(when ?? {})) {
    if (Object.hasOwn(conditions, key)) continue;
    const names = Object.keys(conditions);
    report(
      "UNKNOWN_EVAL_CONDITION",
      `${at()}/when/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      `the condition "${key}" is not known, so the eval is always skipped; known are ${listNames(names)}`,
      didYouMean(key, names),
    );
  }
}

function checkProvider(
  { requires }: Pick<PackData, "requires">,
  { params, type }: Eval,
  at: () => string,
  report: Report,
): void {
  const provider = params !== undefined && Object.hasOwn(params, "provider") ? params["provider"] : undefined;
  if (typeof provider !== "string" || isCheckType(type)) return;
  const keys = new Set(
    (requires?.providers ?? []).map((requirement) => (typeof requirement === "string" ? requirement : requirement.key)),
  );
  if (!keys.has(provider))
    report("UNKNOWN_EVAL_PROVIDER", `${at()}/params/provider`, `no provider requirement has the key "${provider}"`);
}
