import type { Severity } from "./codes.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { printable } from "./printable.ts";

export interface FormatOptions {
  /** The text that the spans point into; without it there are no code frames. */
  readonly source?: string;
  /** Adds ANSI colours; false when absent. */
  readonly color?: boolean;
}

const COLORS: { readonly [severity in Severity]: number } = { error: 31, warning: 33, info: 36 };
/** What a line of a frame shows at most, in UTF-16 code units; longer lines are cut around the place. */
const WIDTH = 100;

/** How far around what is shown credentials are looked for; a private key has some 3 300 characters. */
const LONGEST = 4096;

/** Returns diagnostics as text for people: place, severity, message, a code frame and the hint; hostile text is harmless in it. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  const paint = (code: number, text: string): string =>
    options.color === true ? `\u001b[${code}m${text}\u001b[39m` : text;
  return diagnostics.map((diagnostic) => formatOne(diagnostic, options.source, paint)).join("\n\n");
}

type Paint = (code: number, text: string) => string;

function formatOne(diagnostic: Diagnostic, source: string | undefined, paint: Paint): string {
  const { code, severity, message, pointer, span, hint, related = [] } = diagnostic;
  const place = [span && formatPlace(span), pointer === "" ? undefined : printable(pointer)].filter(
    (part) => part !== undefined,
  );
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

function formatPlace({ file, start }: Span): string {
  return `${file === undefined ? "" : `${printable(file)}:`}${start.line}:${start.column}`;
}

// hostile: what is no JSON object at all may be a file of secrets, named by mistake or by design
function mayShow({ code, layer }: Diagnostic, source: string): boolean {
  return code !== "SECRET_IN_TEXT" && (layer !== "document" || /^\s*\{/.test(source));
}

function frame(source: string, { start, end }: Span, paint: Paint, color: number): string[] {
  const lineStart = start.offset - start.column + 1;
  const breakAt = source.slice(lineStart).search(/[\r\n]/);
  const line = breakAt < 0 ? source.slice(lineStart) : source.slice(lineStart, lineStart + breakAt);
  const from = Math.max(0, Math.min(start.column - 1 - WIDTH / 2, line.length - WIDTH));
  // A credential that begins before what is shown is seen whole; its mask is as long as it is, so that the marks fit.
  const seenFrom = Math.max(0, from - LONGEST);
  const shown = maskSecrets(line.slice(seenFrom, from + WIDTH + LONGEST), (secret) => "•".repeat(secret.length)).slice(
    from - seenFrom,
    from - seenFrom + WIDTH,
  );
  const until = end.line === start.line ? Math.min(end.column - 1, from + WIDTH) : from + shown.length;
  const before = printable(shown.slice(0, start.column - 1 - from));
  const marked = printable(shown.slice(start.column - 1 - from, until - from));
  const after = printable(shown.slice(until - from));
  const cutLeft = from > 0 ? "…" : "";
  const cutRight = from + WIDTH < line.length ? "…" : "";
  const gutter = `${start.line}`.padStart(4);
  return [
    `${gutter} | ${cutLeft}${before}${marked}${after}${cutRight}`,
    `${" ".repeat(gutter.length)} | ${" ".repeat(cutLeft.length + before.length)}${paint(color, "^".repeat(Math.max(1, marked.length)))}`,
  ];
}
