import { reportPath } from "../files.ts";
import { printable } from "promptpack";
import { defuse } from "../terminal/terminal.ts";
import { counted } from "../verdict.ts";
import { listFindings, type Reporter } from "./reporter.ts";

const COMMANDS = { error: "error", warning: "warning", info: "notice" } as const;

/** GitHub Actions annotations, one line each. */
export const github: Reporter = (results, verdict, { write }) => {
  const lines: string[] = [];
  for (const { source, diagnostics, problem } of results) {
    const file = reportPath(source);
    if (problem !== undefined) lines.push(annotate("error", { file, title: "cannot be read" }, problem));
    const { shown, omitted } = listFindings(diagnostics);
    for (const { severity, code, message, hint, pointer, span } of shown) {
      const place = span && {
        line: span.start.line,
        endLine: span.end.line,
        // The columns count only when they are on one line.
        ...(span.start.line === span.end.line ? { col: span.start.column, endColumn: span.end.column } : {}),
      };
      const text = `${message}${hint === undefined ? "" : ` (${hint})`}${pointer === "" ? "" : ` at ${pointer}`}`;
      lines.push(annotate(COMMANDS[severity], { file, ...place, title: code }, text));
    }
    if (omitted > 0) lines.push(annotate("notice", { file }, `and ${counted(omitted, "finding")} more`));
  }
  if (verdict.tooManyWarnings) lines.push(annotate("error", { title: "too many warnings" }, verdict.line));
  // The verdict's own words start with a mark, so the line can never be a command.
  write(`${[...lines, verdict.line].join("\n")}\n`);
};

function annotate(command: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${encodeProperty(String(value))}`);
  return `::${command} ${list.join(",")}::${encodeData(message)}`;
}

// hostile: a message that holds a line feed or "::" would start a command of its own
const encodeData = (text: string): string => defuse(printable(text)).replaceAll("%", "%25");
const encodeProperty = (text: string): string => encodeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
