import { didYouMean } from "../../diagnostics/suggest.ts";
import { undeclaredPrefix, wellKnownPrefixes } from "../curie.ts";
import type { LintRun } from "./lint-run.ts";

/** Warns when a term is a CURIE whose prefix nobody declared; every other text is as good. Source: R323, R324. */
export function checkTerm(
  { effective: { vocabularies }, report }: Pick<LintRun, "effective" | "report">,
  term: string | undefined,
  at: string,
): void {
  const prefix = term === undefined ? undefined : undeclaredPrefix(term, vocabularies);
  if (prefix === undefined) return;
  const message = `the prefix "${prefix}" is neither declared in vocabularies nor well known`;
  report("UNDECLARED_PREFIX", at, message, {
    range: { start: 0, end: prefix.length },
    ...didYouMean(prefix, Object.keys({ ...wellKnownPrefixes, ...vocabularies })),
  });
}
