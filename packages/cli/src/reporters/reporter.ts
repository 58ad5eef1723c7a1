import type { CheckedFile } from "../packs/check-file.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Verdict } from "../verdict.ts";

/** Writes what a run of `validate` found to standard output. */
export type Reporter = (results: readonly CheckedFile[], verdict: Verdict, terminal: Terminal) => void;
