import type { Diagnostic } from "promptpack";
import type { CheckedFile } from "../packs/check-file.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Verdict } from "../verdict.ts";

/** Writes what a run of `validate` found to standard output. */
export type Reporter = (results: readonly CheckedFile[], verdict: Verdict, terminal: Terminal) => void;

/** Findings of one file that a report for machines lists; a hostile file can have as many as it has characters. */
export const MOST_LISTED = 1000;

/** Returns the findings that are listed, in their order; when there are too many, errors come before all others. */
export function listed(diagnostics: readonly Diagnostic[], most: number = MOST_LISTED): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length >= most) return errors.slice(0, most);
  let room = most - errors.length;
  return diagnostics.filter(({ severity }) => severity === "error" || room-- > 0);
}
