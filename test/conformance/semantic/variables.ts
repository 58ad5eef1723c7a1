import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about variables and bindings, by the rule's own words. */
export const variables: Readonly<Record<string, DiagnosticCode>> = {
  "variable declared twice": "DUPLICATE_VARIABLE",
  "required variable with default": "REQUIRED_WITH_DEFAULT",
  "default fails validation.pattern": "INVALID_DEFAULT",
  "default outside validation range": "INVALID_DEFAULT",
  "default longer than max_length": "INVALID_DEFAULT",
  "validation.pattern is not a regex": "INVALID_PATTERN",
  "validation.pattern can backtrack exponentially": "RISKY_PATTERN",
  "min_length > max_length": "INVERTED_LIMITS",
  "minimum > maximum": "INVERTED_LIMITS",
  "validation.enum is empty": "EMPTY_ENUM",
  "unknown binding kind": "UNKNOWN_BINDING",
  "binding pulls an environment secret into a prompt": "SECRET_BINDING",
  "binding declares nothing": "INCOMPLETE_BINDING",
};
