import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** Which code answers which rule text of the semantic cases. */
export const composition: Readonly<Record<string, DiagnosticCode>> = {
  "composition not referenced": "UNREFERENCED_COMPOSITION",
  "duplicate step id": "DUPLICATE_STEP",
  "agent step names no tool": "UNKNOWN_TOOL",
  "termination names a tool the step lacks": "UNREACHABLE_TERMINATION",
  "step graph has a cycle": "STEP_CYCLE",
  "reference names no step": "UNKNOWN_STEP",
  "reference names a later step": "LATER_STEP",
  "composition output names no step": "UNKNOWN_STEP",
  "eval modifier names no eval": "UNKNOWN_EVAL",
  "predicate mixes two variants": "AMBIGUOUS_PREDICATE",
  "composition uses a reserved name": "RESERVED_COMPOSITION_NAME",
};
