/** The pack as a whole: look-ups, identity, versions, and what its texts hide. */
export const packCodes = {
  "document error": ["FILE_UNREADABLE"],
  "reference error": ["UNKNOWN_PROMPT", "DUPLICATE_PACK", "FORBIDDEN_NAME"],
  "lint warning": [
    "PROMPT_KEY_MISMATCH",
    "DUPLICATE_PROMPT_ID",
    "INVERTED_COST",
    "UNUSUAL_PIPELINE",
    "SCHEMA_TOO_OLD",
    "SCHEMA_TOO_NEW",
    "HIDDEN_CHARACTERS",
    "SECRET_IN_TEXT",
  ],
  "lint info": ["FOREIGN_SCHEMA"],
} as const;
