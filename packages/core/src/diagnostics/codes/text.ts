/** UTF-8, JSON text, and the constraints of a JSON Schema. */
export const textCodes = {
  "document error": [
    "INVALID_UTF8",
    "INVALID_JSON",
    "DUPLICATE_KEY",
    "FORBIDDEN_KEY",
    "LONE_SURROGATE",
    "INEXACT_NUMBER",
    "LIMIT_EXCEEDED",
    "INVALID_YAML",
    "UNSUPPORTED_YAML",
  ],
  "document warning": ["BYTE_ORDER_MARK", "AMBIGUOUS_YAML"],
  "schema error": [
    "WRONG_TYPE",
    "MISSING_FIELD",
    "UNKNOWN_FIELD",
    "WRONG_VALUE",
    "WRONG_FORMAT",
    "OUT_OF_RANGE",
    "WRONG_LENGTH",
    "NOT_UNIQUE",
    "NO_MATCHING_SHAPE",
    "AMBIGUOUS_SHAPE",
  ],
  "reference error": ["INVALID_SCHEMA", "INVALID_PATTERN", "REMOTE_REFERENCE", "BUDGET_EXCEEDED"],
} as const;
