import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, PackError } from "../diagnostics/errors.ts";
import { Pack } from "../pack/pack.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt, Variable } from "../schema/sections/prompt.ts";
import { compilePrompt, type CompilePromptOptions } from "./compile-prompt.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import { renderPlainly } from "./prompt-program.ts";
import { renderPrompt, type RenderOptions } from "./render-prompt.ts";

const variable = (name: string, parts: Partial<Variable> = {}): Variable => ({
  name,
  type: "string",
  required: true,
  ...parts,
});

function compile(
  template: string,
  prompt: Partial<Prompt> = {},
  pack: Partial<PackData> = {},
  options?: CompilePromptOptions,
): CompiledPrompt {
  const data: PackData = {
    id: "p",
    name: "P",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: { id: "other", name: "Main", version: "2.0.0", system_template: template, ...prompt } },
    ...pack,
  };
  return compilePrompt(new Pack(data), "main", options);
}

function codesOf(compiled: CompiledPrompt, values?: Record<string, unknown>, options?: RenderOptions): string[] {
  try {
    renderPrompt(compiled, values, options);
  } catch (error) {
    if (InputError.isInstance(error)) return error.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
    throw error;
  }
  return [];
}

describe("compilePrompt", () => {
  it("lists the prompts there are when there is none of the name", () => {
    const { pack } = compile("x");
    for (const id of ["mian", "__proto__", "constructor"])
      expect(() => compilePrompt(pack, id)).toThrow(/it has "main"/);
  });

  it("puts prefix and suffix around the template without separator, and merges parameters key by key", () => {
    const model_overrides = {
      m: { system_template_prefix: "P", system_template_suffix: "S{{a}}", parameters: { top_k: null, top_p: 0.5 } },
    };
    const prompt = { parameters: { temperature: 0, top_k: 40 }, model_overrides };
    const compiled = compile("-{{a}}-", prompt, {}, { model: "m" });
    expect(compiled).toMatchObject({
      template: "P-{{a}}-S{{a}}",
      parameters: { temperature: 0, top_k: null, top_p: 0.5 },
      model: "m",
    });
    expect(compile("-", prompt, {}, { model: "M" })).toMatchObject({ template: "-", parameters: { top_k: 40 } });
    expect(compile("-", prompt, {}, { model: "constructor" }).template).toBe("-");
  });

  it("lets a replacement suppress prefix and suffix, and an empty one replace nothing", () => {
    const affixes = { system_template_prefix: "P", system_template_suffix: "S" };
    const model_overrides = {
      full: { ...affixes, system_template: "NEW" },
      empty: { ...affixes, system_template: "" },
    };
    expect(compile("x", { model_overrides }, {}, { model: "full" }).template).toBe("NEW");
    expect(compile("x", { model_overrides }, {}, { model: "empty" }).template).toBe("PxS");
  });

  it("says what the template uses", () => {
    const compiled = compile(
      "{{a}} {{b.c}} {{f}} {{artifacts.x}}",
      { variables: [variable("a")] },
      { fragments: { f: "{{g}}", g: "" } },
    );
    expect(compiled).toMatchObject({ id: "main", undeclared: ["b"], fragments: ["f", "g"], artifacts: ["x"] });
  });

  it("offers the pack's tools less the blocklist, then the host's", () => {
    const tool = (name: string) => ({ name, description: name });
    const tools = { a: tool("a"), b: tool("b"), c: tool("c") };
    const extra = { ...tool("member"), parameters: { type: "object", properties: {} } };
    const offered = compile(
      "x",
      { tools: ["b", "a"], tool_policy: { blocklist: ["a"], tool_choice: "required" } },
      { tools },
      { tools: [extra] },
    );
    expect(offered.tools.map(({ name }) => name)).toEqual(["b", "member"]);
    expect(offered).toMatchObject({ toolChoice: "required", tools: [{ parameters: { type: "object" } }, {}] });
    expect(
      compile("x", { tools: ["a"], tool_policy: { tool_choice: "none" } }, { tools }, { tools: [extra] }).tools,
    ).toEqual([]);
  });

  it("refuses a template that nobody checked", () => {
    expect(() => compile("{{#if}}")).toThrow(PackError);
    expect(() => compile("{{f}}", {}, { fragments: { f: "{{fragments.x}}" } })).toThrow(
      /fragments\/f UNKNOWN_FRAGMENT/,
    );
    expect(() => compile("x", {}, { template_engine: { version: "v1", syntax: "(a|variable)" } })).toThrow(PackError);
  });

  it("has its variables as a Standard Schema", async () => {
    const { input } = compile("{{a}}", {
      variables: [variable("a"), variable("b", { required: false, default: "d" })],
    });
    expect(await input["~standard"].validate({ a: "x" })).toEqual({ value: { a: "x", b: "d" } });
    expect(await input["~standard"].validate({ a: 1 })).toMatchObject({ issues: [{ path: ["a"] }] });
    expect(await input["~standard"].validate([])).toMatchObject({ issues: [{}] });
  });
});

