import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "./parse-document.ts";

describe("locate", () => {
  const at = (source: string, pointer: string, options = {}): string => {
    const span = parseDocument(source).locate(pointer, options);
    return source.slice(span?.start.offset, span?.end.offset);
  };

  it("finds values, items and keys", () => {
    const source = '{ "a" : [ 10, {"b/c~": "x"} ], "": null }';
    expect(at(source, "")).toBe(source);
    expect(at(source, "/a/0")).toBe("10");
    expect(at(source, "/a/1/b~1c~0")).toBe('"x"');
    expect(at(source, "/a/1/b~1c~0", { atKey: true })).toBe('"b/c~"');
    expect(at(source, "/")).toBe("null");
    expect(at(source, "/a/0", { atKey: true })).toBe("10");
  });

  it("shows the key, the brace or the bracket of what misses a member", () => {
    const source = '{"a":{"b":1},"c":[{}]}';
    expect(at(source, "/a/zzz")).toBe('"a"');
    expect(at(source, "/zzz/deeper")).toBe("{");
    expect(at(source, "/c/0/x")).toBe("{");
    expect(at(source, "/c/7")).toBe('"c"');
  });

  it("shows the first of two duplicates", () => {
    expect(parseDocument('{"a":1,"a":22}').locate("/a")?.start.offset).toBe(5);
  });

  it("shows the start of a text that is no JSON", () => {
    expect(parseDocument("[1,", { file: "f" }).locate("/0")).toEqual({
      file: "f",
      start: { offset: 0, line: 1, column: 1 },
      end: { offset: 0, line: 1, column: 1 },
    });
  });

  it("points at the characters of a range inside a string, whatever is escaped", () => {
    const unit = fc.oneof(
      fc.stringMatching(/^[ -!#-[\]-~]$/).map((character) => [character, character] as const),
      fc.constantFrom(
        ['\\"', '"'],
        ["\\\\", "\\"],
        ["\\n", "\n"],
        ["\\/", "/"],
        ["\\u0041", "A"],
        ["\\u00e9", "é"],
        ["é", "é"],
        ["😀", "😀"],
        ["\\ud83d\\ude00", "😀"],
      ) as fc.Arbitrary<readonly [string, string]>,
    );
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit, { minLength: 1 }), fc.array(unit), (before, middle, after) => {
        const [head, body, tail] = [before, middle, after].map((units) => units.map(([raw]) => raw).join(""));
        const decoded = (units: readonly (readonly [string, string])[]): number =>
          units.map(([, character]) => character).join("").length;
        const range = { start: decoded(before), end: decoded(before) + decoded(middle) };
        expect(at(`{"k": "${head}${body}${tail}"}`, "/k", { range })).toBe(body);
      }),
    );
  });

  it("ends a range past the end of the string at its closing quote", () => {
    expect(at('"abc"', "", { range: { start: 2, end: 99 } })).toBe("c");
    expect(at("[1]", "/0", { range: { start: 0, end: 9 } })).toBe("1");
  });

  it("walks once through a long string, in which thousands of ranges are asked for", { timeout: 5000 }, () => {
    const words = 200_000;
    const source = `["${"\\u0061b ".repeat(words)}"]`;
    const document = parseDocument(source);
    for (let word = 0; word < words; word++) {
      const span = document.locate("/0", { range: { start: word * 3, end: word * 3 + 2 } });
      expect(span?.start.offset).toBe(2 + word * 8);
      if (word % 1000 === 0) expect(source.slice(span?.start.offset, span?.end.offset)).toBe("\\u0061b");
    }
    expect(document.locate("/0", { range: { start: 3, end: 4 } })?.start.offset).toBe(10);
  });

  it("gives every value of a random text a span that holds just that value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const source = JSON.stringify(value, null, indent);
        const document = parseDocument(source);
        fc.pre(document.data !== undefined);
        const visit = (part: unknown, pointer: string): void => {
          const span = document.locate(pointer);
          expect(JSON.parse(source.slice(span?.start.offset, span?.end.offset))).toEqual(part);
          const lines = source.slice(0, span?.start.offset).split("\n");
          expect(span?.start).toMatchObject({ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
          if (typeof part !== "object" || part === null) return;
          for (const [name, member] of Object.entries(part))
            visit(member, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
        };
        visit(JSON.parse(source), "");
      }),
      { numRuns: 60 },
    );
  });
});
