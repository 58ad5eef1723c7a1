import type { Position, Span } from "../../diagnostics/diagnostic.ts";

/** Turns offsets of one text into lines and columns. */
export interface LineMap {
  /** Returns the span from an offset up to, not including, another. */
  span(start: number, end: number): Span;
}

/** Finds the lines of a text; `\n`, `\r\n` and `\r` end one. Columns count UTF-16 code units, as editors do. */
export function createLineMap(text: string, file?: string): LineMap {
  let starts: number[] | undefined;
  const position = (offset: number): Position => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { offset, line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
  return {
    span: (start, end) => ({ ...(file === undefined ? {} : { file }), start: position(start), end: position(end) }),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 10 || (unit === 13 && text.charCodeAt(index + 1) !== 10)) starts.push(index + 1);
  }
  return starts;
}
