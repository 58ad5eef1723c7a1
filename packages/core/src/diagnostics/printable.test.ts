import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";

describe("printable", () => {
  it("leaves ordinary text of any language alone", () => {
    for (const text of ["", "plain ASCII ~", "naïve café", "日本語", "שלום", "résumé\u00A0fin", "👍🏽 ⚠️ 1️⃣", "a\\nb"]) {
      expect(printable(text)).toBe(text);
    }
  });

  it.each([
    ["a line feed", "a\nb", "a\\nb"],
    ["a carriage return", "a\rb", "a\\rb"],
    ["a tab", "a\tb", "a\\tb"],
    ["a backspace", "a\bb", "a\\u{8}b"],
    ["NUL", "\0", "\\u{0}"],
    ["a colour", "\x1b[31mred", "\\u{1B}[31mred"],
    ["the clipboard sequence", "\x1b]52;c;eA==\x07", "\\u{1B}]52;c;eA==\\u{7}"],
    ["DEL", "\x7f", "\\u{7F}"],
    ["CSI in one character", "\x9b2J", "\\u{9B}2J"],
    ["a bidirectional override", "\u202Eevil", "\\u{202E}evil"],
    ["a bidirectional isolate", "\u2066x", "\\u{2066}x"],
    ["a zero-width space", "a\u200Bb", "a\\u{200B}b"],
    ["a byte order mark", "\uFEFFa", "\\u{FEFF}a"],
    ["a soft hyphen", "a\u00ADb", "a\\u{AD}b"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["a paragraph separator", "a\u2029b", "a\\u{2029}b"],
    ["a tag character", "\u{E0041}", "\\u{E0041}"],
    ["an unassigned tag character", "\u{E0002}", "\\u{E0002}"],
    ["a supplementary variation selector", "a\u{E0100}", "a\\u{E0100}"],
    ["a variation selector after a letter", "a\uFE0F", "a\\u{FE0F}"],
    ["a second variation selector after an emoji", "⚠\uFE0F\uFE0F", "⚠\uFE0F\\u{FE0F}"],
    ["a Hangul filler", "\u3164", "\\u{3164}"],
    ["a lone high surrogate", "a\uD83D", "a\\u{D83D}"],
    ["a lone low surrogate", "\uDC4Da", "\\u{DC4D}a"],
    ["a noncharacter", "\uFFFE", "\\u{FFFE}"],
  ])("shows %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("masks credentials and personal data, unless the text was asked for as it is", () => {
    const text = "mail to ysolde.quark@mailbox.example\n";
    expect(printable(text)).toBe("mail to [masked: 28 characters]\\n");
    expect(printable(text, { mask: false })).toBe("mail to ysolde.quark@mailbox.example\\n");
  });

  it("never lets a character through that acts or hides, and is stable when applied twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
        expect(shown.isWellFormed()).toBe(true);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });

  it("is linear on a long hostile text", () => {
    expect(printable("\x1b\uFE0F".repeat(200_000))).toHaveLength(200_000 * (6 + 8));
  });
});
