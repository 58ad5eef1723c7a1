import type { Eval } from "../schema/sections/guardrails.ts";

/**
 * Returns the evals of a prompt: the pack's, of which the prompt's own replace those with the same id in place,
 * then the prompt's others. Source: R124, SPEC 4.5.
 */
export function effectiveEvals(packEvals: readonly Eval[] = [], promptEvals: readonly Eval[] = []): readonly Eval[] {
  const own = new Map(promptEvals.map((definition) => [definition.id, definition]));
  const shared = new Set(packEvals.map(({ id }) => id));
  return [
    ...packEvals.map((definition) => own.get(definition.id) ?? definition),
    ...promptEvals.filter(({ id }) => !shared.has(id)),
  ];
}
