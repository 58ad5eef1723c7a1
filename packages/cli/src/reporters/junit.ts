import type { Diagnostic } from "promptpack";
import type { CheckedFile } from "../packs/check-file.ts";
import { printable } from "promptpack";
import { defuse } from "../terminal/terminal.ts";
import { counted } from "../verdict.ts";
import { listFindings, type Reporter } from "./reporter.ts";

/** JUnit XML: a suite for each file, a failed case for each error; warnings are the suite's output. */
export const junit: Reporter = (results, verdict, { write }) => {
  const { unreadable, tooManyWarnings, line } = verdict;
  const errors = results.reduce((sum, result) => sum + countErrors(result), 0);
  const suites = results.map(formatSuite);
  if (tooManyWarnings) {
    suites.push(`  <testsuite name="--max-warnings" tests="1" failures="1" errors="0">
    <testcase name="--max-warnings" classname="promptpack"><failure message="${xml(line)}"/></testcase>
  </testsuite>`);
  }
  const cases = results.reduce((sum, result) => sum + Math.max(1, countErrors(result)), tooManyWarnings ? 1 : 0);
  write(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="promptpack" tests="${cases}" failures="${errors + (tooManyWarnings ? 1 : 0)}" errors="${unreadable}">
${suites.join("\n")}
</testsuites>
`);
};

function formatSuite(result: CheckedFile): string {
  const { source, problem } = result;
  const { shown: diagnostics, omitted } = listFindings(result.diagnostics);
  const name = xml(source.name);
  const failures = countErrors(result);
  const cases = diagnostics
    .filter(({ severity }) => severity === "error")
    .map((diagnostic) => {
      const title = xml(`${diagnostic.code} at ${diagnostic.pointer === "" ? "the root" : diagnostic.pointer}`);
      return `    <testcase name="${title}" classname="${name}"><failure type="${diagnostic.code}" message="${xml(diagnostic.message)}">${xml(locate(diagnostic))}</failure></testcase>`;
    });
  if (problem !== undefined) {
    cases.push(`    <testcase name="can be read" classname="${name}"><error message="${xml(problem)}"/></testcase>`);
  } else if (cases.length === 0) {
    cases.push(`    <testcase name="is a valid pack" classname="${name}"/>`);
  }
  const others = diagnostics.filter(({ severity }) => severity !== "error");
  const output = others.map((diagnostic) => xml(`${diagnostic.severity} ${diagnostic.code}: ${locate(diagnostic)}`));
  if (omitted > 0) output.push(`and ${counted(omitted, "finding")} more`);
  return [
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="${problem === undefined ? 0 : 1}">`,
    ...cases,
    ...(output.length > 0 ? [`    <system-out>${output.join("\n")}</system-out>`] : []),
    "  </testsuite>",
  ].join("\n");
}

const countErrors = ({ diagnostics }: CheckedFile): number =>
  listFindings(diagnostics).shown.filter(({ severity }) => severity === "error").length;

function locate({ message, hint, span }: Diagnostic): string {
  const place = span === undefined ? "" : `${span.start.line}:${span.start.column} `;
  return `${place}${message}${hint === undefined ? "" : ` (${hint})`}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

const xml = (text: string): string =>
  defuse(printable(text)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
