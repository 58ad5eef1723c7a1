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

  it("keeps the marks under the place in any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.stringMatching(/^[a-z]{1,9}$/),
        fc.string({ unit: "grapheme" }),
        (before, word, after) => {
          fc.pre(!/[\r\n]/.test(before + after) && !before.includes(word));
          const text = `{${before}${word}${after}`;
          const [, , line = "", marks = ""] = formatDiagnostics([at(text, word)], { source: text }).split("\n");
          expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe(word);
        },
      ),
    );
  });
});
