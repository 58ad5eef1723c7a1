import type { TextRange } from "../../ground/finding.ts";
import { foldLookAlikes } from "./check-scripts.ts";

/** Words in order, folded so that disguises do not count, each with its place when the text could be kept. */
export interface Word {
  readonly word: string;
  readonly range: TextRange | undefined;
}

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u{E0000}-\u{E0FFF}]/gu;

/** Returns the words of a text in lower case, with compatibility forms, look-alikes and invisible characters folded. */
export function wordsOf(text: string): Word[] {
  const isPlain = !/[^\t\n\r -~]/.test(text);
  const folded = isPlain ? text : foldLookAlikes(text.normalize("NFKC").replace(INVISIBLE, ""));
  const keepsPlaces = folded.length === text.length;
  return Array.from(folded.toLowerCase().matchAll(/[a-z0-9]+(?:['’][a-z]+)?/g), (match) => ({
    word: match[0].replace(/['’]/, ""),
    range: keepsPlaces ? { start: match.index, end: match.index + match[0].length } : undefined,
  }));
}

/** A word's first and last letter and those between in order: what readers, and models, recognise when letters swap. */
export function scrambleKey(word: string): string {
  return word.length < 5 ? word : `${word[0]}${Array.from(word.slice(1, -1)).sort().join("")}${word.at(-1)}`;
}
