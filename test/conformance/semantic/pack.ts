import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about the pack as a whole, by the rule's own words. */
export const pack: Readonly<Record<string, DiagnosticCode>> = {
  "prompt key != prompt.id": "PROMPT_KEY_MISMATCH",
  "two prompts share one id": "DUPLICATE_PROMPT_ID",
  "pipeline has no provider stage": "UNUSUAL_PIPELINE",
  "min_cost_usd > max_cost_usd": "INVERTED_COST",
  "$schema names a version without the used feature": "SCHEMA_TOO_OLD",
  "$schema is not a PromptPack schema": "FOREIGN_SCHEMA",
  "template holds a credential": "SECRET_IN_TEXT",
  "template holds invisible characters": "HIDDEN_CHARACTERS",
  "tool description holds Unicode tag characters": "HIDDEN_CHARACTERS",
};
