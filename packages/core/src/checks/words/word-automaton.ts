import { foldEach, kindOf } from "./fold-text.ts";

/** `word`: only between word boundaries. `substring`: anywhere. */
export type WordMatch = "word" | "substring";

// Small letters of the Cyrillic and Greek alphabets that are drawn like Latin ones, each before its double (UTS 39).
const LOOK_ALIKES = "аaеeоoрpсcуyхxіiјjѕsԁdһhοoαaνvιiρp";
const BOUNDARY = 1; // symbol 0 is "occurs in no word"
const MAX_ENTRIES = 1 << 20;
const DEPTH = 0;
const STATE = 1;
const FIRST_CLASS = 2;

/**
 * Aho-Corasick over folded code points, with a symbol for every change between word and non-word characters.
 * Transitions for ASCII are kept in rows that are made when they are first needed and dropped when there are too many,
 * so that a hostile list costs time in proportion to its length, and bounded memory beyond it.
 *
 * A state is a trie node times two, plus one when the last character was a word character.
 * A row holds the number of characters that may belong to a word, the state, and the next row for each class;
 * 0 means: not known, or a hit; then `next` decides.
 */
export class WordAutomaton {
  /** Row width and class for each ASCII unit. */
  readonly classes: Uint8Array;
  /** Length of each word in folded code points. */
  readonly lengths: readonly number[];
  table: Int32Array;

  readonly #width: number;
  readonly #symbols: Map<number, number>;
  readonly #classPoint: number[];
  readonly #trie: Trie;
  readonly #rowOf: Int32Array;
  #rows: number[] = [];

