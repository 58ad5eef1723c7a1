/** Tools, tool policy, tool calls and media. */
export const toolCodes = {
  UNKNOWN_TOOL: "reference error",
} as const;
