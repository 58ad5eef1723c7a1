/** How a scalar is written: `yaml` names these styles so. */
export type ScalarStyle = "PLAIN" | "QUOTE_SINGLE" | "QUOTE_DOUBLE" | "BLOCK_LITERAL" | "BLOCK_FOLDED";

/**
 * Returns the offset in the text of every UTF-16 code unit of a scalar's value, and of its end; undefined when the
 * scalar, read back here, is not that value. So a place inside is exact or not given. Source: YAML 1.2, chapters 7 and 8.
 */
export function scalarOffsets(
  text: string,
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): readonly number[] | undefined {
  const reader = new ScalarReader(text, end);
  if (style === "BLOCK_LITERAL" || style === "BLOCK_FOLDED") reader.readBlock(start, style === "BLOCK_FOLDED", value);
  else reader.readFlow(style === "PLAIN" ? start : start + 1, style === "PLAIN" ? end : end - 1, style);
  return reader.value === value ? [...reader.offsets, reader.position] : undefined;
}

/** A line break with the white space around it, and the empty lines after it. */
const FOLD = /[ \t]*(?:\r\n?|\n)(?:[ \t]*(?:\r\n?|\n))*[ \t]*/y;
const CODES: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };
const LETTERS: { readonly [letter: string]: string } = {
  0: "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

class ScalarReader {
  value = "";
  readonly offsets: number[] = [];
  position = 0;
  readonly #text: string;
  readonly #end: number;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  readFlow(start: number, end: number, style: ScalarStyle): void {
    this.position = start;
    while (this.position < end) {
      const at = this.position;
      FOLD.lastIndex = at;
      const fold = FOLD.exec(this.#text)?.[0];
      if (fold !== undefined) this.#take(foldedBreaks(fold), fold.length);
      else if (style === "QUOTE_DOUBLE" && this.#text[at] === "\\") this.#readEscape(at);
      else this.#take(this.#text.charAt(at), style === "QUOTE_SINGLE" && this.#text[at] === "'" ? 2 : 1);
    }
  }

  #readEscape(backslash: number): void {
    const letter = this.#text[backslash + 1] ?? "";
    const digits = Object.hasOwn(CODES, letter) ? (CODES[letter] as number) : 0;
    if (digits > 0) {
      const code = Number.parseInt(this.#text.slice(backslash + 2, backslash + 2 + digits), 16);
      this.#take(code <= 0x10ffff ? String.fromCodePoint(code) : "", digits + 2);
    } else if (letter === "\n" || letter === "\r") {
      // an escaped line break joins two lines without a space
      FOLD.lastIndex = backslash + 1;
      const fold = FOLD.exec(this.#text)?.[0] ?? "";
      const breaks = foldedBreaks(fold);
      this.#take(breaks === " " ? "" : breaks, fold.length + 1);
    } else this.#take(Object.hasOwn(LETTERS, letter) ? (LETTERS[letter] as string) : letter, 2);
  }

  readBlock(header: number, isFolded: boolean, value: string): void {
    let previous: string | undefined;
    let blanks = 0;
    let indent: number | undefined;
    let breakAt = header;
    for (const { start, end } of linesAfter(this.#text, header, this.#end)) {
      const line = this.#text.slice(start, end);
      // the spaces of the first line with text are indentation, but for those that its value keeps
      if (indent === undefined && /[^ ]/.test(line))
        indent = leadingSpaces(line) - leadingSpaces(value.replace(/^\n+/, ""));
      const content = indent === undefined ? "" : line.slice(indent);
      if (content === "") {
        blanks++;
        continue;
      }
      const isText = isFolded && previous !== undefined && !/^[ \t]/.test(content) && !/^[ \t]/.test(previous);
      const breaks = previous === undefined || isText ? blanks : blanks + 1;
      this.#take(isText && breaks === 0 ? " " : "\n".repeat(breaks), 0, breakAt);
      this.#take(content, content.length, start + (indent ?? 0));
      previous = content;
      blanks = 0;
      breakAt = end;
    }
    // what remains of the value is the line breaks that the header says to keep
    this.#take(/^\n*$/.test(value.slice(this.value.length)) ? value.slice(this.value.length) : "", 0, breakAt);
  }

  /** Adds decoded text that `length` units of the text stand for. */
  #take(decoded: string, length: number, at: number = this.position): void {
    for (let unit = 0; unit < decoded.length; unit++) this.offsets.push(length === decoded.length ? at + unit : at);
    this.value += decoded;
    this.position = at + length;
  }
}

// One break is a space; more are one line break fewer.
function foldedBreaks(fold: string): string {
  const count = fold.replaceAll("\r\n", "\n").replaceAll(/[ \t]/g, "").length;
  return count === 1 ? " " : "\n".repeat(count - 1);
}

const leadingSpaces = (text: string): number => text.length - text.replace(/^ +/, "").length;

function* linesAfter(
  text: string,
  from: number,
  until: number,
): Generator<{ readonly start: number; readonly end: number }> {
  const breaks = /\r\n?|\n/g;
  breaks.lastIndex = from;
  let start = (breaks.exec(text)?.index ?? until) + 1;
  if (text[start - 1] === "\r" && text[start] === "\n") start++;
  while (start < until) {
    breaks.lastIndex = start;
    const match = breaks.exec(text);
    const end = Math.min(match?.index ?? until, until);
    yield { start, end };
    start = match === null ? until : breaks.lastIndex;
  }
}
