import type { TextRange } from "../diagnostics/diagnostic.ts";

/** Copies a text in pieces and puts a replacement in the place of ranges; overlapping ranges are one. */
export class Redaction {
  readonly #ranges: (TextRange & { readonly replacement: string })[] = [];
  #position = 0;
  /** Up to here the text is replaced already. */
  #covered = 0;

  /** Adds ranges that start at or after the current position. */
  add(ranges: readonly TextRange[], replacement: string): void {
    for (const { start, end } of ranges) this.#ranges.push({ start, end, replacement });
    // Of two that start together the longer one decides, so that the order of discovery does not count.
    this.#ranges.sort((left, right) => left.start - right.start || (left.end === right.end ? 0 : right.end - left.end));
  }

  /** Returns the next piece of the text as it may be seen. */
  copy(piece: string): string {
    const start = this.#position;
    const end = (this.#position = start + piece.length);
    let text = "";
    let from = Math.max(start, Math.min(this.#covered, end));
    while (this.#ranges[0] !== undefined && this.#ranges[0].start < end) {
      const range = this.#ranges.shift() as TextRange & { readonly replacement: string };
      if (range.start >= this.#covered) text += piece.slice(from - start, range.start - start) + range.replacement;
      this.#covered = Math.max(this.#covered, range.end);
      from = Math.max(from, Math.min(this.#covered, end));
    }
    return text + piece.slice(from - start);
  }
}
