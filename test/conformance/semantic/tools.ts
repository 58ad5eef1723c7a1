import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The rules of semantic.json that the tools rib answers for, and the code that it reports. */
export const tools: Readonly<Record<string, DiagnosticCode>> = {
  "prompt.tools names no tool": "UNDEFINED_TOOL",
  "tool name is an agent member": "UNDEFINED_TOOL",
  "tool name is a prompt that is not an agent member": "TOOL_NAMES_PROMPT",
  "agent lists itself as a tool": "AGENT_CALLS_ITSELF",
  "prompt.tools lists a tool twice": "DUPLICATE_TOOL_ENTRY",
  "tool not used by any prompt": "UNUSED_TOOL",
  "tool parameters are not a JSON Schema": "INVALID_SCHEMA",
  "tool parameters hold an invalid regex": "INVALID_PATTERN",
  "tool_choice required without tools": "TOOL_CHOICE_WITHOUT_TOOLS",
  "tool_choice none with tools": "TOOLS_SWITCHED_OFF",
};
