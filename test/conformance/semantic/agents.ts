import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about agents, by the rule's own words. */
export const agents: Readonly<Record<string, DiagnosticCode>> = {
  "agent member names no prompt": "UNKNOWN_PROMPT",
  "agents.entry is not a member": "AGENT_ENTRY_NOT_MEMBER",
  "agent state without a workflow": "AGENT_STATE_WITHOUT_WORKFLOW",
  "agent state names no state": "UNKNOWN_AGENT_STATE",
};
