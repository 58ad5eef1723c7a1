import type { Report } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { Governance } from "../schema/sections/governance.ts";
import { isPrefix, undeclaredPrefix, wellKnownPrefixes } from "./curie.ts";

/** Checks the names of declared prefixes; their IRIs are never fetched. Source: R322, R325. */
export function checkVocabularies({ vocabularies = {} }: Governance, pointer: string, report: Report): void {
  for (const [prefix, iri] of Object.entries(vocabularies)) {
    const at = (): string => `${pointer}/vocabularies${formatPointer(prefix)}`;
    const known = getOwn(wellKnownPrefixes, prefix);
    if (!isPrefix(prefix))
      report("INVALID_VOCABULARY_PREFIX", at(), `"${prefix}" cannot stand before the colon of a term`, { atKey: true });
    else if (known !== undefined && known !== iri)
      report("REDEFINED_VOCABULARY", at(), `"${prefix}" is well known as ${known}`);
  }
}

/** Warns when a value is a CURIE whose prefix nobody declared; every other text is as good. Source: R323, R324. */
export function checkTerm(
  value: string | undefined,
  vocabularies: Governance["vocabularies"],
  pointer: () => string,
  report: Report,
): void {
  const prefix = value === undefined ? undefined : undeclaredPrefix(value, vocabularies);
  if (prefix === undefined) return;
  const known = [...Object.keys(wellKnownPrefixes), ...Object.keys(vocabularies ?? {})];
  report("UNDECLARED_PREFIX", pointer(), `the prefix "${prefix}" is neither declared in vocabularies nor well known`, {
    range: { start: 0, end: prefix.length },
    ...didYouMean(prefix, known),
  });
}