  constructor(words: readonly string[], match: WordMatch) {
    const symbols = new Map<number, number>();
    const trie = new Trie();
    this.lengths = words.map((word, index) => {
      const points: number[] = [];
      foldEach(word, (codePoint) => points.push(codePoint));
      if (points.length > 0) insert(trie, symbols, points, index, match);
      return points.length;
    });
    trie.link();
    for (const [foreign, latin] of LOOK_ALIKES.match(/../gu) ?? []) alias(symbols, foreign, latin);
    this.#symbols = symbols;
    this.#trie = trie;
    this.#rowOf = new Int32Array(trie.size * 2);
    this.classes = new Uint8Array(128);
    const classOf = new Map<string, number>();
    this.#classPoint = [0, 0];
    for (let unit = 0; unit < 128; unit++) {
      const folded = unit >= 65 && unit <= 90 ? unit + 32 : unit;
      const key = symbols.has(folded) ? `${folded}` : kindOf(folded).word ? "word" : "other";
      let known = classOf.get(key);
      if (known === undefined) {
        known = this.#classPoint.push(folded) - 1;
        classOf.set(key, known);
      }
      this.classes[unit] = known;
    }
    this.#width = this.#classPoint.length;
    this.table = new Int32Array(this.#width * 64);
  }

  /** The row of a state; call it again after any other call that may drop rows. */
  rowOf(state: number): number {
    return this.#rowOf[state] || this.#makeRow(state);
  }

  /** Returns the state after a folded code point. */
  next(state: number, codePoint: number): number {
    const word = kindOf(codePoint).word ? 1 : 0;
    let node = state >> 1;
    if (word !== (state & 1)) node = this.#trie.step(node, BOUNDARY);
    return this.#trie.step(node, this.#symbols.get(codePoint) ?? 0) * 2 + word;
  }

  /** Returns the index of the longest word that ends before the code point (-1: the end of the text), or -1. */
  hit(state: number, codePoint: number): number {
    const kind = codePoint < 0 ? undefined : kindOf(codePoint);
    const node = state >> 1;
    const bounded = kind?.word !== true ? (this.#trie.bounded[node] ?? 0) - 1 : -1;
    const plain = kind?.joined !== true ? (this.#trie.plain[node] ?? 0) - 1 : -1;
    return (this.lengths[bounded] ?? 0) >= (this.lengths[plain] ?? 0) ? bounded : plain;
  }

  /** Remembers that an ASCII class leads from one state to another without a hit; returns the new row. */
  remember(from: number, unit: number, to: number): number {
    const target = this.rowOf(to);
    // Making the target may have dropped the source.
    const source = this.#rowOf[from];
    if (source) this.table[source + (this.classes[unit] ?? 0)] = target;
    return target;
  }

  /** How many code points before the current place may belong to a word that ends later. */
  depth(state: number): number {
    return this.#trie.depths[state >> 1] ?? 0;
  }

  #makeRow(state: number): number {
    if ((this.#rows.length + 2) * this.#width > this.table.length) this.#makeRoom();
    const row = (this.#rows.push(state) as number) * this.#width;
    this.table[row + DEPTH] = this.depth(state);
    this.table[row + STATE] = state;
    this.#rowOf[state] = row;
    return row;
  }

  #makeRoom(): void {
    if (this.table.length * 2 > MAX_ENTRIES) {
      for (const state of this.#rows) this.#rowOf[state] = 0;
      this.#rows = [];
      this.table.fill(0);
      return;
    }
    const larger = new Int32Array(this.table.length * 2);
    larger.set(this.table);
    this.table = larger;
  }
}

export { DEPTH, STATE, FIRST_CLASS };

/** A trie with failure links, as columns. */
class Trie {
  readonly #children = new Map<number, number>();
  readonly #parents: number[] = [0];
  readonly #symbols: number[] = [0];
  readonly #levels: number[] = [0];
  #fails: Int32Array = new Int32Array(1);
  /** Folded code points from the root. */
  readonly depths: number[] = [0];
  /** Word index plus one: complete where a non-word character or the end follows. */
  readonly bounded: number[] = [0];
  /** Word index plus one: complete where no mark follows. */
  readonly plain: number[] = [0];

  get size(): number {
    return this.depths.length;
  }

  child(node: number, symbol: number): number {
    const key = childKey(node, symbol);
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const made = this.depths.push((this.depths[node] ?? 0) + (symbol === BOUNDARY ? 0 : 1)) - 1;
    this.#children.set(key, made);
    this.#parents.push(node);
    this.#symbols.push(symbol);
    this.#levels.push((this.#levels[node] ?? 0) + 1);
    this.bounded.push(0);
    this.plain.push(0);
    return made;
  }

  step(from: number, symbol: number): number {
    if (symbol === 0) return 0;
    for (let node = from; ; node = this.#fails[node] ?? 0) {
      const found = this.#children.get(childKey(node, symbol));
      if (found !== undefined) return found;
      if (node === 0) return 0;
    }
  }

  link(): void {
    this.#fails = new Int32Array(this.size);
    const byLevel: number[][] = [];
    this.#levels.forEach((level, node) => (byLevel[level] ??= []).push(node));
    for (const node of byLevel.slice(1).flat()) {
      const parent = this.#parents[node] ?? 0;
      const fail = parent === 0 ? 0 : this.step(this.#fails[parent] ?? 0, this.#symbols[node] ?? 0);
      this.#fails[node] = fail;
      this.bounded[node] ||= this.bounded[fail] ?? 0;
      this.plain[node] ||= this.plain[fail] ?? 0;
    }
  }
}

/** hostile: "bаnned" with a Cyrillic а is read as "banned", unless the words themselves use that letter. */
function alias(symbols: Map<number, number>, foreign = "", latin = ""): void {
  const [from, to] = [foreign.charCodeAt(0), symbols.get(latin.charCodeAt(0))];
  if (to !== undefined && !symbols.has(from)) symbols.set(from, to);
}

// Up to 2^20 symbols, far more than there are code points in use.
const childKey = (node: number, symbol: number): number => node * 0x200000 + symbol;

function insert(
  trie: Trie,
  symbols: Map<number, number>,
  points: readonly number[],
  index: number,
  match: WordMatch,
): void {
  let node = 0;
  let previous = match === "word" ? false : kindOf(points[0] ?? 0).word;
  for (const codePoint of points) {
    let symbol = symbols.get(codePoint);
    if (symbol === undefined) symbols.set(codePoint, (symbol = symbols.size + BOUNDARY + 1));
    const { word } = kindOf(codePoint);
    if (word !== previous) node = trie.child(node, BOUNDARY);
    node = trie.child(node, symbol);
    previous = word;
  }
  const ends = match === "word" && previous ? trie.bounded : trie.plain;
  ends[node] ||= index + 1;
}
