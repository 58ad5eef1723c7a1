import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineMap } from "../document/text/line-map.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { formatDiagnostics } from "./format-diagnostics.ts";
import { createDiagnostic } from "./report.ts";

const source = '{\n  "id": "Bad Id",\n\t"name": "x"\n}\n';
const at = (text: string, part: string, details: Partial<Diagnostic> = {}): Diagnostic => {
  const start = text.indexOf(part);
  return {
    ...createDiagnostic("WRONG_FORMAT", "/id", "expected text that matches ^[a-z]+$"),
    span: createLineMap(text, "my.pack.json").span(start, start + part.length),
    ...details,
  };
};

describe("formatDiagnostics", () => {
  it("shows place, frame, hint and related places", () => {
    const diagnostic = at(source, '"Bad Id"', {
      hint: 'did you mean "bad-id"?',
      related: [{ pointer: "/name", message: "the name is here" }],
    });
    expect(formatDiagnostics([diagnostic], { source })).toBe(
      [
        "error WRONG_FORMAT: expected text that matches ^[a-z]+$",
        "  at my.pack.json:2:9  /id",
        '   2 |   "id": "Bad Id",',
        "     |         ^^^^^^^^",
        '  hint: did you mean "bad-id"?',
        "  see /name: the name is here",
      ].join("\n"),
    );
  });

  it("leaves out the frame without the source, and the place without a span or pointer", () => {
    expect(formatDiagnostics([at(source, '"Bad Id"')])).not.toContain("|");
    expect(formatDiagnostics([createDiagnostic("WRONG_TYPE", "", "found null, expected an object")])).toBe(
      "error WRONG_TYPE: found null, expected an object",
    );
    expect(formatDiagnostics([])).toBe("");
  });

  it("separates findings by an empty line, each with its severity", () => {
    const text = formatDiagnostics([
      createDiagnostic("UNUSUAL_PIPELINE", "/a", "one"),
      createDiagnostic("FOREIGN_SCHEMA", "/b", "two"),
    ]);
    expect(text).toBe("warning UNUSUAL_PIPELINE: one\n  at /a\n\ninfo FOREIGN_SCHEMA: two\n  at /b");
  });

  it("puts the marks under the place after a tab", () => {
    const [, , line = "", marks = ""] = formatDiagnostics([at(source, '"name"')], { source }).split("\n");
    expect(line).toBe('   3 | \\t"name": "x"');
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe('"name"');
  });

  it("marks the first line of a place of several lines up to its end", () => {
    const [, , line = "", marks = ""] = formatDiagnostics([at(source, source.trimEnd())], { source }).split("\n");
    expect([line, marks]).toEqual(["   1 | {", "     | ^"]);
  });

  it("cuts a long line around the place", () => {
    const long = `{"a": "${"x".repeat(5000)}HERE${"y".repeat(5000)}"}`;
    const [, , line = "", marks = ""] = formatDiagnostics([at(long, "HERE")], { source: long }).split("\n");
    expect(line.length).toBeLessThan(115);
    expect(line).toMatch(/^ {3}1 \| …x+HEREy+…$/);
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("HERE");
  });

  it("marks the end of a text with one sign", () => {
    const text = "{";
    const span = createLineMap(text).span(1, 1);
    expect(formatDiagnostics([{ ...createDiagnostic("INVALID_JSON", "", "m"), span }], { source: text })).toContain(
      "   1 | {\n     |  ^",
    );
  });

  it("adds colours only when asked", () => {
    const diagnostic = at(source, '"Bad Id"');
    expect(formatDiagnostics([diagnostic], { source, color: true })).toContain(
      "\u001b[31merror\u001b[39m WRONG_FORMAT",
    );
    expect(formatDiagnostics([diagnostic], { source, color: true })).toContain("\u001b[31m^^^^^^^^\u001b[39m");
    expect(formatDiagnostics([diagnostic], { source })).not.toContain("\u001b");
  });

  it("shows no credential in a frame, and its marks fit", () => {
    const key = `sk-proj-${"q7Wn2Xc9Vb4Mz6Lk1Jh8".repeat(2)}`;
    const text = `{"${key}": 1, "name": "x", "other": "${key}${key}${key}"}`;
    const [, , line = "", marks = ""] = formatDiagnostics([at(text, '"name"')], { source: text }).split("\n");
    expect(line).not.toContain("q7Wn");
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe('"name"');
    const [, , whole = "", under = ""] = formatDiagnostics([at(text, `"${key}"`)], { source: text }).split("\n");
    expect(whole.slice(under.indexOf("^"), under.lastIndexOf("^") + 1)).toBe(`"${"•".repeat(48)}"`);
  });

  it("lets no hostile text through: no controls, no second line, no direction marks", () => {
    const hostile = "a\u001b[2Jb\nc\r\u202ed\u0000\u2028\u009b";
    const text = formatDiagnostics(
      [
        at(`{"id": "${hostile}"}`, hostile, {
          message: hostile,
          hint: hostile,
          pointer: `/${hostile}`,
          related: [{ pointer: hostile, message: hostile }],
        }),
      ],
      { source: `{"id": "${hostile}"}` },
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(text.split("\n")).toHaveLength(6);
  });

  it("shows no line of a text that is no JSON object, nor of a secret", () => {
    const secrets = "API_KEY=sk-secret";
    const fault = {
      ...createDiagnostic("INVALID_JSON", "", "found a letter"),
      span: createLineMap(secrets).span(0, 1),
    };
    expect(formatDiagnostics([fault], { source: secrets })).not.toContain("sk-secret");
    expect(formatDiagnostics([at(source, '"Bad Id"', { code: "SECRET_IN_TEXT" })], { source })).not.toContain("Bad Id");
  });

  it.each([
    ["tabs", '\t\t"a":\t', "    ".length + '"a":\\t'.length],
    ["East Asian letters", '"日本語の名前": 한국어, ', 2 + 12 + 2 + 6 + 2],
    ["letters of full and half width", "Ａ：ｱ", 5],
    ["emoji, also of several parts", "🎉🇳🇴❤️1️⃣", 2 + 4 + 2 + 2],
    ["marks on letters", "e\u0301a\u0308\u0304 ", 3],
    ["letters outside the basic plane", "𝒳𠮷", 1 + 2],
  ])("counts columns of the screen, not code units: %s", (_, before, width) => {
    const text = `{${before}HERE 日`;
    const [, , , marks = ""] = formatDiagnostics([at(text, "HERE")], { source: text }).split("\n");
    expect(marks.indexOf("^") - "     | {".length).toBe(width);
    const [, , , whole = ""] = formatDiagnostics([at(text, before)], { source: text }).split("\n");
    expect(whole.lastIndexOf("^") - whole.indexOf("^") + 1).toBe(width);
  });

  it("cuts a line of wide letters to the same width", () => {
    const text = `{${"語".repeat(200)}HERE${"語".repeat(200)}`;
    const [, , line = "", marks = ""] = formatDiagnostics([at(text, "HERE")], { source: text }).split("\n");
    expect(line).toBe(`   1 | …${"語".repeat(25)}HERE${"語".repeat(21)}…`);
    expect(marks).toBe(`     | ${" ".repeat(1 + 2 * 25)}^^^^`);
  });

  it("takes bytes, and does not count a byte order mark", () => {
    const diagnostic = at('{"id": "Bad Id"}', '"Bad Id"');
    const text = '\uFEFF{"id": "Bad Id"}';
    for (const source of [text, new TextEncoder().encode(text)])
      expect(formatDiagnostics([diagnostic], { source })).toContain('   1 | {"id": "Bad Id"}\n     |        ^^^^^^^^');
  });

  it("keeps the marks under the place in any text", () => {
    const letters = fc.array(fc.constantFrom(...WIDTHS), { maxLength: 40 });
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[b-z]{1,9}$/), letters, (before, word, after) => {
        const textOf = (those: typeof before): string => those.map(([letter]) => letter).join("");
        const text = `a${textOf(before)}${word}${textOf(after)}`;
        const [, , line = "", marks = ""] = formatDiagnostics([at(text, word)], { source: text }).split("\n");
        const isCut = line.includes("…");
        const width = before.reduce((sum, [, columns]) => sum + columns, "     | a".length);
        expect(isCut || marks.indexOf("^") === width, text).toBe(true);
        expect(line).toContain(word);
        expect(marks.trim()).toBe(`| ${" ".repeat(marks.indexOf("^") - "     | ".length)}${"^".repeat(word.length)}`);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[a-z]{1,9}$/), (before, word) => {
        fc.pre(!/[\r\n]/.test(before) && !before.includes(word));
        const text = `{${before}${word}`;
        const [, , , marks = ""] = formatDiagnostics([at(text, word)], { source: text }).split("\n");
        expect(marks).toMatch(new RegExp(`^ {5}\\| +\\^{${word.length}}$`));
      }),
    );
  });
});

/** Letters, and how many columns each takes where it is shown; what is escaped takes that many. */
const WIDTHS: readonly (readonly [letter: string, columns: number])[] = [
  ["A", 1],
  ["é", 1],
  ["\u0301", 0],
  ["ß", 1],
  ["ｱ", 1],
  ["𝒳", 1],
  ["語", 2],
  ["한", 2],
  ["！", 2],
  ["𠮷", 2],
  ["🎉", 2],
  ["\t", "\\t".length],
  ["\u200D", "\\u{200D}".length],
  ["\u{1B}", "\\u{1B}".length],
];
