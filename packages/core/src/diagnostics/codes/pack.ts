/** The pack as a whole: identity, versions, cost estimates, hygiene of its texts. */
export const packCodes = {
  UNKNOWN_PROMPT: "reference error",
} as const;
