import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldEach, foldText, includesFolded, kindOf } from "./fold-text.ts";
import { WordScan, type WordHit } from "./scan-words.ts";
import { WordAutomaton, type WordMatch } from "./word-automaton.ts";

const found = (words: readonly string[], text: string, match: WordMatch = "word"): boolean => {
  const scan = new WordScan(new WordAutomaton(words, match));
  scan.push(text);
  return scan.finish() !== undefined;
};

/** The rule written the slow way: every word at every place of the folded text. */
function expected(words: readonly string[], text: string, match: WordMatch): boolean {
  const used = new Set(words.flatMap(pointsOf));
  // a letter that is drawn like a Latin one is that one, unless the words use it
  const points = pointsOf(text).map((point) => (used.has(point) ? point : (LATIN.get(point) ?? point)));
  return words.some((word) => {
    const wanted = pointsOf(word);
    if (wanted.length === 0) return false;
    const isWord = (point: number | undefined): boolean => point !== undefined && kindOf(point).word;
    return points.some((_, at) => {
      if (!wanted.every((point, index) => points[at + index] === point)) return false;
      const next = points[at + wanted.length];
      const bounded = match === "word";
      if (bounded && isWord(wanted[0]) && isWord(points[at - 1])) return false;
      if (bounded && isWord(wanted.at(-1))) return !isWord(next);
      return next === undefined || !kindOf(next).joined;
    });
  });
}

const LATIN = new Map(
  Object.entries({ а: "a", е: "e", о: "o", р: "p", с: "c", у: "y", х: "x", і: "i", ј: "j", ѕ: "s", ԁ: "d", һ: "h" })
    .concat(Object.entries({ ο: "o", α: "a", ν: "v", ι: "i", ρ: "p" }))
    .map(([foreign, latin]) => [foreign.charCodeAt(0), latin.charCodeAt(0)]),
);

function pointsOf(text: string): number[] {
  const points: number[] = [];
  foldEach(text, (point) => points.push(point));
  return points;
}

describe("word matching", () => {
  it.each([
    ["banned", "this is ban\u200bned"],
    ["banned", "this is \uff42\uff41\uff4e\uff4e\uff45\uff44"],
    ["banned", "ban\u00adned"],
    ["übel", "das ist ÜBEL"],
    ["café", "Un cafe\u0301 noir"],
    ["cafe\u0301", "Un CAFÉ noir"],
    ["机密", "这是机密文件"],
    ["c++", "I like C++ most"],
    ["@all", "x@all hands"],
    ["straße", "STRASSE"],
    ["foo-bar", "a foo-bar."],
    ["fin", "the \ufb01n"],
    ["banned", "b\u0430nned"],
    ["banned", "B\u0410NN\u0415D"],
    ["𝕏y", "an 𝐗Y"],
    ["a\u0323\u0301", "a\u0301\u0323"],
  ])("finds %j in %j", (word, text) => {
    expect(found([word], text)).toBe(true);
  });

  it.each([
    ["ass", "First class passage"],
    ["a.c", "abc"],
    ["cafe", "Un café noir"],
    ["cafe", "Un cafe\u0301 noir"],
    ["foo", "foo_bar foo1 xfoo"],
    ["cop", "\u0441\u043e\u0440a"],
    ["\u0441op", "cop"],
    ["", "anything"],
    ["\u200b", "any\u200bthing"],
  ])("does not find %j in %j", (word, text) => {
    expect(found([word], text)).toBe(false);
  });

  it("finds parts of words in substring mode, but never half of a combined character", () => {
    expect(found(["ass"], "First class", "substring")).toBe(true);
    expect(found(["cafe"], "cafés", "substring")).toBe(false);
    expect(found(["가"], "각", "substring")).toBe(false);
  });

  it("tells which word was found and where", () => {
    const scan = new WordScan(new WordAutomaton(["one", "two"], "word"));
    scan.push("\u{1f600} a T\u00adW\u200bO b");
    expect(scan.finish()).toEqual({ word: 1, start: 5, end: 10 });
  });

  it("finds words after a character that decomposes into several", () => {
    expect(found(["cat"], "\u00bd cat")).toBe(true);
    const hits: WordHit[] = [];
    const scan = new WordScan(new WordAutomaton(["cat"], "word"), (hit) => hits.push(hit));
    scan.push("\u33a5\u00bd cat, \u00e9cat cat");
    scan.finish();
    expect(hits).toEqual([
      { word: 0, start: 3, end: 6 },
      { word: 0, start: 13, end: 16 },
    ]);
  });

  it("agrees with includes for folded literals", () => {
    expect(includesFolded(foldText("Grüße an alle"), foldText("GRÜSSE"))).toBe(true);
    expect(includesFolded(foldText("cafe\u0301 cafe"), foldText("cafe"))).toBe(true);
    expect(includesFolded(foldText("cafe\u0301"), foldText("cafe"))).toBe(false);
  });
});

