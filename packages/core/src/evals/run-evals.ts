import { bindCheck } from "../checks/bind-check.ts";
import { hostTypes, isCheckType } from "../checks/check-params.ts";
import type { Check, CheckOptions, Measurement } from "../checks/check.ts";
import { type Evidence, Subject } from "../checks/evidence.ts";
import { getOwn, type JsonObject } from "../json/json.ts";
import type { Eval, EvalThreshold } from "../schema/sections/guardrails.ts";
import type { EvalReport, EvalResult } from "./eval-result.ts";
import { thresholdOperators, triggersOf } from "./eval-terms.ts";
import { isSampled } from "./is-sampled.ts";
import { whenUnmet } from "./when-unmet.ts";

/** What just happened; it decides which triggers fire. Any other text fires the trigger of that name. */
export type EvalEvent = "turn" | "session" | "conversation" | "workflow_step" | (string & {});

/** What a judge or an implementation of the host is given. The eval's extensions are not part of it (R379). */
export interface JudgeRequest {
  readonly id: string;
  readonly type: string;
  readonly params: JsonObject;
  readonly evidence: Evidence;
}

/** Scores from 0 to 1; a judge may take its time. */
export type Judge = (request: JudgeRequest) => Measurement | Promise<Measurement>;

export interface EvalOptions extends CheckOptions {
  /** "turn" when absent. */
  readonly event?: EvalEvent;
  /** Only evals that share a group; an eval without groups is in "default". */
  readonly groups?: readonly string[];
  /** Runs the types that a model judges; without it they are skipped. */
  readonly judge?: Judge;
  /** Implementations by type; they win over ours. */
  readonly types?: { readonly [type: string]: Judge };
  /** Gets what a check, a judge or an implementation threw; the result says only that it failed. */
  readonly onError?: (error: unknown, evalId: string) => void;
}

const DEFAULT_SAMPLE = 5;

/** An eval with its check bound. */
interface PlannedEval {
  readonly definition: Eval;
  readonly check: Check | undefined;
  readonly broken: string | undefined;
  /** The threshold, bounds or metric turn a score into pass or fail. */
  readonly passes: ((score: number) => boolean) | undefined;
}

/** The plans of frozen lists, as packs have, for the options they were made with. */
const plans = new WeakMap<
  readonly Eval[],
  { readonly options: CheckOptions; readonly planned: readonly PlannedEval[] }
>();

/**
 * Runs the evals that are due and returns a result for each; it measures, and never blocks or throws for what it finds.
 * Deterministic evals run at once; only judges are awaited. Source: SPEC 4.5, R122-R141.
 * @throws {TypeError} for evidence without a text
 */
export async function runEvals(
  evals: readonly Eval[],
  evidence: Evidence,
  options: EvalOptions = {},
): Promise<EvalReport> {
  const started = startEvals(planEvals(evals, options), evidence, options);
  // oxlint-disable-next-line typescript/await-thenable -- a result is there at once, or is a judge's promise
  return { results: await Promise.all(started) };
}

/** Binds the checks of a list of evals once, for many runs. */
export function planEvals(evals: readonly Eval[], options: CheckOptions = {}): readonly PlannedEval[] {
  const known = plans.get(evals);
  if (
    known !== undefined &&
    known.options.countTokens === options.countTokens &&
    known.options.piiDetectors === options.piiDetectors
  ) {
    return known.planned;
  }
  const planned = evals.map((definition) => plan(definition, options));
  if (Object.isFrozen(evals)) plans.set(evals, { options, planned });
  return planned;
}

/** Starts the evals that are due: results of checks are there at once, those of judges are promises. */
export function startEvals(
  planned: readonly PlannedEval[],
  evidence: Evidence,
  options: EvalOptions = {},
): (EvalResult | Promise<EvalResult>)[] {
  if (typeof evidence?.text !== "string") throw new TypeError("evidence has the text under test as its member text");
  const { event = "turn", groups } = options;
  const triggers = getOwn(triggersOf, event) ?? [event];
  const subject = new Subject(evidence);
  const results: (EvalResult | Promise<EvalResult>)[] = [];
  for (const one of planned) {
    const { definition } = one;
    if (!triggers.includes(definition.trigger)) continue;
    if (groups !== undefined && !(definition.groups ?? ["default"]).some((group) => groups.includes(group))) continue;
    const reason = skipReason(definition, evidence);
    results.push(reason === undefined ? start(one, subject, options) : ended(definition, "skipped", reason));
  }
  return results;
}

