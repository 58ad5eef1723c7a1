export const agentCodes = {
} as const;
