import { describe, expect, it } from "vitest";
import { documentOfValue } from "./document-of-value.ts";
import { parseDocument } from "./parse-document.ts";

const codes = (text: string, limits = {}): string[] =>
  parseDocument(text, { limits }).diagnostics.map(({ code }) => code);

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

  it("goes no deeper than 1000, whatever limit is asked for", () => {
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
    ['{"a" "b"}', 'found a double quote, expected ":" after a key'],
  ])("says of %j what was found and expected", (wrong, message) => {
    expect(parseDocument(wrong).diagnostics[0]?.message).toBe(message);
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

describe("pointers", () => {
  it("stops where the keys that lead to a value are too long together, however it is read", () => {
    const nested = (levels: number, key: string, inside: string): string =>
      `{"${key}":`.repeat(levels) + inside + "}".repeat(levels);
    const twice = '{"a":1,'.padEnd(70_000, '"a":1,') + '"b":1}';
    const { data, diagnostics } = parseDocument(nested(100, "k".repeat(1000), twice));
    expect(data).toBeUndefined();
    // hostile: once ten thousand findings, each with a pointer as long as all the keys
    expect(diagnostics.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
    expect(parseDocument(nested(100, "k".repeat(1000), "{}")).diagnostics).toHaveLength(1);
    expect(documentOfValue(JSON.parse(nested(100, "k".repeat(1000), "{}"))).diagnostics).toHaveLength(1);
    for (const key of ["k".repeat(79), "~".repeat(79)])
      expect(parseDocument(nested(127, key, "{}")).diagnostics).toEqual([]);
  });
});
