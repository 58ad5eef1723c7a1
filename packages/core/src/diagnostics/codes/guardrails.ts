export const guardrailCodes = {
} as const;
