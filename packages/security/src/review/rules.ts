/** Every rule of a review, and what it looks for. docs/review.md explains each. */
export const reviewRules = {
  "hidden-unicode": "Characters that a reader does not see and a model reads",
  "bidi-control": "Characters that make text read in another order than it is stored",
  "mixed-script": "Words that mix look-alike letters of several scripts",
  "prompt-injection-text": "Text that tries to overrule instructions or to act behind the user's back",
  "cross-tool-reference": "A tool's description that speaks about another tool",
  "exfiltration-pattern": "Links or images that carry values to another host",
  url: "Addresses of other hosts",
  "file-path": "Paths of files outside the pack",
  "package-reference": "Skills that come from a package",
  "media-reference": "Media that come from a file or another host",
  "encoded-blob": "Long encoded text that a reader cannot judge",
  "code-like": "Text that is, or calls for, program code",
  secret: "Credentials, also disguised ones",
  "env-binding": "Variables that are filled from the host's environment, headers, secrets or files",
  "guardrail-disabled": "Guardrails that are declared and switched off",
  "guardrail-unknown": "Guardrails of a type that this library does not know",
  "override-replaces-template": "A model for which another template is used than the reviewed one",
  redos: "Patterns that take exponential or quadratic time in backtracking engines",
  "unbounded-loop": "Workflows and agents that nothing stops",
} as const;

export type ReviewRule = keyof typeof reviewRules;