describe("renderPrompt", () => {
  it("returns a plain request", () => {
    const compiled = compile("Hi {{a}}", { variables: [variable("a")], parameters: { temperature: 0 } });
    const request = renderPrompt(
      compiled,
      { a: "Bo" },
      { user: "{{a}}", messages: [{ role: "user", content: "before" }], digest: "d" },
    );
    expect(JSON.parse(JSON.stringify(request))).toEqual({
      system: "Hi Bo",
      messages: [
        { role: "user", content: "before" },
        { role: "user", content: "{{a}}" },
      ],
      tools: [],
      toolChoice: "auto",
      parameters: { temperature: 0 },
      pack: { id: "p", version: "1.0.0", digest: "d" },
      prompt: { id: "main", version: "2.0.0" },
    });
    expect(renderPrompt(compile("x", {}, {}, { model: "m" })).model).toBe("m");
  });

  it("renders optional variables without a value as nothing and defaults as themselves", () => {
    const variables = [
      variable("a", { required: false }),
      variable("b", { required: false, default: { c: "C" }, type: "object" }),
    ];
    const compiled = compile("[{{a}}{{a.x}}|{{b}}|{{b.c}}]", { variables });
    expect(renderPrompt(compiled).system).toBe('[|{"c":"C"}|C]');
    expect(renderPrompt(compiled, { a: null, b: null }).system).toBe('[|{"c":"C"}|C]');
  });

  it("reports every bad value at once", () => {
    const variables = [
      variable("a"),
      variable("b", { validation: { max_length: 2 } }),
      variable("c", { type: "object" }),
    ];
    const compiled = compile("{{a}}{{b}}{{c.d}}{{e}}", { variables });
    expect(codesOf(compiled, { b: "long", c: {}, x: 1 })).toEqual([
      "MISSING_VARIABLE /a",
      "TOO_LONG /b",
      "UNKNOWN_VARIABLE /x",
      "UNKNOWN_PATH /c",
      "UNDEFINED_VARIABLE /e",
    ]);
  });

  it("keeps or empties what is missing and ignores what is extra when asked to", () => {
    const compiled = compile("{{a}}-{{b}}", { variables: [variable("a")] });
    expect(renderPrompt(compiled, { x: 1 }, { missing: "keep", extra: "ignore" }).system).toBe("{{a}}-{{b}}");
    expect(renderPrompt(compiled, {}, { missing: "empty" }).system).toBe("-");
  });

  it.each([{ missing: "ignore" }, { extra: "drop" }, { coerce: true }])("is as strict as ever for %o", (options) => {
    const compiled = compile("{{a}}", { variables: [variable("a", { required: true }), variable("b")] });
    const bad = [{}, { a: "x", c: "y" }, { a: 7 }];
    for (const values of bad) expect(() => renderPrompt(compiled, values, options as never)).toThrow(InputError);
  });

  it("takes artifacts and the values of the call site apart from the variables", () => {
    const compiled = compile("{{artifacts.x}}[{{artifacts.y}}]{{input}}", { variables: [] });
    expect(
      renderPrompt(compiled, {}, { artifacts: { x: "{{input}}" }, implicit: { input: "in", unused: 1 } }).system,
    ).toBe("{{input}}[]in");
  });

  it("refuses half a character, a value without text and too much of it", () => {
    const compiled = compile("{{a}}".repeat(3000), { variables: [variable("a", { type: "any" })] });
    expect(codesOf(compiled, { a: "\udc00" })).toEqual(["LONE_SURROGATE /a"]);
    expect(codesOf(compiled, { a: () => 1 })).toEqual(["UNPRINTABLE_VALUE /a"]);
    expect(codesOf(compiled, { a: "x".repeat(20_000) })).toEqual(["OUTPUT_TOO_LARGE "]);
    expect(() => renderPrompt(compiled, [] as never)).toThrow(TypeError);
  });

  it("reads own values only", () => {
    const compiled = compile("{{a}}", { variables: [variable("a")] });
    expect(codesOf(compiled, Object.create({ a: "inherited" }))).toEqual(["MISSING_VARIABLE /a"]);
    expect(renderPrompt(compiled, Object.assign(Object.create(null), { a: "own" })).system).toBe("own");
    class Values {
      a = "own";
    }
    expect(renderPrompt<object>(compiled as CompiledPrompt<object>, new Values()).system).toBe("own");
  });

  it("puts values where the template shows them, whatever the order and however often", () => {
    const variables = ["a", "b", "c", "d"].map((name) => variable(name, { required: name !== "d", default: "D" }));
    const given = { a: "1", b: "2", c: "3" };
    const orders = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 8 });
    fc.assert(
      fc.property(orders, fc.shuffledSubarray(["a", "b", "c"] as const, { minLength: 3 }), (shown, passed) => {
        const compiled = compile(shown.map((name) => `{{${name}}}`).join("."), { variables });
        const values = Object.fromEntries(passed.map((name) => [name, given[name]]));
        const expected = shown.map((name) => ({ ...given, d: "D" })[name as "a"]).join(".");
        expect(renderPlainly(compiled.program, values)).toBe(expected);
        expect(renderPrompt(compiled, values, { implicit: {} }).system).toBe(expected);
      }),
    );
  });

  it("finds half a character, also beside its other half and in a template that is not Latin", () => {
    const variables = [variable("a"), variable("b")];
    for (const template of ["{{a}}{{b}}", "ж{{a}}{{b}}", "{{a}} {{b}}"]) {
      const compiled = compile(template, { variables });
      const expected = template.replace("{{a}}", "é").replace("{{b}}", "語😀");
      expect(renderPlainly(compiled.program, { a: "é", b: "語😀" })).toBe(expected);
      expect(codesOf(compiled, { a: "\ud83d", b: "x" })).toEqual(["LONE_SURROGATE /a"]);
      expect(codesOf(compiled, { a: "x", b: "\ude00" })).toEqual(["LONE_SURROGATE /b"]);
      expect(codesOf(compiled, { a: "\ud83d", b: "\ude00" })).toEqual(["LONE_SURROGATE /a", "LONE_SURROGATE /b"]);
    }
  });

  it("counts before it joins: many large values are an error, not an overflow of the engine", () => {
    const names = Array.from({ length: 200 }, (_, index) => `v${index}`);
    const compiled = compile(names.map((name) => `{{${name}}}`).join(""), {
      variables: names.map((name) => variable(name)),
    });
    const large = "x".repeat(4 * 1024 * 1024);
    expect(codesOf(compiled, Object.fromEntries(names.map((name) => [name, large])))).toEqual(["OUTPUT_TOO_LARGE "]);
  });

  it("renders the same in the quick and in the thorough way", () => {
    const variables = [
      variable("s", { validation: { min_length: 1, max_length: 3 } }),
      variable("p", { required: false, validation: { pattern: "^a" } }),
      variable("n", { type: "number", required: false, default: 7 }),
      variable("o", { type: "object", required: false, default: { k: "d" } }),
    ];
    const compiled = compile("{{s}} {{p}} {{n}} {{o}} {{o.k}} {{s}} {{u}}", { variables });
    const any = fc.oneof(
      fc.string({ maxLength: 4, unit: "binary" }),
      fc.integer(),
      fc.constantFrom("a", "ab", null, { k: 1 }, {}, [1]),
    );
    const fitting = fc.record(
      { s: fc.string({ minLength: 1, maxLength: 3 }), p: fc.constantFrom("a", "ab"), n: fc.integer(), u: any },
      { requiredKeys: ["s", "u"] },
    );
    const values = fc.oneof(
      fc.record({ s: any, p: any, n: any, o: any, u: any, x: any }, { requiredKeys: [] }),
      fitting,
    );
    let quickly = 0;
    fc.assert(
      fc.property(values, (given) => {
        const quick = renderPlainly(compiled.program, given);
        const codes = codesOf(compiled, given, { implicit: {} });
        if (quick === undefined) expect(codes.length > 0 || Object.values(given).includes(null)).toBe(true);
        else {
          quickly++;
          expect(renderPrompt(compiled, given, { implicit: {} }).system).toBe(quick);
        }
      }),
      { numRuns: 500 },
    );
    expect(quickly).toBeGreaterThan(100);
  });
});

