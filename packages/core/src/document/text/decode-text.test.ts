import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../parse-document.ts";

describe("bytes", () => {
  const bytes = (...values: readonly (number | string)[]): Uint8Array =>
    Uint8Array.from(
      values.flatMap((value) => (typeof value === "number" ? [value] : [...new TextEncoder().encode(value)])),
    );

  it("may start with one byte order mark, which is skipped with a warning", () => {
    const { data, diagnostics } = parseDocument(bytes(0xef, 0xbb, 0xbf, "[1]"));
    expect(data).toEqual([1]);
    expect(diagnostics).toMatchObject([
      { code: "BYTE_ORDER_MARK", severity: "warning", span: { start: { offset: 0 } } },
    ]);
    expect(parseDocument("\ufeff\ufeff[1]").diagnostics.map(({ code }) => code)).toEqual([
      "BYTE_ORDER_MARK",
      "INVALID_JSON",
    ]);
  });

  it.each([
    ["a byte that no text has", bytes('"a', 0xff, '"'), 2, 3],
    ["an overlong encoding", bytes('"', 0xc0, 0xaf, '"'), 1, 2],
    ["an encoded surrogate", bytes('"é', 0xed, 0xa0, 0x80, '"'), 3, 3],
    ["a character that is cut off by the next", bytes('"', 0xe2, 0x82, '"'), 1, 2],
    ["a character that is cut off by the end", bytes('"\n', 0xf0, 0x9f, 0x98), 2, 1],
    ["nothing but the wrong bytes", bytes(0x80), 0, 1],
  ])("with %s are refused where it stands", (_, wrong, byte, column) => {
    const { data, diagnostics } = parseDocument(wrong);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: "INVALID_UTF8", span: { start: { column } } }]);
    expect(diagnostics[0]?.message).toContain(`byte ${byte} `);
  });

  it.each([
    [[0xff, 0xfe, 0x7b, 0x00], "UTF-16"],
    [[0xfe, 0xff, 0x00, 0x7b], "UTF-16"],
    [[0x1f, 0x8b, 0x08], "gzip"],
    [[0x50, 0x4b, 0x03, 0x04, 0xff], "a zip archive"],
  ])("%j are named", (wrong, name) => {
    expect(parseDocument(Uint8Array.from(wrong)).diagnostics[0]?.message).toContain(name);
  });

  it("decode to the same text that they were encoded from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        fc.pre(value.isWellFormed());
        expect(parseDocument(new TextEncoder().encode(JSON.stringify(value))).data).toBe(value);
      }),
    );
  });

  it("are found wrong at the first wrong one", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(0xff, 0xc0, 0xf8),
        fc.string(),
        (before, wrong, after) => {
          const [diagnostic] = parseDocument(bytes(before, wrong, after)).diagnostics;
          expect(diagnostic?.message).toContain(`byte ${bytes(before).length} `);
        },
      ),
    );
  });

  it("that are a text with half of a surrogate pair never come to be, but a string may hold one", () => {
    expect(parseDocument('"a\ud800"').diagnostics).toMatchObject([
      { code: "LONE_SURROGATE", span: { start: { column: 3 } } },
    ]);
    expect(parseDocument('"😀\udc00"').diagnostics).toMatchObject([{ span: { start: { column: 4 } } }]);
  });
});
