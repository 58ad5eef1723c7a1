import { foldMarks, foldPoint, MARK_BLOCK } from "./fold-text.ts";
import { DEPTH, STATE, type WordAutomaton } from "./word-automaton.ts";

/** A part of a raw text that holds a word, in UTF-16 code units from the start of the text. */
export interface WordHit {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Looks for words in a text that comes in pieces; the answer does not depend on where the pieces are cut.
 * Time is linear in the text. What is remembered is bounded by the longest word.
 */
export class WordScan {
  /** The first hit, or undefined so far. */
  first: WordHit | undefined;

  readonly #words: WordAutomaton;
  readonly #onHit: ((hit: WordHit) => void) | undefined;
  readonly #places = new Places();
  #state = 0;
  /** Raw code units so far. */
  #length = 0;
  /** Folded code points so far; in a run of ASCII it is the raw offset less the shift instead. */
  #folded = 0;
  #shift = 0;
  // A high surrogate or marks that wait for what follows.
  #surrogate = 0;
  #marks = "";
  #markCount = 0;
  #marksStart = 0;

  /** With `onHit`, every hit is told; without it, the scan stops at the first. */
  constructor(words: WordAutomaton, onHit?: (hit: WordHit) => void) {
    this.#words = words;
    this.#onHit = onHit;
  }

