import type { Diagnostic } from "promptpack";
import type { CheckedFile } from "../packs/check-file.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Verdict } from "../verdict.ts";

/** Writes what a run of `validate` found to standard output. */
export type Reporter = (results: readonly CheckedFile[], verdict: Verdict, terminal: Terminal) => void;

/** Findings of one file that a report for machines lists; a hostile file can have as many as it has characters. */
export const MAX_LISTED = 1000;

/** The findings of a file that are shown, and how many are not. */
export interface Listing {
  readonly shown: readonly Diagnostic[];
  readonly omitted: number;
}

/** Returns the findings in their order; when there are too many, errors come before all others. */
export function listFindings(diagnostics: readonly Diagnostic[], most: number = MAX_LISTED): Listing {
  const omitted = Math.max(0, diagnostics.length - most);
  if (omitted === 0) return { shown: diagnostics, omitted };
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  let room = most - errors.length;
  const shown =
    room <= 0 ? errors.slice(0, most) : diagnostics.filter(({ severity }) => severity === "error" || room-- > 0);
  return { shown, omitted };
}
