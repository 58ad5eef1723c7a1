import { countCodePoints } from "../json/code-points.ts";
import type { Severity } from "./codes.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { printable } from "./printable.ts";

export interface FormatOptions {
  /** What was parsed, as text or bytes; without it there are no code frames. */
  readonly source?: string | Uint8Array;
  /** Adds ANSI colours; false when absent. */
  readonly color?: boolean;
}

const COLORS: { readonly [severity in Severity]: number } = { error: 31, warning: 33, info: 36 };
/** Columns that a line of a frame takes when nothing in it is escaped; longer lines are cut around the place. */
const WIDTH = 100;

/** How far around what is shown credentials are looked for; a private key has some 3 300 characters. */
const LONGEST = 4096;

/** Returns diagnostics as text for people: place, severity, message, a code frame and the hint; hostile text is harmless in it. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  const paint = (code: number, text: string): string =>
    options.color === true ? `\u001b[${code}m${text}\u001b[39m` : text;
  const { source } = options;
  // spans do not count a byte order mark; a decoder of bytes drops it
  const text = typeof source === "string" ? source.replace(/^\uFEFF/, "") : source && new TextDecoder().decode(source);
  return diagnostics.map((diagnostic) => formatOne(diagnostic, text, paint)).join("\n\n");
}

type Paint = (code: number, text: string) => string;

function formatOne(diagnostic: Diagnostic, source: string | undefined, paint: Paint): string {
  const { code, severity, message, pointer, span, hint, related = [] } = diagnostic;
  const place = [span === undefined ? "" : formatPlace(span), printable(pointer)].filter((part) => part !== "");
  const lines = [`${paint(COLORS[severity], severity)} ${code}: ${printable(message)}`];
  if (place.length > 0) lines.push(`  at ${place.join("  ")}`);
  if (span !== undefined && source !== undefined && mayShow(diagnostic, source))
    lines.push(...frame(source, span, paint, COLORS[severity]));
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  for (const { message: why, pointer: where, span: at } of related) {
    lines.push(`  see ${at === undefined ? printable(where) : formatPlace(at)}: ${printable(why)}`);
  }
  return lines.join("\n");
}

/** Returns "file:line:column", or the last two. */
export function formatPlace({ file, start }: Span): string {
  return `${file === undefined ? "" : `${printable(file)}:`}${start.line}:${start.column}`;
}

// hostile: what is no JSON object at all may be a file of secrets, named by mistake or by design
function mayShow({ code, layer }: Diagnostic, source: string): boolean {
  return code !== "SECRET_IN_TEXT" && (layer !== "document" || /^\s*\{/.test(source));
}

function frame(source: string, { start, end }: Span, paint: Paint, color: number): string[] {
  const [line = ""] = source.slice(start.offset - start.column + 1).split(/[\r\n]/, 1);
  const cut = (width: number): number => Math.max(0, Math.min(start.column - 1 - width / 2, line.length - width));
  // A code unit takes two columns at most, so that half as many fit in any case.
  const width = columns(line.slice(cut(WIDTH), cut(WIDTH) + WIDTH)) > WIDTH ? WIDTH / 2 : WIDTH;
  const from = cut(width);
  const to = from + width;
  // A credential that begins before what is shown is seen whole; its mask is as long as it is, so that the marks fit.
  const seenFrom = Math.max(0, from - LONGEST);
  const seen = maskSecrets(line.slice(seenFrom, to + LONGEST), (secret) => "•".repeat(secret.length));
  const show = (first: number, last: number): string => printable(seen.slice(first - seenFrom, last - seenFrom));
  const until = end.line === start.line ? Math.min(end.column - 1, to) : to;
  const before = `${from > 0 ? "…" : ""}${show(from, start.column - 1)}`;
  const marked = show(start.column - 1, until);
  const after = `${show(until, to)}${to < line.length ? "…" : ""}`;
  const gutter = `${start.line}`.padStart(4);
  return [
    `${gutter} | ${before}${marked}${after}`,
    `${" ".repeat(gutter.length)} | ${" ".repeat(columns(before))}${paint(color, "^".repeat(columns(marked) || 1))}`,
  ];
}

/** Returns how many columns a terminal gives to a text: two to emoji and East Asian letters, none to marks on a letter. */
function columns(text: string): number {
  return countCodePoints(text.replace(unevenly(), (_, mark?: string) => (mark === undefined ? "  " : "")));
}

const unevenly = (): RegExp =>
  /([\p{Mn}\p{Me}])|\P{M}\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFF}\p{Emoji_Presentation}]/gu;
