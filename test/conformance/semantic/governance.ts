import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about governance, by the rule's own words. */
export const governance: Readonly<Record<string, DiagnosticCode>> = {
  "validator id not unique across the pack": "DUPLICATE_VALIDATOR_ID",
  "obligation names no validator": "UNKNOWN_CONTROL_VALIDATOR",
  "obligation names no eval": "UNKNOWN_CONTROL_EVAL",
  "obligation names an undeclared governance field": "UNDECLARED_CONTROL_FIELD",
  "review names no eval": "UNKNOWN_CONTROL_EVAL",
  "CURIE prefix not declared": "UNDECLARED_PREFIX",
  "irreversible tool in an autonomous agent": "IRREVERSIBLE_AUTONOMY",
};
