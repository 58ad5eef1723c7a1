import type { Report } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Governance } from "../schema/sections/governance.ts";
import { undeclaredPrefix, wellKnownPrefixes } from "./curie.ts";

/** Warns when a value is a CURIE whose prefix nobody declared; every other text is as good. Source: R323, R324. */
export function checkTerm(
  value: string | undefined,
  vocabularies: Governance["vocabularies"],
  pointer: string,
  report: Report,
): void {
  const prefix = value === undefined ? undefined : undeclaredPrefix(value, vocabularies);
  if (prefix === undefined) return;
  const message = `the prefix "${prefix}" is neither declared in vocabularies nor well known`;
  report("UNDECLARED_PREFIX", pointer, message, {
    range: { start: 0, end: prefix.length },
    ...didYouMean(prefix, Object.keys({ ...wellKnownPrefixes, ...vocabularies })),
  });
}
