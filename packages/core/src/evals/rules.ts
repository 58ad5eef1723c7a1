import { checkTypeNames, hostTypes, isCheckType } from "../checks/check-params.ts";
import { reportParamFaults } from "../checks/param-faults.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Report, ReportDetails } from "../diagnostics/report.ts";
import { didYouMean, thereAre, unknownName } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Eval, EvalThreshold, Metric } from "../schema/sections/guardrails.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { thresholdOperators, triggersOf } from "./eval-terms.ts";
import { conditions } from "./when-unmet.ts";

/** The triggers that fire by themselves. */
const evalTriggers: readonly string[] = Object.values(triggersOf).flat();

/** Checks the evals of the pack and of every prompt. Source: R122-R141, RULINGS 3-4. */
export function checkEvalRules(
  pack: Pick<PackData, "prompts" | "evals" | "requires">,
  report: Report,
  options: RuleOptions = {},
): void {
  const run: Run = { report, options, metrics: new Map(), requirements: pack.requires?.providers ?? [] };
  checkScope(pack.evals, (index) => formatPointer("evals", index), run);
  for (const promptId in pack.prompts)
    checkScope(pack.prompts[promptId]?.evals, (index) => formatPointer("prompts", promptId, "evals", index), run);
}

interface Run {
  readonly report: Report;
  readonly options: RuleOptions;
  /** The type of every metric so far, and where it stands. */
  readonly metrics: Map<string, { readonly type: string; readonly pointer: () => string }>;
  readonly requirements: NonNullable<NonNullable<PackData["requires"]>["providers"]>;
}

/** Reports at a pointer below the eval, such as "/trigger". */
type ReportEval = (code: DiagnosticCode, place: string, message: string, details?: ReportDetails) => void;

function checkScope(evals: readonly Eval[] | undefined, at: (index: number) => string, run: Run): void {
  if (evals === undefined) return;
  const ids = new Map<string, number>();
  evals.forEach((definition, index) => {
    const report: ReportEval = (code, place, message, details) => run.report(code, at(index) + place, message, details);
    const first = ids.get(definition.id);
    if (first === undefined) ids.set(definition.id, index);
    else {
      const related = [{ pointer: `${at(first)}/id`, message: "the first one" }];
      report("DUPLICATE_EVAL", "/id", `another eval of this list has the id "${definition.id}"`, { related });
    }
    checkType(definition, run, report);
    checkTrigger(definition, run.options, report);
    if (definition.threshold !== undefined) checkThreshold(definition.threshold, definition.metric, report);
    if (definition.metric !== undefined) checkMetric(definition.metric, () => `${at(index)}/metric/type`, run, report);
    for (const key in definition.when) {
      if (Object.hasOwn(conditions, key)) continue;
      const [message, details] = unknownName("condition", key, Object.keys(conditions));
      report("UNKNOWN_EVAL_CONDITION", appendPointer("/when", key), `always skipped: ${message}`, details);
    }
  });
}

function checkType({ type, params }: Eval, { options, requirements }: Run, report: ReportEval): void {
  const isOurs = isCheckType(type);
  const provider = isOurs ? undefined : getOwn(params, "provider");
  if (
    typeof provider === "string" &&
    !requirements.some((one) => (typeof one === "string" ? one : one.key) === provider)
  )
    report("UNKNOWN_EVAL_PROVIDER", "/params/provider", `no provider requirement has the key "${provider}"`);
  if (options.evalTypes?.includes(type)) return;
  if (isOurs) {
    reportParamFaults(type, params, report);
  } else if (!hostTypes.has(type)) {
    const hint = didYouMean(type, [...checkTypeNames(), ...hostTypes]);
    report("UNKNOWN_EVAL_TYPE", "/type", `the eval type "${type}" is not known`, hint);
  }
}

function checkTrigger(
  { trigger, sample_percentage: percentage }: Eval,
  options: RuleOptions,
  report: ReportEval,
): void {
  if (!evalTriggers.includes(trigger) && options.evalTriggers?.includes(trigger) !== true) {
    const message = `the trigger "${trigger}" never fires; ${thereAre(evalTriggers)}`;
    // A dotted name is a vendor's own.
    const severity = trigger.includes(".") ? ({ severity: "info" } as const) : {};
    report("UNKNOWN_EVAL_TRIGGER", "/trigger", message, { ...severity, ...didYouMean(trigger, evalTriggers) });
  }
  const place = "/sample_percentage";
  if (trigger !== "sample_turns" && trigger !== "sample_sessions") {
    if (percentage !== undefined)
      report("SAMPLE_IGNORED", place, `the trigger "${trigger}" does not sample, so this is ignored`);
  } else if (percentage === 0) report("SAMPLE_ZERO", place, "0 percent are sampled, so the eval never runs");
  else if (percentage === undefined)
    report("SAMPLE_IMPLICIT", "", "sample_percentage is absent, so 5 percent are sampled");
}

function checkThreshold({ operator, value }: EvalThreshold, metric: Metric | undefined, report: ReportEval): void {
  if (operator === undefined || value === undefined) {
    const lacks = operator === undefined ? (value === undefined ? "operator and value" : "operator") : "value";
    report("INCOMPLETE_THRESHOLD", "/threshold", `the threshold has no ${lacks}`);
  }
  if (operator !== undefined && !Object.hasOwn(thresholdOperators, operator) && !operator.includes(".")) {
    const [message, details] = unknownName("operator", operator, Object.keys(thresholdOperators));
    const meant = getOwn(SIGNS, operator);
    const hint = meant === undefined ? details : { hint: `write "${meant}"` };
    report("UNKNOWN_THRESHOLD_OPERATOR", "/threshold/operator", message, hint);
  }
  const { min = -Infinity, max = Infinity } = metric?.range ?? {};
  if (value !== undefined && min <= max && (value < min || value > max)) {
    const message = `${value} lies outside the range of the metric, ${min} to ${max}`;
    report("THRESHOLD_OUT_OF_RANGE", "/threshold/value", message);
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

function checkMetric({ name, type, range }: Metric, pointer: () => string, { metrics }: Run, report: ReportEval): void {
  const { min = -Infinity, max = Infinity } = range ?? {};
  if (min > max) report("INVERTED_METRIC_RANGE", "/metric/range", `min ${min} is greater than max ${max}`);
  const known = metrics.get(name);
  if (known === undefined) metrics.set(name, { type, pointer });
  else if (known.type !== type) {
    const related = [{ pointer: known.pointer(), message: "the other one" }];
    const message = `the metric "${name}" is a ${known.type} elsewhere and a ${type} here`;
    report("METRIC_TYPE_CONFLICT", "/metric/type", message, { related });
  }
  if (!/^[a-z][a-z0-9]*[_:][a-z0-9_:]*$/.test(name)) {
    const message = 'metric names are snake_case with a prefix, such as "support_answer_length"';
    report("METRIC_NAME_STYLE", "/metric/name", message);
  }
}
