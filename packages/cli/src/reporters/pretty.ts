import { type Diagnostic, formatDiagnostics, printable } from "promptpack";
import type { CheckedFile } from "../packs/check-file.ts";
import { type Column, formatTable } from "../terminal/table.ts";
import { counted } from "../verdict.ts";
import { listFindings, MAX_LISTED, type Reporter } from "./reporter.ts";

/** Findings of one file that are shown; a hostile file can have as many as it has characters. */
const MAX_FINDINGS = 50;

/** For people: code frames, a table of the files that need work, and the verdict. */
export const pretty: Reporter = (results, verdict, terminal) => {
  const { paint, print } = terminal;
  for (const result of results) {
    if (result.diagnostics.length > 0) print(`${formatFindings(result, terminal.color)}\n`);
  }
  const unread = results.flatMap(({ source, problem }) => (problem === undefined ? [] : [[source.name, problem]]));
  for (const [name = "", problem = ""] of unread)
    print(`${paint("red", "✖")} ${printable(name)}: ${printable(problem)}`);
  if (unread.length > 0) print("");
  const rows = results.filter(({ diagnostics }) => diagnostics.length > 0).map(summarize);
  if (rows.length > 1) print(`${formatTable(COLUMNS, rows, paint)}\n`);
  print(paint(verdict.exitCode === 0 ? "green" : "red", verdict.line));
};

const COLUMNS: readonly Column[] = [
  { title: "file", width: 80 },
  { title: "errors", align: "right", ink: "red" },
  { title: "warnings", align: "right", ink: "yellow" },
  { title: "notes", align: "right" },
];

/** Returns the findings of one file with code frames, ready to print. */
export function formatFindings(
  { diagnostics, text }: Pick<CheckedFile, "diagnostics" | "text">,
  color: boolean,
): string {
  const { shown, omitted } = listFindings(diagnostics, MAX_FINDINGS);
  const block = formatDiagnostics(shown, { color, ...(text === undefined ? {} : { source: text }) }).trimEnd();
  if (omitted === 0) return block;
  const rest = diagnostics.length > MAX_LISTED ? "more" : "all";
  return `${block}\n\n... and ${counted(omitted, "finding")} more (--format json has ${rest})`;
}

function summarize({ source, diagnostics }: CheckedFile): string[] {
  const count = (severity: Diagnostic["severity"]): string =>
    String(diagnostics.filter((diagnostic) => diagnostic.severity === severity).length || "");
  return [source.name, count("error"), count("warning"), count("info")];
}
