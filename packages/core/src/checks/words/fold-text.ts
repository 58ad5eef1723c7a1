/**
 * How words are compared (RULINGS 20): without invisible characters, by compatibility decomposition (two texts have
 * one NFKC form exactly when they have one NFKD form, and only NFKD can be made character by character),
 * with full case folding. Marks are put in canonical order in blocks of 30 (UAX 15, stream-safe text).
 */
// The patterns stand in functions, because classes of Unicode characters take long to make, and most imports need none.
const isIgnorable = (text: string): boolean => /\p{Default_Ignorable_Code_Point}/u.test(text);
// FF9E and FF9F are letters whose decomposition is a mark.
const isExtending = (text: string): boolean => /[\p{M}\uFF9E\uFF9F]/u.test(text);
const isWord = (text: string): boolean => /[\p{L}\p{N}\p{M}_]/u.test(text);
// Scripts that put no spaces between words have no word boundaries to find.
const isUnspaced = (text: string): boolean =>
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u.test(text);
// A mark, or a Hangul vowel or final consonant, belongs to the character before it.
const isJoined = (text: string): boolean => /[\p{M}\u1160-\u11FF\uD7B0-\uD7FF]/u.test(text);

export const MARK_BLOCK = 30;

/** What a raw code point becomes. */
export interface Folded {
  /** The folded code points; empty for an invisible character. */
  readonly points: readonly number[];
  readonly extending: boolean;
}

/** What a folded code point is. */
export interface PointKind {
  readonly word: boolean;
  /** Part of the character before it. */
  readonly joined: boolean;
}

const CACHE_SIZE = 4096;

/** Returns the same answers as the function, remembered for a bounded number of code points. */
function remember<T>(make: (text: string) => T): (codePoint: number) => T {
  const known = new Map<number, T>();
  return (codePoint) => {
    const found = known.get(codePoint);
    if (found !== undefined) return found;
    const made = make(String.fromCodePoint(codePoint));
    // hostile: texts choose the code points, so the cache must not grow with them
    if (known.size >= CACHE_SIZE) known.clear();
    known.set(codePoint, made);
    return made;
  };
}

export const foldPoint: (codePoint: number) => Folded = remember((text) => ({
  points: isIgnorable(text) ? [] : foldCase(text.normalize("NFKD")),
  extending: isExtending(text),
}));

export const kindOf: (codePoint: number) => PointKind = remember((text) => ({
  word: isWord(text) && !isUnspaced(text),
  joined: isJoined(text),
}));

/** Returns the folded code points of at most MARK_BLOCK extending characters, in canonical order. */
export function foldMarks(marks: string): readonly number[] {
  return foldCase(marks.normalize("NFKD"));
}

/** Calls `step` with every folded code point of a text. */
export function foldEach(text: string, step: (codePoint: number) => void): void {
  let marks = "";
  let count = 0;
  const flush = (): void => {
    if (count > 0) foldMarks(marks).forEach(step);
    marks = "";
    count = 0;
  };
  for (let index = 0; index < text.length;) {
    const codePoint = text.codePointAt(index) ?? 0;
    index += codePoint > 0xffff ? 2 : 1;
    const { points, extending } = foldPoint(codePoint);
    if (points.length === 0) continue;
    if (!extending || count === MARK_BLOCK) flush();
    if (extending) {
      marks += String.fromCodePoint(codePoint);
      count++;
    } else points.forEach(step);
  }
  flush();
}

/** Returns a text in the form in which words are compared. */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const parts: string[] = [];
  foldEach(text, (codePoint) => parts.push(String.fromCodePoint(codePoint)));
  return parts.join("");
}

/** Returns whether a folded text holds a folded literal that does not end inside a combined character. */
export function includesFolded(folded: string, literal: string): boolean {
  for (let at = folded.indexOf(literal); at >= 0; at = folded.indexOf(literal, at + 1)) {
    const next = folded.codePointAt(at + literal.length);
    if (next === undefined || next < 128 || !kindOf(next).joined) return true;
  }
  return false;
}

const NON_ASCII = /[^\x00-\x7f]/;
// One byte for each unit, and enough for most answers; the engine copies faster than a pattern reads.
const SCRATCH = new Uint8Array(4096);
const encoder = new TextEncoder();

export function isAscii(text: string): boolean {
  if (text.length > SCRATCH.length) return !NON_ASCII.test(text);
  const { read, written } = encoder.encodeInto(text, SCRATCH);
  return read === text.length && written === read;
}

function foldCase(text: string): number[] {
  const points: number[] = [];
  for (const character of text) {
    // Lower, upper, lower is full case folding for single characters: ẞ, ß and SS meet in "ss", ς and Σ in "σ".
    for (const folded of character.toLowerCase().toUpperCase().toLowerCase()) {
      if (!isIgnorable(folded)) points.push(folded.codePointAt(0) ?? 0);
    }
  }
  return points;
}
