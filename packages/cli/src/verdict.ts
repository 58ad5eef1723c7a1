import type { ExitCode } from "./command.ts";
import type { CheckedFile } from "./packs/check-file.ts";

/** What a run comes to: the words and the exit code, decided together. */
export interface Verdict {
  readonly exitCode: ExitCode;
  readonly line: string;
  readonly files: number;
  /** Files with errors. */
  readonly failed: number;
  /** Files that could not be read at all. */
  readonly unreadable: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly tooManyWarnings: boolean;
}

/** Decides a run: nothing else may compute an exit code or a summary. */
export function decideVerdict(results: readonly CheckedFile[], maxWarnings: number = Infinity): Verdict {
  const count = { error: 0, warning: 0, info: 0 };
  let failed = 0;
  let unreadable = 0;
  for (const { diagnostics, problem } of results) {
    if (problem !== undefined) unreadable++;
    for (const { severity } of diagnostics) count[severity]++;
    if (diagnostics.some(({ severity }) => severity === "error")) failed++;
  }
  const tooManyWarnings = count.warning > maxWarnings;
  const counts = {
    files: results.length,
    failed,
    unreadable,
    errors: count.error,
    warnings: count.warning,
    infos: count.info,
    tooManyWarnings,
  };
  const exitCode = unreadable > 0 ? 2 : failed > 0 || tooManyWarnings ? 1 : 0;
  return { ...counts, exitCode, line: describe(counts, maxWarnings) };
}

/** Returns what a verdict says without its mark, for where "error:" stands before it. */
export function unmarked({ line }: Verdict): string {
  return line.replace(/^[✖✔] /, "");
}

/** Returns "1 pack" or "3 packs". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function describe(counts: Omit<Verdict, "exitCode" | "line">, maxWarnings: number): string {
  const { files, failed, unreadable, errors, warnings, infos, tooManyWarnings } = counts;
  const findings = [
    errors > 0 ? counted(errors, "error") : "",
    warnings > 0 ? counted(warnings, "warning") : "",
    infos > 0 ? counted(infos, "note") : "",
  ].filter((part) => part !== "");
  const troubles = [
    unreadable > 0 ? `${counted(unreadable, "file")} could not be read` : "",
    failed > 0
      ? files === 1
        ? "the pack is not valid"
        : `${failed} of ${files} packs ${failed === 1 ? "is" : "are"} not valid`
      : "",
    tooManyWarnings ? `${counted(warnings, "warning")}, and --max-warnings allows ${maxWarnings}` : "",
  ].filter((part) => part !== "");
  const details = findings.length > 0 ? ` (${findings.join(", ")})` : "";
  if (troubles.length > 0) return `✖ ${troubles.join("; ")}${details}`;
  return `✔ ${files === 1 ? "the pack is" : `${files} packs are`} valid${details}`;
}
