import { printable } from "promptpack";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Returns text for HTML content and quoted attributes; what acts or hides is written out. */
export function html(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/**
 * Returns text for one line of Markdown, also inside a table: every character that could start markup, HTML, a link,
 * a mention or an issue reference is written as a character reference. Hosts such as GitHub look for names of people,
 * issues and sites once more when those are undone: what a pack says goes into `markdownCode`.
 */
export function markdown(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N}\p{M} .,;?()%/+-]/gu, (character) =>
    /[^\u0020-\u007E]/.test(character) ? character : `&#${character.charCodeAt(0)};`,
  );
}

/** Returns text as a Markdown code span that the text cannot end. */
export function markdownCode(text: string): string {
  const line = printable(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return line === "" ? "` `" : `${fence} ${line} ${fence}`;
}

/**
 * Returns one CSV cell; what a spreadsheet would run as a formula starts with an apostrophe, also after a semicolon, which
 * some of them take for the end of a cell, and in full width.
 */
export function csvCell(value: string | number): string {
  const text = printable(String(value)).replace(/(^|;)(?=[\s"']*[=+\-@|%＝＋－＠])/g, "$1'");
  return `"${text.replaceAll('"', '""')}"`;
}

/** Returns JSON text whose strings are exact and yet harmless in a terminal, a log or an HTML page. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[^\n -~]|[<>&]|##(?=\w{0,16}\[)/gu, (character) => {
    if (character === "##") return "#\\u0023";
    return printable(character) === character && !/[<>&]/.test(character) ? character : escapeUnits(character);
  });
}

function escapeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}
