import { describe, expect, expectTypeOf, it } from "vitest";
import type { Variable } from "../schema/sections/prompt.ts";
import type { StandardSchema } from "../schema/standard-schema.ts";
import { checkVariables, type CheckVariablesOptions } from "./check-variables.ts";

const variable = (parts: Partial<Variable> = {}): Variable => ({ name: "v", type: "string", required: true, ...parts });
const codesOf = (definition: Partial<Variable>, value: unknown, options: CheckVariablesOptions = {}): string[] =>
  checkVariables([variable(definition)], { v: value }, options).diagnostics.map(({ code }) => code);
const valueOf = (
  definition: Partial<Variable>,
  values: Record<string, unknown>,
  options: CheckVariablesOptions = {},
): unknown => checkVariables([variable(definition)], values, options).values["v"];

const schemaOf = (validate: StandardSchema["~standard"]["validate"]): StandardSchema => ({
  "~standard": { version: 1, vendor: "test", validate },
});

describe("checkVariables", () => {
  it.each<[string, unknown, boolean]>([
    ["string", "", true],
    ["string", 1, false],
    ["number", 1.5, true],
    ["number", 10n, true],
    ["number", "1", false],
    ["number", Number.NaN, false],
    ["number", Infinity, false],
    ["integer", 2, true],
    ["integer", 2.5, false],
    ["boolean", false, true],
    ["boolean", "false", false],
    ["object", {}, true],
    ["object", [], false],
    ["array", [], true],
    ["array", {}, false],
    ["money", Symbol("anything"), true],
  ])("takes for the type %s exactly its own values (%s)", (type, value, isValid) => {
    expect(codesOf({ type }, value)).toEqual(isValid ? [] : ["WRONG_VARIABLE_TYPE"]);
  });

  it.each<[string, Partial<Variable>, unknown, string[]]>([
    ["counts characters, not code units", { validation: { min_length: 2 } }, "😀", ["TOO_SHORT"]],
    [
      "checks the length before the pattern",
      { validation: { max_length: 3, pattern: "^(a+)+$" } },
      "aaaaaaaaa!",
      ["TOO_LONG"],
    ],
    ["searches for the pattern", { validation: { pattern: "[a-z]+" } }, "12ab", []],
    ["anchors at the very end", { validation: { pattern: "^[a-z]+$" } }, "abc\n", ["PATTERN_MISMATCH"]],
    ["refuses a value whose pattern is broken", { validation: { pattern: "(?=a)" } }, "a", ["INVALID_PATTERN"]],
    ["includes both bounds", { type: "number", validation: { minimum: 1, maximum: 1 } }, 1, []],
    ["knows the minimum", { type: "number", validation: { minimum: 1 } }, 0n, ["TOO_SMALL"]],
    ["knows the maximum", { type: "number", validation: { maximum: 1 } }, 2, ["TOO_LARGE"]],
    ["compares an enum by value", { type: "object", validation: { enum: [{ a: [1] }] } }, { a: [1] }, []],
    ["does not convert for an enum", { validation: { enum: [1, 2] } }, "1", ["NOT_IN_ENUM"]],
    ["ignores rules of another type", { type: "array", validation: { min_length: 5 } }, [1], []],
  ])("%s", (_, definition, value, codes) => {
    expect(codesOf(definition, value)).toEqual(codes);
  });

  it("reports all faults of all values and never a value", () => {
    const { diagnostics } = checkVariables(
      [
        variable({ name: "a" }),
        variable({ name: "b", validation: { pattern: "^x$" } }),
        variable({ name: "c", type: "number" }),
      ],
      { b: "4111-1111", c: "hunter2", cc: 1 },
    );
    expect(diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "MISSING_VARIABLE /a",
      "PATTERN_MISMATCH /b",
      "WRONG_VARIABLE_TYPE /c",
      "UNKNOWN_VARIABLE /cc",
    ]);
    expect(JSON.stringify(diagnostics)).not.toMatch(/4111|hunter2/);
  });

  it("takes null and undefined as no value, and nothing else", () => {
    expect(codesOf({}, null)).toEqual(["MISSING_VARIABLE"]);
    expect(codesOf({}, "")).toEqual([]);
    expect(valueOf({ default: "d" }, { v: null })).toBe("d");
    expect("v" in checkVariables([variable({ required: false })], {}).values).toBe(false);
  });

  it("checks a default like any other value", () => {
    expect(checkVariables([variable({ default: 5 })], {}).diagnostics).toMatchObject([{ code: "WRONG_VARIABLE_TYPE" }]);
  });

  it("takes names of the prototype as ordinary names", () => {
    const { values } = checkVariables([variable({ name: "__proto__", required: false, default: "x" })], {});
    expect(Object.entries(values)).toEqual([["__proto__", "x"]]);
    expect(checkVariables([variable({ name: "valueOf" })], {}).diagnostics).toMatchObject([
      { code: "MISSING_VARIABLE" },
    ]);
    const evil: Record<string, unknown> = JSON.parse('{"__proto__":{"v":"evil"}}');
    expect(checkVariables([variable()], evil).diagnostics.map(({ code }) => code)).toEqual([
      "MISSING_VARIABLE",
      "UNKNOWN_VARIABLE",
    ]);
  });

  it("suggests the variable that a misspelt name means", () => {
    const { diagnostics } = checkVariables([variable({ name: "customer" })], { custmer: "x" });
    expect(diagnostics[1]).toMatchObject({ code: "UNKNOWN_VARIABLE", hint: 'did you mean "customer"?' });
  });

  it("leaves extra values out when they are ignored, and keeps those that are used", () => {
    const { values, diagnostics } = checkVariables([], { a: 1, b: 2 }, { extra: "ignore", used: ["b"] });
    expect({ ...values, count: diagnostics.length }).toEqual({ b: 2, count: 0 });
  });

  it.each<[string, unknown, unknown]>([
    ["number", "-1.5e3", -1500],
    ["number", " 1", undefined],
    ["number", "1_000", undefined],
    ["number", "0x10", undefined],
    ["number", "1e999", undefined],
    ["number", "9007199254740993", undefined],
    ["integer", "7", 7],
    ["integer", "7.5", undefined],
    ["boolean", "TRUE", true],
    ["boolean", "False", false],
    ["boolean", "1", undefined],
    ["boolean", "yes", undefined],
    ["string", 1.5, "1.5"],
    ["string", true, "true"],
    ["string", ["a"], undefined],
    ["object", "{}", undefined],
    ["array", "[]", undefined],
  ])("coerces to %s without loss: %j", (type, value, expected) => {
    expect(valueOf({ type }, { v: value }, { coerce: "lossless" })).toEqual(expected);
    expect(codesOf({ type }, value, { coerce: "lossless" })).toEqual(
      expected === undefined ? ["WRONG_VARIABLE_TYPE"] : [],
    );
  });

  it("runs Standard Schemas for one variable and for all of them", () => {
    const upper = schemaOf((value) => ({ value: String(value).toUpperCase() }));
    expect(valueOf({}, { v: "a" }, { schemas: { v: upper } })).toBe("A");
    const refuse = schemaOf(() => ({ issues: [{ message: "no\u001b[31m", path: ["v", { key: 0 }] }] }));
    const { diagnostics } = checkVariables([variable()], { v: "a" }, { schema: refuse });
    expect(diagnostics).toMatchObject([{ code: "REFUSED_BY_SCHEMA", pointer: "/v/0", message: "test: no\\u{1B}[31m" }]);
    expect(codesOf({}, 1, { schemas: { v: refuse } })).toEqual(["WRONG_VARIABLE_TYPE"]);
  });

  it("explains that a schema must answer at once, and that values are an object", () => {
    const slow = schemaOf(() => Promise.resolve({ value: 1 }));
    expect(() => checkVariables([variable()], { v: "a" }, { schema: slow })).toThrow(TypeError);
    expect(() => checkVariables([], null as never)).toThrow(TypeError);
    expect(() => checkVariables([], {}, { schema: schemaOf(() => ({ value: 1 })) })).toThrow(TypeError);
    expectTypeOf(checkVariables([], {}).values).toEqualTypeOf<{ readonly [name: string]: unknown }>();
  });
});
