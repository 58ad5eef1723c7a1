import type { Severity, TextRange } from "../../ground/finding.ts";
import type { ReviewRule } from "../rules.ts";

/** Takes what a rule has found in a text; without a range it is the whole text. */
export type Note = (rule: ReviewRule, severity: Severity, message: string, range?: TextRange) => void;

/** Returns where a match stands. */
export function rangeOf(match: RegExpMatchArray): TextRange {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}