  /** Takes the next piece; returns how many code units from the start of the text no later hit can touch. */
  push(delta: string): number {
    const words = this.#words;
    const start = this.#length;
    const size = delta.length;
    this.#length += size;
    if (this.#stopped) return start;
    const { classes } = words;
    let index = this.#surrogate !== 0 || this.#markCount > 0 ? this.#scanOther(delta, 0, start) : 0;
    let row = words.rowOf(this.#state);
    let { table } = words;
    while (index < size) {
      const unit = delta.charCodeAt(index);
      if (unit < 128) {
        const next = table[row + (classes[unit] as number)] as number;
        if (next > 0) {
          row = next;
          index++;
          continue;
        }
      }
      this.#state = table[row + STATE] as number;
      index = unit < 128 ? this.#scanUnknown(unit, index, start) : this.#enterOther(delta, index, start);
      if (this.#stopped) return start;
      row = words.rowOf(this.#state);
      table = words.table;
    }
    this.#state = table[row + STATE] as number;
    const depth = table[row + DEPTH] as number;
    const open = (this.#waiting ? this.#folded : this.#length - this.#shift) - depth;
    return this.#places.empty ? open : this.#places.settle(open);
  }

  /** Ends the text; returns the first hit. */
  finish(): WordHit | undefined {
    if (this.#stopped) return this.first;
    if (!this.#waiting) this.#folded = this.#length - this.#shift;
    if (this.#surrogate !== 0) this.#point(this.#surrogate, this.#length - 1, this.#length);
    this.#surrogate = 0;
    this.#flushMarks(this.#length);
    if (!this.#stopped) this.#look(-1, this.#length);
    return this.first;
  }

  get #stopped(): boolean {
    return this.first !== undefined && this.#onHit === undefined;
  }

  get #waiting(): boolean {
    return this.#surrogate !== 0 || this.#markCount > 0;
  }

  /** Takes an ASCII unit whose transition is not known, or is a hit. */
  #scanUnknown(unit: number, index: number, start: number): number {
    const before = this.#state;
    this.#folded = start + index - this.#shift;
    const codePoint = unit >= 65 && unit <= 90 ? unit + 32 : unit;
    const hit = this.#look(codePoint, start + index);
    this.#state = this.#words.next(before, codePoint);
    if (!hit) this.#words.remember(before, unit, this.#state);
    return index + 1;
  }

  #enterOther(delta: string, index: number, start: number): number {
    this.#folded = start + index - this.#shift;
    return this.#scanOther(delta, index, start);
  }

  /** Takes what is not plain ASCII; returns where plain ASCII goes on. */
  #scanOther(delta: string, from: number, start: number): number {
    let index = from;
    while (index < delta.length && !this.#stopped) {
      const unit = delta.charCodeAt(index);
      const at = start + index;
      if (this.#surrogate !== 0) {
        const high = this.#surrogate;
        this.#surrogate = 0;
        const paired = unit >= 0xdc00 && unit <= 0xdfff;
        if (paired) this.#point((high - 0xd800) * 0x400 + unit - 0xdc00 + 0x10000, at - 1, at + 1);
        else this.#point(high, at - 1, at);
        if (paired) index++;
        continue;
      }
      if (unit < 128) {
        this.#flushMarks(at);
        break;
      }
      if (unit >= 0xd800 && unit <= 0xdbff) this.#surrogate = unit;
      else this.#point(unit, at, at + 1);
      index++;
    }
    const end = start + index;
    this.#shift = end - this.#folded;
    const waits = this.#markCount > 0 ? this.#marksStart : this.#surrogate !== 0 ? end - 1 : end;
    this.#places.add(this.#folded, waits, false);
    return index;
  }

  #point(codePoint: number, start: number, end: number): void {
    const { points, extending } = foldPoint(codePoint);
    if (points.length === 0) return;
    if (!extending || this.#markCount === MARK_BLOCK) this.#flushMarks(start);
    if (extending) {
      if (this.#markCount++ === 0) this.#marksStart = start;
      this.#marks += String.fromCodePoint(codePoint);
    } else this.#take(points, start, end);
  }

  #flushMarks(end: number): void {
    if (this.#markCount === 0) return;
    const points = foldMarks(this.#marks);
    this.#marks = "";
    this.#markCount = 0;
    this.#take(points, this.#marksStart, end);
  }

  #take(points: readonly number[], start: number, end: number): void {
    this.#places.add(this.#folded, start, points.length !== 1 || end - start !== 1);
    for (let index = 0; index < points.length && !this.#stopped; index++) {
      const codePoint = points[index] as number;
      this.#look(codePoint, index === 0 ? start : end);
      this.#state = this.#words.next(this.#state, codePoint);
      this.#folded++;
    }
  }

  /** Returns whether a word ended right before a code point. */
  #look(codePoint: number, end: number): boolean {
    const word = this.#words.hit(this.#state, codePoint);
    if (word < 0) return false;
    const folded = this.#folded - (this.#words.lengths[word] ?? 0);
    const hit = { word, start: this.#places.empty ? folded : this.#places.rawOf(folded), end };
    this.first ??= hit;
    this.#onHit?.(hit);
    return true;
  }
}

/** Where folded code points stand in the raw text: one entry wherever the distance between the two changes. */
class Places {
  #folded: number[] = [0];
  #raw: number[] = [0];
  /** True where several folded code points stand for one raw place. */
  #flat: boolean[] = [false];
  empty = true;

  add(folded: number, raw: number, flat: boolean): void {
    const last = this.#folded.length - 1;
    const lastFolded = this.#folded[last] as number;
    if (!flat && !this.#flat[last] && raw - folded === (this.#raw[last] as number) - lastFolded) return;
    this.empty = false;
    const at = lastFolded === folded ? last : last + 1;
    this.#folded[at] = folded;
    this.#raw[at] = raw;
    this.#flat[at] = flat;
  }

  rawOf(folded: number): number {
    const at = this.#find(folded);
    return (this.#raw[at] as number) + (this.#flat[at] ? 0 : folded - (this.#folded[at] as number));
  }

  /** Returns the raw place and forgets what lies before it. */
  settle(folded: number): number {
    const at = this.#find(folded);
    if (at > 64 && at * 2 > this.#folded.length) {
      this.#folded = this.#folded.slice(at);
      this.#raw = this.#raw.slice(at);
      this.#flat = this.#flat.slice(at);
    }
    return this.rawOf(folded);
  }

  #find(folded: number): number {
    let low = 0;
    let high = this.#folded.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#folded[middle] as number) <= folded) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
