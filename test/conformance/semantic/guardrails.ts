import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about guardrails and evals, by the rule's own words. */
export const guardrails: Readonly<Record<string, DiagnosticCode>> = {
  "duplicate pack eval id": "DUPLICATE_EVAL",
  "duplicate prompt eval id": "DUPLICATE_EVAL",
  "sample_percentage ignored by this trigger": "SAMPLE_IGNORED",
  "eval can never run": "SAMPLE_ZERO",
  "metric range min > max": "INVERTED_METRIC_RANGE",
  "unknown threshold operator": "UNKNOWN_THRESHOLD_OPERATOR",
  "threshold without operator or value": "INCOMPLETE_THRESHOLD",
  "threshold outside the metric range": "THRESHOLD_OUT_OF_RANGE",
  "regex eval pattern is not a regex": "BAD_CHECK_PATTERN",
  "eval type not registered": "UNKNOWN_EVAL_TYPE",
  "unknown validator parameter": "UNKNOWN_CHECK_PARAM",
  "banned_words without words": "EMPTY_WORD",
  "max_length is not positive": "BAD_CHECK_PARAM",
  "max_length without params": "MISSING_CHECK_PARAM",
  "fail_on_violation is deprecated": "IGNORED_FAIL_ON_VIOLATION",
};