function plan(definition: Eval, options: CheckOptions): PlannedEval {
  const bound = isCheckType(definition.type) ? bindCheck(definition.type, definition.params, options) : undefined;
  return {
    definition,
    check: bound !== undefined && "check" in bound ? bound.check : undefined,
    broken: bound === undefined || "check" in bound ? undefined : "broken" in bound ? bound.broken : bound.missing,
    passes: passesOf(definition),
  };
}

function skipReason(
  { enabled, trigger, sample_percentage = DEFAULT_SAMPLE, when }: Eval,
  evidence: Evidence,
): string | undefined {
  if (enabled === false) return "it is switched off";
  if (trigger === "sample_turns" || trigger === "sample_sessions") {
    const turn = trigger === "sample_turns" ? (evidence.turn ?? 0) : 0;
    if (!isSampled(evidence.sessionId ?? "", turn, sample_percentage)) return "it was not drawn in the sample";
  }
  return when === undefined ? undefined : whenUnmet(when, evidence);
}

function start(one: PlannedEval, subject: Subject, options: EvalOptions): EvalResult | Promise<EvalResult> {
  const { definition, check, broken } = one;
  const { type } = definition;
  const host = getOwn(options.types, type);
  if (host === undefined && check !== undefined) {
    try {
      return grade(one, check.measure(subject));
    } catch (error) {
      options.onError?.(error, definition.id);
      return ended(definition, "error", "the check failed to run");
    }
  }
  if (host === undefined && broken !== undefined) return ended(definition, "error", broken);
  const judge = host ?? (hostTypes.has(type) ? options.judge : undefined);
  if (judge !== undefined) return ask(one, judge, subject.evidence, options.onError);
  return hostTypes.has(type)
    ? ended(definition, "skipped", "it needs a judge, and the host passed none")
    : ended(definition, "unsupported", `the eval type "${type}" has no implementation`);
}

async function ask(
  one: PlannedEval,
  judge: Judge,
  evidence: Evidence,
  onError: EvalOptions["onError"],
): Promise<EvalResult> {
  const { definition } = one;
  const { id, type, params = {} } = definition;
  try {
    const measurement = await judge({ id, type, params, evidence });
    const { score } = measurement;
    // hostile: a judge is a model that read the text under test
    if (score !== undefined && !(typeof score === "number" && score >= 0 && score <= 1))
      return ended(definition, "error", "the judge gave a score outside 0 to 1");
    return grade(one, score === undefined ? { explanation: "the judge gave no score", ...measurement } : measurement);
  } catch (error) {
    onError?.(error, id);
    return ended(definition, "error", "the judge failed");
  }
}

function grade({ definition, passes }: PlannedEval, { score, explanation, details }: Measurement): EvalResult {
  const { id, type, metric, threshold, message } = definition;
  const holds = passes === undefined ? undefined : score !== undefined && passes(score);
  const status = holds === undefined ? (score === undefined ? "error" : "scored") : holds ? "passed" : "failed";
  const why = holds === false ? (message ?? explanation) : explanation;
  const result: Mutable<EvalResult> = { id, type, status };
  if (score !== undefined) result.score = score;
  if (threshold !== undefined) result.threshold = threshold;
  if (why !== undefined) result.explanation = why;
  if (details !== undefined) result.details = details;
  if (metric !== undefined && score !== undefined) {
    const value = metric.type === "boolean" ? (holds === true ? 1 : 0) : metric.type === "counter" ? 1 : score;
    result.metric = { definition: metric, value };
  }
  return result;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function ended({ id, type }: Eval, status: EvalResult["status"], explanation: string): EvalResult {
  return { id, type, status, explanation };
}

function passesOf({ threshold, metric, type }: Eval): ((score: number) => boolean) | undefined {
  if (threshold !== undefined) return compare(threshold);
  return metric?.type === "boolean" || type === "assertion" || type === "guardrail" ? (score) => score >= 1 : undefined;
}

/** A threshold that cannot be compared fails: it is never a pass. An absent operator is gte, an absent value 1. */
function compare({ operator = "gte", value = 1 }: EvalThreshold): (score: number) => boolean {
  const holds = getOwn(thresholdOperators, operator);
  return holds === undefined ? () => false : (score) => holds(score, value);
}
