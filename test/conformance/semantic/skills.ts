import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about skills, by the rule's own words. */
export const skills: Readonly<Record<string, DiagnosticCode>> = {
  "two inline skills share a name": "DUPLICATE_SKILL",
  "skill path leaves the pack": "UNSAFE_SKILL_PATH",
  "state skills path leaves the pack": "UNSAFE_SKILL_PATH",
  "empty skill path": "EMPTY_SKILL_PATH",
  "skill source listed twice": "DUPLICATE_SKILL_SOURCE",
};
