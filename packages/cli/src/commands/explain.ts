import { type Command, UsageError } from "../command.ts";
import { readBundled } from "../files.ts";
import type { Paint } from "../terminal/paint.ts";
import { printable, suggest } from "promptpack";
import { formatTable } from "../terminal/table.ts";

/** A row of docs/diagnostics: | CODE | layer and severity, or class of error | meaning | example | what to do | rules |. */
interface CodePage {
  readonly code: string;
  readonly kind: string;
  readonly meaning: string;
  readonly example: string;
  readonly advice: string;
  readonly rules: string;
}

/** In the packed package, and in the repository. */
const FOLDERS = ["../docs/diagnostics/", "../../../docs/diagnostics/"];

export const explain: Command = {
  name: "explain",
  summary: "Explains a code: what it means, an example, what to do. Without a code it lists them.",
  positionals: "[code]",
  options: {},
  examples: [
    ["explain DUPLICATE_KEY", "one code"],
    ["explain NOT_TRUSTED", "one of verifying, locking, credentials and audits"],
    ["explain", "every code"],
  ],
  run: async ({ positionals }, terminal) => {
    if (positionals.length > 1) throw new UsageError("explain takes one code");
    const pages = (await readBundled(FOLDERS))?.flatMap(parseRows) ?? [];
    if (pages.length === 0)
      throw new UsageError("this installation has no explanations", "install promptpack-cli again");
    const [wanted] = positionals;
    if (wanted === undefined) {
      pages.sort((left, right) => (left.code < right.code ? -1 : 1));
      const rows = pages.map(({ code, kind, meaning }) => [code, kind, meaning]);
      terminal.print(
        formatTable(
          [{ title: "code", ink: "bold" }, { title: "kind" }, { title: "meaning", width: 90 }],
          rows,
          terminal.paint,
        ),
      );
      return 0;
    }
    const code = wanted.toUpperCase().replaceAll("-", "_");
    const page = pages.find((candidate) => candidate.code === code);
    if (page === undefined) {
      // There are more codes than are compared; those that begin alike come first.
      const beginsAlike = (other: string): number => Number(other[0] === code[0]);
      const codes = pages.map((candidate) => candidate.code);
      const close = suggest(
        code,
        codes.sort((left, right) => beginsAlike(right) - beginsAlike(left)),
      );
      throw new UsageError(
        `there is no code "${wanted}"`,
        close === undefined ? "promptpack explain lists the codes" : `did you mean "${close}"?`,
      );
    }
    terminal.print(formatPage(page, terminal.paint));
    return 0;
  },
};

function formatPage({ code, kind, meaning, example, advice, rules }: CodePage, paint: Paint): string {
  const parts = [
    ["means", meaning],
    ["example", example],
    ["do", advice],
    ["rules", rules],
  ].filter(([, text]) => text !== "");
  const lines = parts.map(
    ([title = "", text = ""]) => `  ${paint("dim", title.padEnd(7))}  ${wrap(printable(text), 80, " ".repeat(11))}`,
  );
  return [`${paint("bold", printable(code))}  ${printable(kind)}`, "", ...lines].join("\n");
}

/** Returns the rows of a Markdown table of codes; a pipe inside a cell is written `\|`. */
export function parseRows(markdown: string): CodePage[] {
  return markdown.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) return [];
    const cells = line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|"));
    const [code = "", kind = "", meaning = "", example = "", advice = "", rules = ""] = cells;
    const name = code.replaceAll("`", "");
    return /^[A-Z][A-Z0-9_]+$/.test(name) ? [{ code: name, kind, meaning, example, advice, rules }] : [];
  });
}

function wrap(text: string, width: number, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}
