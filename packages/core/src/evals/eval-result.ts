import type { JsonObject } from "../json/json.ts";
import type { EvalThreshold, Metric } from "../schema/sections/guardrails.ts";

/**
 * `passed`, `failed`: against a threshold or a boolean metric. `scored`: measured, with nothing to compare.
 * `skipped`: not run, with the reason. `unsupported`: no implementation of the type. `error`: it could not be measured.
 */
export type EvalStatus = "passed" | "failed" | "scored" | "skipped" | "unsupported" | "error";

export interface EvalResult {
  readonly id: string;
  readonly type: string;
  readonly status: EvalStatus;
  /** 0 to 1. */
  readonly score?: number;
  readonly threshold?: EvalThreshold;
  /** Why: the eval's own message when it failed and has one, else what was found. */
  readonly explanation?: string;
  readonly details?: JsonObject;
  /** What to record under the eval's metric. */
  readonly metric?: MetricSample;
}

/** One value of a metric; its name, type and other keys are those of the pack. */
export interface MetricSample {
  readonly definition: Metric;
  /** The score; for a boolean 1 or 0 (failed); for a counter 1 (one more measurement). */
  readonly value: number;
}

/** The results of the evals that were due, in the order of the list. */
export interface EvalReport {
  readonly results: readonly EvalResult[];
}
