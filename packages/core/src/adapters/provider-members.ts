import type { AnswerKind } from "../guardrails/answer-guard.ts";

const KINDS: ReadonlyMap<string, AnswerKind> = new Map([
  ["text", "text"],
  ["reasoning", "reasoning"],
  ["thinking", "reasoning"],
  ["reasoning_content", "reasoning"],
  ["refusal", "refusal"],
] as const);

/** Returns the kind of text that a member of a provider's message holds, or undefined for a member that holds none. */
export function kindOfMember(name: string): AnswerKind | undefined {
  return KINDS.get(name);
}

const QUIET: ReadonlySet<string> = new Set([
  "model",
  "model_name",
  "model_provider",
  "usage",
  "finish_reason",
  "stop_reason",
  "system_fingerprint",
  "id",
  "output_version",
  "prompt",
  "completion",
]);

/** Returns whether what a provider says beside its message under a name never repeats the model's words. */
export function isQuietMember(name: string): boolean {
  return QUIET.has(name);
}
