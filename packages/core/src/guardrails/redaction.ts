import type { TextRange } from "../diagnostics/diagnostic.ts";

type Replaced = TextRange & { readonly replacement: string };

/** Copies a text in pieces and puts a replacement in the place of ranges; overlapping ranges are one. */
export class Redaction {
  #ranges: Replaced[] = [];
  /** The first that is not copied yet. */
  #next = 0;
  #isSorted = true;
  #position = 0;
  /** Up to here the text is replaced already. */
  #covered = 0;

  /** Adds ranges that start at or after the current position. */
  add(ranges: readonly TextRange[], replacement: string): void {
    for (const { start, end } of ranges) {
      const range = { start, end, replacement };
      this.#isSorted &&= inOrder(this.#ranges.at(-1) ?? range, range) <= 0;
      this.#ranges.push(range);
    }
  }

  /** Returns the next piece of the text as it may be seen. */
  copy(piece: string): string {
    if (piece === "") return "";
    // hostile: a model finds thousands of faults before the first of them is copied
    if (!this.#isSorted) {
      this.#ranges = this.#ranges.slice(this.#next).sort(inOrder);
      this.#next = 0;
      this.#isSorted = true;
    }
    const start = this.#position;
    const end = (this.#position = start + piece.length);
    let text = "";
    let from = Math.max(start, Math.min(this.#covered, end));
    for (; this.#next < this.#ranges.length; this.#next++) {
      const range = this.#ranges[this.#next] as Replaced;
      if (range.start >= end) break;
      if (range.start >= this.#covered) text += piece.slice(from - start, range.start - start) + range.replacement;
      this.#covered = Math.max(this.#covered, range.end);
      from = Math.max(from, Math.min(this.#covered, end));
    }
    if (this.#next * 2 > this.#ranges.length) {
      this.#ranges = this.#ranges.slice(this.#next);
      this.#next = 0;
    }
    return text + piece.slice(from - start);
  }
}

/** Of two that start together the longer one decides, so that the order of discovery does not count. */
const inOrder = (left: Replaced, right: Replaced): number =>
  left.start - right.start || (left.end === right.end ? 0 : right.end - left.end);
