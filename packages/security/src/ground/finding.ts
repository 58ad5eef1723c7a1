import type { Diagnostic } from "promptpack";

export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** From harmless to worst. */
export const SEVERITIES: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

/** Returns whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold);
}

/** Returns the worst severity of a list, or undefined for an empty list. */
export function worstOf(findings: readonly { readonly severity: Severity }[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}

/** Returns the next worse severity. */
export function raise(severity: Severity): Severity {
  return SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? "critical";
}

/** A part of one decoded string, in UTF-16 code units; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Something that a reviewer should look at. The message and the excerpt never hold a secret. */
export interface Finding<Rule extends string = string> {
  readonly rule: Rule;
  readonly severity: Severity;
  /** What was found and why it matters, on one line. It may quote the pack: encode it for where it goes. */
  readonly message: string;
  /** RFC 6901 pointer into the pack. */
  readonly pointer: string;
  /** The part of the string at the pointer. */
  readonly range?: TextRange;
  /** Where it stands in the text; present when the text was given. */
  readonly span?: NonNullable<Diagnostic["span"]>;
  /** The found text, shortened, with secrets masked. */
  readonly excerpt?: string;
}

/** Sorts findings: the worst first, then in the order they were found. */
export function bySeverity<F extends { readonly severity: Severity }>(findings: readonly F[]): F[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}
