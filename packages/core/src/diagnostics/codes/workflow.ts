export const workflowCodes = {
} as const;
