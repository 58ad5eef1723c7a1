import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANY } from "../json/shape.ts";
import { fillLimits } from "./limits.ts";
import { parseDocument } from "./parse-document.ts";
import { parseStrict } from "./parse-strict.ts";
import { readClean } from "./read-clean.ts";
import { createLineMap } from "./text/line-map.ts";

const codes = (text: string, limits = {}) => parseDocument(text, { limits }).diagnostics.map(({ code }) => code);
const limits = fillLimits();
const strictly = (text: string) => parseStrict(text, limits, createLineMap(text));

/** Texts that are JSON, nearly JSON, or JSON that parsers disagree on. */
const key = fc.constantFrom(
  '"a"',
  '"\\u0061"',
  '"b"',
  '"a b"',
  '"\\""',
  '"a\\\\"',
  '"__proto__"',
  '"\\u005f_proto__"',
  '"constructor"',
  '"x:"',
  '":"',
  '"\\":"',
  '"\\ud800"',
);
const space = fc.constantFrom("", " ", "\n", "\t\r\n ");
const text: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      "1",
      "-0",
      "1.5e3",
      "9007199254740993",
      "1e400",
      "true",
      "null",
      '"x"',
      '"\\":1"',
      '"\\\\"',
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\u0000"',
      "01",
      "nul",
      '"',
    ),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(key, space, tie("value"), space), { maxLength: 4 })
      .map(
        (members) =>
          `{${members.map(([name, before, value, after]) => `${name}${before}:${after}${value}`).join(",")}}`,
      ),
  ),
})).value;
const mutated = fc
  .tuple(text, fc.nat(), fc.constantFrom("", "", "", ",", ":", '"', "\\", "{", "]", "\u0000", "é", "0"))
  .map(([whole, at, insert]) => {
    const place = at % (whole.length + 1);
    return whole.slice(0, place) + insert + whole.slice(place);
  });

describe("the two parsers", () => {
  it("never disagree: what the fast path accepts, the strict parser reads as the same value without a complaint", () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (hostile) => {
        const clean = readClean(hostile, limits, ANY);
        if (clean === undefined) return;
        accepted++;
        const { value, diagnostics } = strictly(hostile);
        expect(diagnostics).toEqual([]);
        expect(value).toEqual(clean);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("never disagree with JSON.parse on what is JSON", () => {
    fc.assert(
      fc.property(mutated, (hostile) => {
        let isJson = true;
        try {
          JSON.parse(hostile);
        } catch {
          isJson = false;
        }
        expect(strictly(hostile).diagnostics.some(({ code }) => code === "INVALID_JSON")).toBe(!isJson);
      }),
      { numRuns: 3000 },
    );
  });

  it("let most plain values take the fast path", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,5}$/),
          fc.oneof(fc.stringMatching(/^[a-z .]*$/), fc.integer(), fc.boolean(), fc.constant(null)),
        ),
        (value) => {
          expect(readClean(JSON.stringify(value), limits, ANY)).toEqual({ ...value });
        },
      ),
    );
  });
});

describe("duplicate keys", () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a" :1,"a"\n:2}',
    '{"x":{"a":1,"b":{"a":1},"a":{}}}',
    '[{"a\\n":1,"a\\u000a":2}]',
    '{"\\":":1,"\\u0022:":2}',
    '{"":1,"":1}',
    '{"constructor":1,"constructor":2}',
  ])("are refused in %s, with both places", (hostile) => {
    const { data, diagnostics } = parseDocument(hostile);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: "DUPLICATE_KEY", span: expect.anything(), related: [{ span: expect.anything() }] },
    ]);
  });

  it("are not seen in texts that look like members", () => {
    const plain = '{"a":"\\"a\\":1,\\"a\\":2","b":["a:","\\"b\\" :"]}';
    expect(parseDocument(plain).data).toEqual(JSON.parse(plain));
  });
});

