import { findAll } from "../../ground/find-all.ts";
import { raise } from "../../ground/finding.ts";
import type { PackText } from "../../ground/texts.ts";
import { type Note, rangeOf } from "./note.ts";

const LOOK_ALIKES = new Map(
  Array.from(
    "аaеeоoрpсcуyхxіiјjѕsԁdһhвbкkмmнhтtАAВBЕEКKМMНHОOРPСCТTХXІIЈJЅSοoαaνvιiκkρpτtυuχxΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX".matchAll(
      /(.)(.)/gu,
    ),
    ([, foreign, latin]) => [foreign as string, latin as string] as const,
  ),
);
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const OTHER_ALPHABET = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u;

/** mixed-script: a word of Latin letters with letters of another alphabet that look the same. Source: UTS 39, 5.2. */
export function checkScripts({ text, place, atKey }: PackText, note: Note): void {
  if (!OTHER_ALPHABET.test(text)) return;
  for (const match of findAll(text, WORD)) {
    const [word] = match;
    if (!OTHER_ALPHABET.test(word) || !/\p{Script=Latin}/u.test(word)) continue;
    if (!Array.from(word).some((letter) => LOOK_ALIKES.has(letter)) && !/\p{Script=Cyrillic}/u.test(word)) continue;
    const severity = place === "tool" || atKey ? raise("medium") : "medium";
    note(
      "mixed-script",
      severity,
      `the word reads as "${foldLookAlikes(word)}" but mixes letters of several scripts`,
      rangeOf(match),
    );
  }
}

/** Returns text with the letters of other alphabets that look Latin replaced by the Latin ones. */
export function foldLookAlikes(text: string): string {
  return OTHER_ALPHABET.test(text) ? text.replace(/./gu, (letter) => LOOK_ALIKES.get(letter) ?? letter) : text;
}
