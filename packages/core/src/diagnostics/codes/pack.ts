/** The pack as a whole: look-ups, identity, versions, and what its texts hide. */
export const packCodes = {
  UNKNOWN_PROMPT: "reference error",
  FILE_UNREADABLE: "document error",
  DUPLICATE_PACK: "reference error",
  FORBIDDEN_NAME: "reference error",
  PROMPT_KEY_MISMATCH: "lint warning",
  DUPLICATE_PROMPT_ID: "lint warning",
  INVERTED_COST: "lint warning",
  UNUSUAL_PIPELINE: "lint warning",
  SCHEMA_TOO_OLD: "lint warning",
  SCHEMA_TOO_NEW: "lint warning",
  FOREIGN_SCHEMA: "lint info",
  HIDDEN_CHARACTERS: "lint warning",
  SECRET_IN_TEXT: "lint warning",
} as const;
