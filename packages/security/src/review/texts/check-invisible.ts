import { findAll } from "../../ground/find-all.ts";
import { raise, type Severity } from "../../ground/finding.ts";
import { clip } from "../../ground/clip.ts";
import { printable } from "promptpack";
import type { PackText } from "../../ground/texts.ts";
import { type Note, rangeOf } from "./note.ts";

// Whatever renders as nothing, but for line feeds, tabs, carriage returns and the bidirectional characters.
const HIDDEN_RUN =
  /(?:(?![\t\n\r\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{E0000}-\u{E0FFF}])+/gu;
const BIDI_CONTROL = /[\u202A-\u202E\u2066-\u2069]/g;
const BIDI_MARK = /[\u061C\u200E\u200F]/g;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Invisible characters that a language or an emoji needs: what comes before, the run, what comes after. */
const NEEDED: readonly (readonly [before: RegExp, run: RegExp, after: RegExp])[] = [
  [/[\p{Emoji}\p{S}]$/u, /^[\uFE0E\uFE0F]$/, /^/],
  [/[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u, /^\uFE0F?\u200D$/, /^[\p{Extended_Pictographic}]/u],
  [/\u{1F3F4}$/u, /^[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{2,6}\u{E007F}$/u, /^/],
  [/\p{Script=Han}$/u, /^[\uFE00-\uFE02\u{E0100}-\u{E01EF}]$/u, /^/],
  [/\p{Script=Mongolian}$/u, /^[\u180B-\u180F]$/, /^/],
  [/[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u, /^\u200B$/, /^\p{L}/u],
  [
    /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Tibetan}\p{Script=Mongolian}]$/u,
    /^[\u200C\u200D]$/,
    /^[\p{L}\p{M}\s]/u,
  ],
];

/** hidden-unicode and bidi-control. */
export function checkInvisible({ text, place }: PackText, note: Note): void {
  if (!/[^\t\n\r -~]/.test(text)) return;
  for (const match of findAll(text, HIDDEN_RUN)) {
    const [run] = match;
    const before = text.slice(Math.max(0, match.index - 2), match.index);
    const after = text.slice(match.index + run.length, match.index + run.length + 2);
    if (NEEDED.some(([a, b, c]) => b.test(run) && a.test(before) && c.test(after))) continue;
    const { severity, about } = judge(run);
    note("hidden-unicode", place === "tool" ? raise(severity) : severity, about, rangeOf(match));
  }
  const [control] = findAll(text, BIDI_CONTROL);
  if (control !== undefined) {
    const severity = /[\u202D\u202E]/.test(text) || !isBalanced(text) ? "high" : "medium";
    note(
      "bidi-control",
      severity,
      `${nameOf(control[0])} makes the text read in another order than a model gets it`,
      rangeOf(control),
    );
  }
  const [mark] = findAll(text, BIDI_MARK);
  if (mark !== undefined && !RIGHT_TO_LEFT.test(text)) {
    note("bidi-control", "medium", `${nameOf(mark[0])} stands in a text without right-to-left letters`, rangeOf(mark));
  }
}

function judge(run: string): { severity: Severity; about: string } {
  const characters = Array.from(run);
  const points = characters.map((character) => character.codePointAt(0) ?? 0);
  const what =
    characters.length === 1 ? nameOf(run) : `${characters.length} characters such as ${nameOf(characters[0] ?? "")}`;
  const about = `${what}, which no reader sees and a model reads`;
  const message = hiddenMessage(points);
  if (message !== undefined)
    return { severity: "critical", about: `${about}; they spell "${printable(clip(message, 60))}"` };
  const isTag = points.some((point) => point >= 0xe0000 && point <= 0xe007f);
  if (isTag) return { severity: "critical", about };
  if (characters.length >= 4 || run.includes("\u001B")) return { severity: "high", about };
  return { severity: run === "\u00AD" ? "low" : "medium", about };
}

/** Returns the text that tag characters or variation selectors stand for. */
function hiddenMessage(points: readonly number[]): string | undefined {
  const bytes = points.flatMap((point) => {
    if (point >= 0xe0020 && point <= 0xe007e) return [point - 0xe0000];
    if (point >= 0xfe00 && point <= 0xfe0f) return [point - 0xfe00];
    return point >= 0xe0100 && point <= 0xe01ef ? [point - 0xe0100 + 16] : [];
  });
  const isText = bytes.length >= 4 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? String.fromCharCode(...bytes.slice(0, 400)) : undefined;
}

function isBalanced(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return count(/[\u202A\u202B\u202D\u202E]/g) === count(/\u202C/g) && count(/[\u2066-\u2068]/g) === count(/\u2069/g);
}

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
