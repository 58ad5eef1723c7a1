import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** Which code answers which rule text of the semantic cases. */
export const workflow: Readonly<Record<string, DiagnosticCode>> = {
  "entry state names no prompt": "UNKNOWN_PROMPT",
  "on_event target missing": "UNKNOWN_STATE",
  "on_max_visits target missing": "UNKNOWN_STATE",
  "on_max_visits targets itself": "ENDLESS_REDIRECT",
  "forced-exit chain never ends": "ENDLESS_REDIRECT",
  "on_max_visits target has max_visits too": "CHAINED_REDIRECT",
  "on_max_visits without max_visits": "UNUSED_REDIRECT",
  "terminal state has transitions": "TERMINAL_WITH_EVENTS",
  "non-terminal state has no way out": "DEAD_END_STATE",
  "state reached only by on_max_visits": "UNREACHABLE_STATE",
  "cycle without max_visits or budget": "UNBOUNDED_LOOP",
  "cycle bounded by budget": "UNBOUNDED_LOOP",
  "no state can end the workflow": "NO_TERMINAL_STATE",
  "unknown persistence": "UNKNOWN_PERSISTENCE",
  "unsupported workflow.version": "UNSUPPORTED_WORKFLOW_VERSION",
  "sum of max_visits exceeds the budget": "BUDGET_TOO_SMALL",
  "artifacts used without a workflow": "UNDECLARED_ARTIFACT",
  "artifact type is not a MIME type": "INVALID_ARTIFACT_TYPE",
  "prompt not used by workflow or agents": "UNUSED_PROMPT",
};
