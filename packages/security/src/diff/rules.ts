import type { ReviewRule } from "../review/rules.ts";

/** Every rule of a comparison beside those of a review, which speak about what is new. docs/diff.md explains each. */
export const diffRules = {
  "tool-definition-changed": "A tool that was reviewed says something else now",
  "guardrail-weakened": "A guardrail was removed, switched off or loosened",
  "policy-weakened": "A limit, a blocklist or a duty was loosened",
  "capability-added": "The pack can do more than before",
  "version-not-bumped": "The version does not say how much has changed",
  "identity-changed": "The pack calls itself something else",
  "template-security-sentence-removed": "A sentence that restricted the model is gone",
} as const;

export type DiffRule = keyof typeof diffRules | ReviewRule;