const letters = fc.constantFrom(
  ..."aabbcc  --+_1AB",
  "é",
  "e\u0301",
  "\u0301",
  "\u0323",
  "\u200b",
  "\u00ad",
  "ß",
  "S",
  "s",
  "\uff41",
  "\ufb01",
  "f",
  "i",
  "\ud83d",
  "\ude00",
  "\u{1f600}",
  "\u{1d400}",
  "机",
  "密",
  "가",
  "\u1100",
  "\u1161",
  "\u11a8",
  "ｶ",
  "\uff9e",
  "\u0345",
  "½",
  "\u034f",
  "'",
);
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(letters, { maxLength }).map((parts) => parts.join(""));
const match = fc.constantFrom<WordMatch>("word", "substring");

describe("scanning a text in pieces", () => {
  it("gives the verdict of the slow definition for every chunking", () => {
    fc.assert(
      fc.property(
        fc.array(text(4), { minLength: 1, maxLength: 6 }),
        text(40),
        match,
        fc.array(fc.nat(60), { maxLength: 12 }),
        (words, whole, mode, cuts) => {
          const automaton = new WordAutomaton(words, mode);
          const scan = new WordScan(automaton);
          let settled = 0;
          for (const piece of cut(whole, cuts)) {
            const next = scan.push(piece);
            expect(next).toBeGreaterThanOrEqual(scan.first === undefined ? settled : 0);
            if (scan.first === undefined) settled = next;
          }
          const hit = scan.finish();
          expect(hit !== undefined).toBe(expected(words, whole, mode));
          // What was settled before the hit can never be part of it.
          if (hit !== undefined) expect(hit.start).toBeGreaterThanOrEqual(settled);
        },
      ),
      { numRuns: 6000 },
    );
  });

  it("tells the same hits for every chunking", () => {
    fc.assert(
      fc.property(
        fc.array(text(3), { minLength: 1, maxLength: 5 }),
        text(40),
        match,
        fc.array(fc.nat(60), { maxLength: 12 }),
        (words, whole, mode, cuts) => {
          const automaton = new WordAutomaton(words, mode);
          const hitsOf = (pieces: readonly string[]): WordHit[] => {
            const hits: WordHit[] = [];
            const scan = new WordScan(automaton, (hit) => hits.push(hit));
            let settled = 0;
            for (const piece of pieces) {
              const before = hits.length;
              const next = scan.push(piece);
              for (const hit of hits.slice(before)) expect(hit.start).toBeGreaterThanOrEqual(settled);
              expect(next).toBeGreaterThanOrEqual(settled);
              settled = next;
            }
            scan.finish();
            return hits;
          };
          expect(hitsOf(cut(whole, cuts))).toEqual(hitsOf([whole]));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("drops rows instead of growing without bound, and keeps its verdicts", () => {
    const words = Array.from({ length: 12_000 }, (_, index) => `w${(index * 7919).toString(36)}q${index.toString(36)}`);
    const automaton = new WordAutomaton(words, "word");
    const scan = new WordScan(automaton, () => {});
    for (const word of words) scan.push(`${word}x `);
    expect(scan.finish()).toBeUndefined();
    expect(automaton.table.length).toBeLessThanOrEqual(1 << 20);
    expect(found(words, `x ${words[9_000]} y`)).toBe(true);
  });

  // hostile: each of these would take minutes if the work were quadratic
  it.each([
    ["one endless run of marks", "a" + "\u0301\u0323".repeat(300_000)],
    ["invisible characters inside a word", "b" + "\u200b".repeat(500_000)],
    ["a word that almost repeats", "a".repeat(500_000)],
  ])(
    "stays linear: %s",
    (_, hostile) => {
      const scan = new WordScan(new WordAutomaton(["bad", `${"a".repeat(5000)}b`], "substring"));
      for (let at = 0; at < hostile.length; at += 20) scan.push(hostile.slice(at, at + 20));
      expect(scan.finish()).toBeUndefined();
    },
    10_000,
  );
});

function cut(whole: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.filter((at) => at < whole.length))].sort((left, right) => left - right);
  return [...places, whole.length].map((at, index) => whole.slice(places[index - 1] ?? 0, at));
}
