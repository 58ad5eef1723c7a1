import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../diagnostics/errors.ts";
import { renderTemplate, type RenderTemplateOptions } from "./render-template.ts";

function faultsOf(text: string, options?: RenderTemplateOptions): InputError["diagnostics"] {
  try {
    renderTemplate(text, options);
  } catch (error) {
    if (InputError.isInstance(error)) return error.diagnostics;
    throw error;
  }
  return [];
}
const codesOf = (text: string, options?: RenderTemplateOptions): string[] =>
  faultsOf(text, options).map(({ code }) => code);

describe("renderTemplate", () => {
  it("inlines all three dialects of fragments, nested ones too", () => {
    const fragments = { a: "A {{fragment:b}}", b: "B {{x}} {{c-d}}", "c-d": "C" };
    const values = { x: 1 };
    expect(renderTemplate("{{fragments.a}}|{{fragment:a}}|{{a}}", { fragments, values })).toBe(
      "A B 1 C|A B 1 C|A B 1 C",
    );
  });

  it("takes a bare name as the declared variable, then the fragment, then a value", () => {
    const options = { fragments: { x: "fragment" }, values: { x: "value" } };
    expect(renderTemplate("{{x}}", { ...options, declared: ["x"] })).toBe("value");
    expect(renderTemplate("{{x}}", { ...options, extra: "ignore" })).toBe("fragment");
    expect(renderTemplate("{{x}}", { values: { x: "value" } })).toBe("value");
  });

  it.each([
    ["text", "text", "text"],
    ["a number", 0.1, "0.1"],
    ["minus zero", -0, "0"],
    ["a bigint", 2n ** 64n, "18446744073709551616"],
    ["a boolean", false, "false"],
    ["an object", { b: [1, null, "é\n"], a: { c: undefined }, n: 10n }, '{"b":[1,null,"é\\n"],"a":{},"n":10}'],
  ])("writes %s as a model should read it", (_, value, text) => {
    expect(renderTemplate("{{v}}", { values: { v: value } })).toBe(text);
  });

  it("reads own keys and indexes only", () => {
    const values = { u: { n: [{ t: "x" }] } };
    expect(renderTemplate("{{u.n[0].t}}", { values })).toBe("x");
    for (const path of ["u.x", "u.n[1]", "u.n.length", "u.__proto__", "u.constructor", "u.n[0].t.length"]) {
      expect(codesOf(`{{${path}}}`, { values })).toEqual(["UNKNOWN_PATH"]);
    }
    expect(codesOf("{{constructor}}{{__proto__}}")).toEqual(["UNDEFINED_VARIABLE", "UNDEFINED_VARIABLE"]);
  });

  it("shows an artifact that is not set as nothing", () => {
    expect(renderTemplate("[{{artifacts.a}}{{artifacts.b}}]", { values: { artifacts: { a: "x" } } })).toBe("[x]");
  });

  it("keeps or empties tags without a value when asked to", () => {
    expect(renderTemplate("{{ a }}{{b.c}}", { missing: "keep", values: { b: {} } })).toBe("{{ a }}{{b.c}}");
    expect(renderTemplate("[{{a}}]", { missing: "empty" })).toBe("[]");
  });

  it("leaves what is no tag in the text", () => {
    expect(renderTemplate("{{crew-size}} {{}} {{a{{b}} {{c", { values: { b: 1 } })).toBe("{{crew-size}} {{}} {{a1 {{c");
  });

  it("reports every fault at once, each at its place", () => {
    const faults = faultsOf("{{#if x}}\n {{fragments.non}}{{y}}", { fragments: { none: "" }, values: { z: 1 } });
    expect(faults.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "BLOCK_TAG ",
      "UNKNOWN_FRAGMENT ",
      "UNDEFINED_VARIABLE /y",
      "UNKNOWN_VARIABLE /z",
    ]);
    expect(faults[1]).toMatchObject({
      hint: 'did you mean "none"?',
      span: { start: { offset: 11, line: 2, column: 2 }, end: { offset: 28, line: 2, column: 19 } },
    });
  });

  it("names a cycle of fragments, and the compiler that lost a fragment's content", () => {
    const [cycle] = faultsOf("{{fragments.a}}", { fragments: { a: "x{{fragments.b}}", b: "{{fragment:a}}" } });
    expect(cycle).toMatchObject({ code: "FRAGMENT_CYCLE", pointer: "/fragments/b" });
    expect(cycle?.message).toContain('"a" -> "b" -> "a"');
    expect(codesOf("{{a}}", { fragments: { a: "{{a}}" } })).toEqual(["FRAGMENT_CONTENT_LOST"]);
  });

  it("stops at the limits of depth and size", { timeout: 5000 }, () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`f${index}`, `{{fragments.f${index + 1}}}`]),
    );
    expect(codesOf("{{f0}}", { fragments: chain })).toEqual(["FRAGMENT_TOO_DEEP"]);
    const bomb = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`f${index}`, `{{f${index + 1}}}`.repeat(2)]),
    );
    expect(codesOf("{{f0}}", { fragments: { ...bomb, f30: "" } })).toContain("OUTPUT_TOO_LARGE");
    expect(codesOf("{{x}}".repeat(60_000), { values: { x: "A".repeat(20_000) } })).toEqual(["OUTPUT_TOO_LARGE"]);
  });

  it.each([
    [
      "circular",
      (() => {
        const value: { self?: unknown } = {};
        value.self = value;
        return value;
      })(),
    ],
    ["function", { f: () => 1 }],
    ["NaN", [Number.NaN]],
    ["class instance", new Map()],
    ["symbol", Symbol("x")],
    ["deep", JSON.parse("[".repeat(500) + "]".repeat(500))],
  ])("refuses a %s value without showing it", (_, value) => {
    expect(codesOf("{{v}}", { values: { v: value } })).toEqual(["UNPRINTABLE_VALUE"]);
  });

  it("refuses half a character, an unknown syntax and extra values", () => {
    expect(codesOf("{{v}}", { values: { v: "\ud800" } })).toEqual(["LONE_SURROGATE"]);
    for (const syntax of [".*variable", "variable", "", "{{}}"])
      expect(codesOf("x", { syntax })).toEqual(["UNSUPPORTED_SYNTAX"]);
    expect(faultsOf("{{name}}", { values: { name: 1, nmae: 2 } })[0]).toMatchObject({
      code: "UNKNOWN_VARIABLE",
      hint: 'did you mean "name"?',
    });
  });

  it("refuses a template beyond the limit, which once became no text at all", () => {
    expect(codesOf("x".repeat(5_000_000))).toEqual(["OUTPUT_TOO_LARGE"]);
    expect(codesOf(`${"x".repeat(5_000_000)}{{a}}`, { values: { a: "" } })).toContain("OUTPUT_TOO_LARGE");
  });

  it("writes no holes, few or billions", () => {
    for (const length of [2, 4_000_000_000])
      expect(codesOf("{{x}}", { values: { x: Object.assign([], { length }) } })).toEqual(["UNPRINTABLE_VALUE"]);
  });

  it("tells a hundred faults of a template that has nothing else", { timeout: 20_000 }, () => {
    const many = Array.from({ length: 60_000 }, (_, index) => index);
    const fragments = Object.fromEntries(many.map((index) => [`f${index}`, ""]));
    const hundred = (code: string): string[] => [...Array.from({ length: 100 }, () => code), "LIMIT_EXCEEDED"];
    expect(codesOf(many.map((index) => `{{fragments.g${index}}}\n`).join(""), { fragments })).toEqual(
      hundred("UNKNOWN_FRAGMENT"),
    );
    expect(codesOf(many.map((index) => `{{v${index}}}`).join(""), { values: fragments })).toEqual([
      ...hundred("UNDEFINED_VARIABLE"),
      ...hundred("UNKNOWN_VARIABLE"),
    ]);
  });

  it("softens nothing for a misspelt choice", () => {
    expect(codesOf("{{a}}", { missing: "ignore" as never })).toEqual(["UNDEFINED_VARIABLE"]);
    expect(codesOf("", { extra: "drop" as never, values: { a: 1 } })).toEqual(["UNKNOWN_VARIABLE"]);
  });

  it("never scans a value again, and agrees with a naive reference", () => {
    const names = ["a", "b", "c"];
    const part = fc.oneof(
      fc.constantFrom(...names).map((name) => `{{${name}}}`),
      fc.string().filter((text) => !/[{}]/.test(text)),
    );
    const value = fc.oneof(fc.string(), fc.constantFrom("{{a}}", "$&", "{{fragments.f}}", "{{b", "}}"));
    fc.assert(
      fc.property(fc.array(part), value, value, value, (parts, a, b, c) => {
        const values: Record<string, string> = { a, b, c };
        const naive = parts.map((text) => (text.startsWith("{{") ? values[text.slice(2, -2)] : text)).join("");
        expect(renderTemplate(parts.join(""), { values, extra: "ignore" })).toBe(naive);
      }),
    );
  });
});