describe("parseDocument", () => {
  it("freezes the value at every depth", () => {
    const { data } = parseDocument('{"a":[{"b":1}]}') as unknown as { data: { a: [object] } };
    expect([data, data.a, data.a[0]].every(Object.isFrozen)).toBe(true);
  });

  it.each([
    [
      "INVALID_JSON",
      [
        "",
        "{",
        "[1,]",
        '{"a":1,}',
        "{a:1}",
        "{'a':1}",
        "nul",
        "truex",
        "01",
        ".5",
        "+1",
        "NaN",
        "1 2",
        '"\n"',
        '"\\x"',
        '"\\u12g4"',
        "// c\n1",
        "/* c */1",
        "\u00a01",
        '{"a" 1}',
        '["a" 1]',
        "\u0000",
      ],
    ],
    ["FORBIDDEN_KEY", ['{"__proto__":1}', '{"a":{"\\u005f\\u005fproto__":{}}}']],
    ["LONE_SURROGATE", ['"\\ud800"', '{"\\udc00":1}', '"\\ud800\\ud800\\udc00"']],
    ["INEXACT_NUMBER", ["1e999", "-1e999", "9007199254740993", "123456789012345678901234567890"]],
  ])("refuses with %s", (code, texts) => {
    for (const each of texts) expect([each, codes(each)]).toEqual([each, [code]]);
  });

  it("takes large numbers that are measures, and integers that a double holds", () => {
    expect(
      codes("[1e300, 0.1, 1.7976931348623157e308, 9007199254740992, 100000000000000000000, 5e-324, 1e-400, -0]"),
    ).toEqual([]);
  });

  it("reports every fault that is no syntax error in one pass", () => {
    expect(codes('{"a":1,"a":9007199254740993,"__proto__":"\\ud800"}')).toEqual([
      "DUPLICATE_KEY",
      "INEXACT_NUMBER",
      "FORBIDDEN_KEY",
      "LONE_SURROGATE",
    ]);
  });

  it.each([
    ["maxBytes", 5, '"abc"', '"abcd"'],
    ["maxBytes", 4, '"é"', '"éa"'],
    ["maxDepth", 2, "[[1]]", "[[[1]]]"],
    ["maxDepth", 2, '{"a":{}}', '{"a":{"b":[]}}'],
    ["maxNodes", 3, "[1,2]", "[1,2,3]"],
    ["maxKeyLength", 2, '{"ab":1}', '{"abc":1}'],
    ["maxNumberLength", 4, "12.5", "12.55"],
  ])("keeps %s of %j: %s passes, %s does not", (limit, value, within, beyond) => {
    expect(codes(within, { [limit]: value })).toEqual([]);
    expect(codes(beyond, { [limit]: value })).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("refuses limits that are no positive numbers", () => {
    for (const value of [0, -1, Number.NaN])
      expect(() => parseDocument("1", { limits: { maxBytes: value } })).toThrow(TypeError);
  });

  it("has no limit on depth beyond 1000", () => {
    expect(codes("[".repeat(1001) + "]".repeat(1001), { maxDepth: 1e9 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("[".repeat(1000) + "]".repeat(1000), { maxDepth: 1e9 })).toEqual([]);
  });

  it("survives a million open brackets and a number of a million digits", () => {
    expect(codes("[".repeat(1_000_000))).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes(`[1${"0".repeat(1_000_000)}]`)).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("never quotes the text in a fault", () => {
    for (const secret of ["sk-secret", '{"a": sk-secret}', '["sk-secret" x]', "KEY=sk-secret", "'sk-secret'"]) {
      expect(JSON.stringify(parseDocument(secret).diagnostics)).not.toContain("sk-");
    }
  });

  it.each([
    ["{'a':1}", "found a single quote; JSON uses double quotes, expected a key in double quotes"],
    ["/* x */", "found a comment, which JSON does not have, expected a JSON value"],
    ["[1 2]", 'found a digit, expected "," or "]" after an item of an array'],
    ['{"a":1', 'found the end of the text, expected "," or "}" after a member of an object'],
    ["[1,]", "found a comma before the end of an array, which JSON does not allow"],
    ["\u200b1", "found U+200B, expected a JSON value"],
  ])("says of %j what was found and expected", (wrong, message) => {
    expect(parseDocument(wrong).diagnostics[0]?.message).toBe(message);
  });
});

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
    expect(codes("\ufeff\ufeff[1]")).toEqual(["BYTE_ORDER_MARK", "INVALID_JSON"]);
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

describe("createLineMap", () => {
  it("ends lines at \\n, \\r\\n and \\r", () => {
    const lines = createLineMap("a\nb\r\nc\rd");
    expect(
      [0, 1, 2, 3, 4, 5, 6, 7].map(
        (offset) => `${lines.span(offset, offset).start.line}:${lines.span(offset, offset).start.column}`,
      ),
    ).toEqual(["1:1", "1:2", "2:1", "2:2", "2:3", "3:1", "3:2", "4:1"]);
  });

  it("counts UTF-16 code units, as editors do", () => {
    expect(createLineMap("😀x", "f").span(2, 3)).toEqual({
      file: "f",
      start: { offset: 2, line: 1, column: 3 },
      end: { offset: 3, line: 1, column: 4 },
    });
  });
});