describe("what was left out on the way", () => {
  const data = { id: "p", prompts: {} } as unknown as Pack;

  it("is said: data is no pack yet, and a pack is no compiled prompt", () => {
    expect(() => compilePrompt(data, "main")).toThrow(
      new TypeError("compilePrompt takes a Pack; parsePack makes one of text, validatePack of data"),
    );
    expect(() => renderPrompt(data as unknown as CompiledPrompt, {})).toThrow(
      new TypeError("renderPrompt takes what compilePrompt returns"),
    );
  });
});

describe("a template that is too large only with what an override adds", () => {
  it("is refused, and never an empty prompt", () => {
    const half = "x".repeat(3_000_000);
    const prompt = { model_overrides: { m: { system_template_prefix: half } } };
    expect(renderPrompt(compile(half, prompt), {}).system).toBe(half);
    expect(() => compile(half, prompt, {}, { model: "m" })).toThrow(/OUTPUT_TOO_LARGE/);
  });
});

describe("a length that no text has", () => {
  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 52])("refuses every text, as min_length %d", (min_length) => {
    const compiled = compile("{{a}}", { variables: [variable("a", { validation: { min_length } })] });
    expect(codesOf(compiled, { a: "text" })).toEqual(["TOO_SHORT /a"]);
  });

  it.each([2 ** 31, 2 ** 32, 2 ** 52])("refuses none, as max_length %d", (max_length) => {
    const compiled = compile("{{a}}", { variables: [variable("a", { validation: { max_length } })] });
    expect(renderPrompt(compiled, { a: "text" }).system).toBe("text");
  });
});
