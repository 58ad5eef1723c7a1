const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

export type StringReading =
  | { readonly value: string; readonly end: number }
  | { readonly fault: string; readonly position: number };

/** Reads the JSON string that starts with the quote at an offset; `end` is the offset after its closing quote. */
export function readString(text: string, start: number): StringReading {
  let value = "";
  let from = start + 1;
  for (let index = from; ; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x22) return { value: value + text.slice(from, index), end: index + 1 };
    if (unit === 0x5c) {
      const escape = readEscape(text, index);
      if (escape === undefined)
        return { fault: "a backslash in a string starts no escape that JSON knows", position: index };
      value += text.slice(from, index) + escape.value;
      from = escape.end;
      index = escape.end - 1;
    } else if (unit < 0x20) {
      return { fault: "a string holds a control character; JSON wants it escaped", position: index };
    } else if (Number.isNaN(unit)) {
      return { fault: "the text ends inside a string", position: text.length };
    }
  }
}

/**
 * Returns the offset in the text of the UTF-16 code unit of a decoded string that comes so many `units` after the one
 * written at `from`; past the end of the string it is that of its closing quote.
 */
export function offsetInString(text: string, from: number, units: number): number {
  let offset = from;
  for (let decoded = 0; decoded < units; decoded++) {
    const code = text.charCodeAt(offset);
    if (code === 0x22 || Number.isNaN(code)) return offset;
    offset = code === 0x5c ? (readEscape(text, offset)?.end ?? offset + 1) : offset + 1;
  }
  return offset;
}

function readEscape(text: string, backslash: number): { readonly value: string; readonly end: number } | undefined {
  const letter = text[backslash + 1] ?? "";
  if (letter === "u") {
    const hex = text.slice(backslash + 2, backslash + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(hex)) return undefined;
    return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: backslash + 6 };
  }
  const value = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  return value === undefined ? undefined : { value, end: backslash + 2 };
}
