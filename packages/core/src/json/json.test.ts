import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { countCodePoints } from "./code-points.ts";
import { getOwn, jsonEquals, jsonTypeOf } from "./json.ts";
import { appendPointer, formatPointer, parsePointer } from "./pointer.ts";
import { ANY } from "./shape.ts";
import { surveyJson } from "./survey.ts";

describe("canonicalJson", () => {
  it("writes the example of RFC 8785, section 3.2.2", () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys as the example of RFC 8785, section 3.2.3, by UTF-16 code units", () => {
    const value = JSON.parse(
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
    );
    const order = Object.values(
      JSON.parse(
        `[${canonicalJson(value)
          .slice(1, -1)
          .replaceAll(/"(?:[^"\\]|\\.)*":/g, "")}]`,
      ) as string[],
    );
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it.each([
    [0, "0"],
    [-0, "0"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [9007199254740992, "9007199254740992"],
    [295147905179352830000, "295147905179352830000"],
    [1e21, "1e+21"],
    [999999999999999900000, "999999999999999900000"],
    [333333333.33333325, "333333333.33333325"],
    [1424953923781206.25, "1424953923781206.2"],
  ])("writes the number %d of RFC 8785, appendix B, as %s", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("gives equal values one text, and the text has the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("leaves out members that are undefined and refuses what JSON cannot hold", () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      "\ud800",
      { "\udc00": 1 },
      [() => 1],
      cycle,
    ]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });

  it("refuses holes, and what is nested deeper than the stack may reach", () => {
    expect(() => canonicalJson(Object.assign([], { length: 2 }))).toThrow(TypeError);
    const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(canonicalJson(nested(1000))).toHaveLength(2000);
    for (const levels of [1001, 50_000]) expect(() => canonicalJson(nested(levels))).toThrow(TypeError);
  });

  it("writes one value twice where it stands twice", () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });
});

describe("pointers", () => {
  it("escape ~ and / and nothing else", () => {
    expect(formatPointer("a/b", "m~n", 0, "", " ", "%")).toBe("/a~1b/m~0n/0// /%");
    expect(parsePointer("/a~1b/m~0n/~01")).toEqual(["a/b", "m~n", "~1"]);
    expect([parsePointer(""), parsePointer("/")]).toEqual([[], [""]]);
  });

  it("come back as they went", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (segments) => {
        expect(parsePointer(segments.reduce(appendPointer, ""))).toEqual(segments);
      }),
    );
  });
});

describe("json values", () => {
  it("are equal by content, in any order of members", () => {
    expect(jsonEquals({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
    for (const [left, right] of [
      [1, "1"],
      [[], {}],
      [{ a: 1 }, { a: 1, b: 2 }],
      [{ a: undefined }, { b: undefined }],
      [
        [1, 2],
        [2, 1],
      ],
      [null, {}],
      [{ toString: 1 }, {}],
    ]) {
      expect(jsonEquals(left, right)).toBe(false);
    }
  });

  it("are looked up by own keys only", () => {
    expect(getOwn({ a: 1 }, "a")).toBe(1);
    for (const key of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      expect(getOwn({} as Record<string, unknown>, key)).toBeUndefined();
    expect(getOwn(undefined, "a")).toBeUndefined();
  });

  it("have one of six types", () => {
    expect([null, [], {}, "", 0, false].map(jsonTypeOf)).toEqual([
      "null",
      "array",
      "object",
      "string",
      "number",
      "boolean",
    ]);
  });

  it("are counted in code points", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(countCodePoints(value)).toBe(Array.from(value).length);
      }),
    );
  });
});

describe("surveyJson", () => {
  const limits = { maxDepth: 4, maxNodes: 10, maxKeyLength: 5 };

  it("counts members and values and freezes them", () => {
    const value = { a: [1, { b: 2 }], c: {} };
    expect(surveyJson(value, ANY, limits, true)).toMatchObject({ members: 3, nodes: 6 });
    expect([value, value.a, value.a[1], value.c].every(Object.isFrozen)).toBe(true);
  });

  it.each([
    ["too deep a value", [[[[[]]]]]],
    ["too many values", Array(10).fill(0)],
    ["too long a key", { abcdef: 1 }],
    ["the key __proto__", JSON.parse('{"__proto__":1}')],
    ["an integer beyond 2^53", [2 ** 53]],
    ["half of a surrogate pair", ["\ud800"]],
    ["half of one in a key", { "\ud800": 1 }],
  ])("leaves %s to the strict parser", (_, value) => {
    expect(surveyJson(value, ANY, limits, true)).toBeUndefined();
  });
});
