import { createPaint, type Paint, wantsColor } from "./paint.ts";
import { maskSecrets, printable } from "promptpack";

/** Where a command speaks: data to standard output, messages to standard error. */
export interface Terminal {
  /** Colours for standard output. */
  readonly paint: Paint;
  readonly color: boolean;
  readonly errorColor: boolean;
  /** Writes lines for people; foreign text in them has passed through `printable`. */
  readonly print: (block: string) => void;
  /** Writes data for machines exactly as it is; its format keeps it harmless. */
  readonly write: (data: string) => void;
  /** Writes one line to standard error; the text may hold anything. */
  readonly say: (tone: "error" | "hint" | "note", text: string) => void;
  /** Writes lines of harmless text to standard error. */
  readonly sayBlock: (block: string) => void;
  /** Shows what is going on when standard error is a terminal; "" removes it. */
  readonly progress: (text: string) => void;
}

interface Sink {
  readonly write: (text: string) => unknown;
  readonly color: boolean;
  readonly isTerminal: boolean;
}

/** Returns a terminal on two sinks. */
export function createTerminal(output: Sink, errors: Sink): Terminal {
  const toned = createPaint(errors.color);
  const inks = { error: "red", hint: "cyan", note: "dim" } as const;
  return {
    paint: createPaint(output.color),
    color: output.color,
    errorColor: errors.color,
    print: (block) => void output.write(`${defuse(block)}\n`),
    write: (data) => void output.write(data),
    say: (tone, text) => void errors.write(`${toned(inks[tone], `${tone}:`)} ${defuse(printable(text))}\n`),
    sayBlock: (block) => void errors.write(`${defuse(block)}\n`),
    progress: (text) => {
      if (errors.isTerminal) errors.write(`\r\x1b[2K${printable(text)}`);
    },
  };
}

/** Returns the terminal of this process. A reader that goes away (`| head`) ends the output, not the verdict. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env, argv } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const sink = (stream: NodeJS.WriteStream): Sink => ({
    write: (text) => stream.write(text),
    color: wantsColor(env, argv, stream.isTTY),
    isTerminal: stream.isTTY,
  });
  return createTerminal(sink(stdout), sink(stderr));
}

/** Returns text of several lines, which the user asked for as it is, with each line made harmless; line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, (line) => printable(line, { mask: false }));
}

/** Returns JSON text, two spaces deep, whose strings are exact and yet harmless to print. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replace(/[^\n -~]/gu, (character) => (printable(character) === character ? character : escapeUnits(character)))
    .replace(LOG_MARK, "#\\u0023");
}

/** Returns a report as JSON text like `harmlessJson`, with credentials and personal data masked in strings and names. */
export function reportJson(value: unknown): string {
  return harmlessJson(masked(value));
}

function masked(value: unknown): unknown {
  if (typeof value === "string") return maskSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [maskSecrets(name), masked(member)]));
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}

/**
 * hostile: a line of a CI log that starts with `::`, or holds `##[` or `##vso[`, is a command to the runner
 * (add a mask, set a variable, stop commands); a pack's text must never be one.
 */
export function defuse(block: string): string {
  return block.replace(/^([^\S\r\n\u2028\u2029]*):(?=:)/gm, "$1\\u{3A}").replace(LOG_MARK, "#\\u{23}");
}

const LOG_MARK = /##(?=\w{0,16}\[)/g;
