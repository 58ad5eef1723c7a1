export const toolCodes = {
} as const;
