import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about providers, by the rule's own words. */
export const providers: Readonly<Record<string, DiagnosticCode>> = {
  "prompt.provider names no requirement": "PROVIDER_UNDECLARED",
  "provider requirement declared twice": "DUPLICATE_PROVIDER",
};
