import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { surveyJson } from "../json/survey.ts";
import { safeParsePack } from "../pack/parse-pack.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { checkSchemaItself } from "./check-schema-itself.ts";
import { compileEcmaPattern } from "./ecma-pattern.ts";
import type { JsonSchema } from "./json-schema/schema-index.ts";
import { hasFormat } from "./json-schema/formats.ts";
import { packSchema } from "./versions/pack-schema.ts";
import { isPatternFault } from "./pattern.ts";
import { shapeOfSchema } from "./shape-of-schema.ts";
import { findSpecVersion, SPEC_VERSIONS } from "./versions/spec-versions.ts";

const codes = (schema: JsonSchema, value: unknown, options = {}): string[] =>
  checkJsonSchema(schema, value, options).map(({ code, pointer }) => `${code} ${pointer}`);

const prompt = { id: "main", name: "Main", version: "1.0.0", system_template: "Hi" };
const pack = (rest: object = {}, inPrompt: object = {}): Record<string, unknown> => ({
  id: "p",
  name: "P",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: { main: { ...prompt, ...inPrompt } },
  ...rest,
});
const faults = (data: unknown): readonly Diagnostic[] =>
  safeParsePack(JSON.stringify(data)).diagnostics.filter(({ layer }) => layer === "schema");
const steps = (...list: readonly object[]): object => ({ compositions: { c: { version: 1, steps: list } } });

describe("the interpreter", () => {
  it("reports every fault of a value at its pointer", () => {
    const schema = {
      type: "object",
      required: ["a"],
      properties: { b: { type: "string", maxLength: 1 }, c: { enum: [1, 2] } },
      additionalProperties: false,
    };
    expect(codes(schema, { b: "xx", c: 3, d: 0 }, { pointer: "/in" }).toSorted()).toEqual([
      "MISSING_FIELD /in/a",
      "UNKNOWN_FIELD /in/d",
      "WRONG_LENGTH /in/b",
      "WRONG_VALUE /in/c",
    ]);
  });

  it("gives a value of the wrong type one fault", () => {
    expect(codes({ type: "string", minLength: 2, pattern: "x" }, 7)).toEqual(["WRONG_TYPE "]);
    expect(codes({ type: "integer" }, 1.5)).toEqual(["WRONG_TYPE "]);
    expect(codes({ type: "integer" }, 1e300)).toEqual([]);
  });

  it("counts characters as code points", () => {
    expect(codes({ maxLength: 1 }, "😀")).toEqual([]);
    expect(codes({ minLength: 2 }, "😀")).toEqual(["WRONG_LENGTH "]);
  });

  it("knows own members only, in the value and in the schema", () => {
    expect(codes({ required: ["constructor"] }, {})).toEqual(["MISSING_FIELD /constructor"]);
    expect(codes({ properties: {}, additionalProperties: false }, { toString: 1 })).toEqual([
      "UNKNOWN_FIELD /toString",
    ]);
    expect(codes({ $ref: "#/constructor" }, 1)).toEqual(["INVALID_SCHEMA "]);
  });

  it("ends at its budget", () => {
    expect(codes({ items: { type: "number" } }, Array(100).fill(0), { maxSteps: 50 })).toEqual(["BUDGET_EXCEEDED "]);
    expect(codes({ items: { type: "number" } }, Array(100).fill(0), { maxSteps: 101 })).toEqual([]);
  });

  it("evaluates a tree of references once for each definition, not once for each path", () => {
    const $defs: Record<string, object> = { d0: { type: "number" } };
    for (let level = 1; level <= 60; level++)
      $defs[`d${level}`] = { allOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] };
    expect(codes({ $defs, $ref: "#/$defs/d60" }, 1, { maxSteps: 1000 })).toEqual([]);
    expect(
      codes(
        { $defs: { ...$defs, top: { anyOf: [{ $ref: "#/$defs/d60" }, { type: "string" }] } }, $ref: "#/$defs/top" },
        "x",
        { maxSteps: 2000 },
      ),
    ).toEqual([]);
  });

  it.each([
    ["itself", { $ref: "#" }],
    ["a definition that names itself", { $defs: { a: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }],
    [
      "a ring of definitions",
      { $defs: { a: { anyOf: [{ $ref: "#/$defs/b" }] }, b: { allOf: [{ $ref: "#/$defs/a" }] } }, $ref: "#/$defs/a" },
    ],
  ])("refuses a schema that refers to %s without end", (_, schema) => {
    expect(codes(schema, 1)).toEqual(["INVALID_SCHEMA "]);
  });

  it("follows a recursive schema as deep as the value", () => {
    const schema = {
      $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } }, additionalProperties: false } },
      $ref: "#/$defs/node",
    };
    expect(codes(schema, { next: { next: { next: {} } } })).toEqual([]);
    expect(codes(schema, { next: { next: { nxet: {} } } })).toEqual(["UNKNOWN_FIELD /next/next/nxet"]);
  });

  it("survives a value that is nested deeper than the stack", () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 200_000; depth++) value = { a: value };
    expect(
      codes({ $defs: { n: { properties: { a: { $ref: "#/$defs/n" } } } }, $ref: "#/$defs/n" }, value, {
        maxSteps: Number.POSITIVE_INFINITY,
      }),
    ).toEqual(["BUDGET_EXCEEDED "]);
  });

  it.each(["http://127.0.0.1/x.json", "file:///etc/passwd", "other.json", "//host/x", "data:application/json,true"])(
    "never fetches %s",
    ($ref) => {
      expect(codes({ $ref }, 1)).toEqual(["REMOTE_REFERENCE "]);
    },
  );

  it.each([
    [{ type: "strnig" }],
    [{ type: 1 }],
    [{ required: "a" }],
    [{ properties: [] }],
    [{ minimum: "1" }],
    [{ allOf: {} }],
    [{ enum: "a" }],
    [{ pattern: "(?=x)" }],
    [{ pattern: { toString: null } }],
    [{ pattern: "(" }],
    [{ patternProperties: { "(": true } }],
    [{ items: 1 }],
    [{ not: "x" }],
  ])("says of %j that it is no schema, and throws nothing", (schema) => {
    const value =
      "pattern" in schema
        ? "x"
        : "items" in schema || "prefixItems" in schema
          ? [1]
          : "minimum" in schema
            ? 1
            : { a: 1 };
    expect(codes(schema as JsonSchema, value)).toEqual(["INVALID_SCHEMA "]);
  });

  it("never throws and always ends, whatever the schema", () => {
    const keyword = fc.constantFrom(
      "type",
      "properties",
      "items",
      "required",
      "$ref",
      "allOf",
      "oneOf",
      "not",
      "if",
      "then",
      "pattern",
      "minimum",
      "enum",
      "$defs",
      "additionalProperties",
      "unevaluatedProperties",
      "contains",
      "uniqueItems",
      "dependentSchemas",
      "$dynamicRef",
      "multipleOf",
    );
    const schema = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(true, false, null, 1, -1, 0, "string", "object", "#", "#/$defs/a", "#a", "(", "a"),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keyword, fc.constant("a")), tie("node"), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(schema, fc.jsonValue({ maxDepth: 3 }), (generated, value) => {
        for (const { layer, message } of checkJsonSchema(generated as JsonSchema, value)) {
          expect(["schema", "reference"]).toContain(layer);
          expect(message.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("compares items of unique lists by value", () => {
    expect(
      codes({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toEqual(["NOT_UNIQUE "]);
    expect(codes({ uniqueItems: true }, [1, "1", true, null, [], {}])).toEqual([]);
  });

  it("calculates multiples in decimal", () => {
    expect(codes({ multipleOf: 0.01 }, 4.35)).toEqual([]);
    expect(codes({ multipleOf: 0.01 }, 4.351)).toEqual(["OUT_OF_RANGE "]);
  });

  it("checks formats only when asked", () => {
    expect(codes({ format: "date" }, "2025-02-30")).toEqual([]);
    expect(codes({ format: "date" }, "2025-02-30", { assertFormats: true })).toEqual(["WRONG_FORMAT "]);
  });

  it.each([
    ["date", "2024-02-29", "2023-02-29"],
    ["date", "2000-02-29", "1900-02-29"],
    ["date", "2025-12-31", "2025-13-01"],
    ["date-time", "2026-08-31T23:59:60Z", "2026-08-31T24:00:00Z"],
    ["date-time", "2026-08-31T01:02:03.5+05:30", "2026-08-31T01:02:03"],
    ["uri", "urn:x:y", "no scheme"],
    ["uri", "https://a.b/%20", "https://a.b/%2"],
    ["unknown", "anything", ""],
  ])("knows the format %s: %s", (format, good, bad) => {
    expect(hasFormat(format, good)).toBe(true);
    if (format !== "unknown") expect(hasFormat(format, bad)).toBe(false);
  });
});

describe("patterns of JSON Schema", () => {
  it.each([
    ["\\u0041", "A", "B"],
    ["^\\u{1F600}$", "😀", "x"],
    ["^\\p{Letter}+$", "é", "1"],
    ["^\\p{Script=Greek}$", "λ", "a"],
    ["^\\p{Lu}$", "É", "é"],
    ["^\\P{L}$", "1", "a"],
    ["^\\\\p$", "\\p", "p"],
    ["^\\d$", "1", "١"],
  ])("%s finds %j and not %j", (source, found, other) => {
    const pattern = compileEcmaPattern(source);
    if (isPatternFault(pattern)) throw new Error(pattern.fault);
    expect([pattern.test(found), pattern.test(other)]).toEqual([true, false]);
  });

  it.each(["(?=a)", "(?<!a)", "(a)\\1", "(", "[z-a]", "a{1001}", "\\p{Nothing}"])(
    "%s is refused with a reason",
    (source) => {
      const pattern = compileEcmaPattern(source);
      expect(isPatternFault(pattern) && pattern.fault.length > 5).toBe(true);
    },
  );

  it("stay linear where others explode", () => {
    const pattern = compileEcmaPattern("^(a+)+$");
    expect(!isPatternFault(pattern) && pattern.test(`${"a".repeat(50_000)}!`)).toBe(false);
  });
});

describe("checkSchemaItself", () => {
  it("finds every fault at its place", () => {
    const schema = {
      type: "strnig",
      properties: { a: { pattern: "(?=x)", minLength: -1 }, b: 7 },
      $ref: "http://x/y",
      allOf: [],
      required: [1],
    };
    expect(
      checkSchemaItself(schema, "/s")
        .map(({ code, pointer }) => `${code} ${pointer}`)
        .toSorted(),
    ).toEqual([
      "INVALID_PATTERN /s/properties/a/pattern",
      "INVALID_SCHEMA /s/allOf",
      "INVALID_SCHEMA /s/properties/a/minLength",
      "INVALID_SCHEMA /s/properties/b",
      "INVALID_SCHEMA /s/required",
      "INVALID_SCHEMA /s/type",
      "REMOTE_REFERENCE /s/$ref",
    ]);
  });

  it("accepts schemas, with names of every kind", () => {
    expect(
      checkSchemaItself({
        properties: { constructor: { $ref: "#/$defs/toString" } },
        $defs: { toString: true },
        "x-own": 1,
      }),
    ).toEqual([]);
    expect([checkSchemaItself(true), checkSchemaItself(false)]).toEqual([[], []]);
    expect(checkSchemaItself("x")).toMatchObject([{ code: "INVALID_SCHEMA" }]);
    expect(checkSchemaItself({ $ref: "#/nowhere" })).toMatchObject([{ code: "INVALID_SCHEMA", pointer: "/$ref" }]);
  });

  it("ends at a schema that holds itself", () => {
    const schema: Record<string, unknown> = {};
    schema["not"] = schema;
    expect(checkSchemaItself(schema)).toEqual([]);
  });
});

describe("messages about packs", () => {
  it.each([
    [
      "an unknown field",
      pack({}, { validaters: [] }),
      "UNKNOWN_FIELD",
      "/prompts/main/validaters",
      { hint: 'did you mean "validators"?' },
    ],
    [
      "a step of a misspelt kind",
      pack(steps({ id: "a", kind: "promt", prompt_task: "main" })),
      "WRONG_VALUE",
      "/compositions/c/steps/0/kind",
      { hint: 'did you mean "prompt"?' },
    ],
    ["a step without a kind", pack(steps({ id: "a" })), "MISSING_FIELD", "/compositions/c/steps/0/kind", {}],
    [
      "a step that misses a field of its kind",
      pack(steps({ id: "a", kind: "tool" })),
      "MISSING_FIELD",
      "/compositions/c/steps/0/tool",
      {},
    ],
    [
      "a step with a wrong field inside",
      pack(steps({ id: "a", kind: "agent", prompt_task: "main", termination: { max_steps: 0 } })),
      "OUT_OF_RANGE",
      "/compositions/c/steps/0/termination/max_steps",
      {},
    ],
    [
      "a predicate with a wrong operator",
      pack(steps({ id: "a", kind: "branch", then: "a", predicate: { path: "${input}", op: "=", value: 1 } })),
      "WRONG_VALUE",
      "/compositions/c/steps/0/predicate/op",
      {},
    ],
    [
      "a skill without instructions",
      pack({ skills: [{ name: "n", description: "d" }] }),
      "MISSING_FIELD",
      "/skills/0/instructions",
      {},
    ],
    [
      "a skill that is a number",
      pack({ skills: [5] }),
      "WRONG_TYPE",
      "/skills/0",
      { message: "found a number, expected a string or an object" },
    ],
    [
      "a custom media type that says too little",
      pack({}, { media: { enabled: true, hologram: { max_size_mb: 1 } } }),
      "AMBIGUOUS_SHAPE",
      "/prompts/main/media/hologram",
      { hint: expect.stringContaining("validation_params") },
    ],
    [
      "two controls in one",
      pack({
        metadata: {
          governance: { obligations: [{ id: "o", obligation: "x", controls: [{ eval: "a", field: "b" }] }] },
        },
      }),
      "WRONG_LENGTH",
      "/metadata/governance/obligations/0/controls/0",
      {},
    ],
    ["a language with a region", pack({ metadata: { language: "en-US" } }), "WRONG_FORMAT", "/metadata/language", {}],
    [
      "a list where a map belongs",
      pack({ prompts: [prompt] }),
      "WRONG_TYPE",
      "/prompts",
      { message: "found an array, expected an object" },
    ],
    [
      "a state without a prompt",
      pack({ workflow: { version: 1, entry: "s", states: { s: {} } } }),
      "MISSING_FIELD",
      "/workflow/states/s/prompt_task",
      {},
    ],
  ])("name the fault of %s where it is", (_, data, code, pointer, rest) => {
    const found = faults(data);
    expect(found).toContainEqual(expect.objectContaining({ code, pointer, ...rest }));
    expect(new Set(found.map((fault) => fault.pointer))).toEqual(new Set([pointer]));
  });

  it("name the choice as a related place", () => {
    const [fault] = faults(pack(steps({ id: "a", kind: "tool" })));
    expect(fault?.related?.map(({ pointer }) => pointer)).toContain("/compositions/c/steps/0");
  });
});

describe("spec versions", () => {
  it.each([
    ["1.4", "1.4.0"],
    ["v1.4.0", "1.4.0"],
    ["1.0", "1.0"],
    ["1.0.0", "1.0"],
    ["1.1", "1.1.0"],
    ["1.8", "1.8.1"],
    ["1.8.0", "1.8.1"],
    ["1.9", "1.9.0"],
  ])("%s is %s", (name, version) => {
    expect(findSpecVersion(name)).toBe(version);
  });

  it.each(["", "1", "2.0", "1.10", "latest", "1.4.0.0", "constructor"])("%j is none", (name) => {
    expect(findSpecVersion(name)).toBeUndefined();
  });

  it.each([
    ["1.1.0", pack({}, { media: { enabled: true } })],
    ["1.2.0", pack({ evals: [] })],
    ["1.3.0", pack({ agents: { entry: "main", members: { main: {} } } })],
    ["1.3.1", pack({ skills: [] })],
    [
      "1.4.0",
      pack({
        workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main", on_event: {}, terminal: true } } },
      }),
    ],
    ["1.4.1", pack({ agents: { entry: "main", members: { main: { state: "s" } } } })],
    ["1.5.0", pack({ compositions: {} })],
    ["1.5.1", pack({ requires: {} })],
    ["1.6.0", pack({ tools: { t: { name: "t", description: "d", action_scope: {} } } })],
    ["1.7.0", pack({ workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main", control: "user" } } } })],
    ["1.8.1", pack({}, { extensions: {} })],
    ["1.9.0", pack({}, { provider: "default" })],
  ] as const)("%s is the first that takes what came with it", (version, data) => {
    const before = SPEC_VERSIONS[SPEC_VERSIONS.indexOf(version) - 1] ?? "1.0";
    expect(checkJsonSchema(packSchema(version), data)).toEqual([]);
    expect(checkJsonSchema(packSchema(before), data)).not.toEqual([]);
  });
});

describe("shapeOfSchema", () => {
  const limits = { maxDepth: 128, maxNodes: 10_000, maxKeyLength: 1024 };
  const rich = pack(
    {
      evals: [
        {
          id: "e",
          type: "contains",
          trigger: "every_turn",
          threshold: { operator: "gte", value: 1 },
          metric: { name: "m", type: "gauge", range: { min: 0, max: 1 } },
        },
      ],
      tools: {
        t: {
          name: "t",
          description: "d",
          parameters: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
        },
      },
      workflow: {
        version: 1,
        entry: "s",
        states: {
          s: { prompt_task: "main", on_event: { go: "c" } },
          c: { orchestration: "composition", composition: "c" },
        },
      },
      ...steps(
        { id: "a", kind: "prompt", prompt_task: "main", input: { q: "${input}" } },
        { id: "b", kind: "branch", predicate: { not: { path: "${a}", exists: true } }, then: "a" },
      ),
      skills: ["./s", { path: "./t", preload: true }, { name: "n", description: "d", instructions: "i" }],
      requires: { providers: ["llm", { key: "k", role: "llm" }] },
      metadata: {
        language: "en",
        governance: {
          independent_of: { axes: ["model", "tools"] },
          reviews: [{ id: "r", type: "t", cadence: "P1Y", owner: "o" }],
        },
      },
    },
    {
      variables: [{ name: "x", type: "string", required: true, validation: { min_length: 1, enum: ["a"] } }],
      parameters: { temperature: 0.5, top_k: null },
      media: { enabled: true, image: { max_size_mb: 1 } },
      validators: [{ type: "max_length", params: {} }],
      tested_models: [{ provider: "p", model: "m", date: "2026-01-31" }],
    },
  );
  const plain = pack(
    { fragments: { f: "x" }, tools: { t: { name: "t", description: "d" } } },
    { variables: [{ name: "x", type: "string", required: false }], parameters: { temperature: 1 } },
  );

  it("accepts an ordinary pack at once", () => {
    expect(surveyJson(structuredClone(plain), shapeOfSchema(packSchema("1.9.0")), limits, true)).toBeDefined();
  });

  it("never accepts what the interpreter refuses", () => {
    const value = fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e300,
      "",
      "x",
      "A b",
      "1.0.0",
      "😀",
      [],
      [1],
      ["a", "a"],
      {},
      { a: 1 },
      { kind: "prompt" },
      { path: "x" },
    );
    const key = fc.constantFrom(
      "id",
      "name",
      "kind",
      "extra",
      "constructor",
      "op",
      "path",
      "exists",
      "orchestration",
      "composition",
      "image",
      "x",
    );
    for (const version of SPEC_VERSIONS) {
      const schema = packSchema(version);
      const shape = shapeOfSchema(schema);
      fc.assert(
        fc.property(
          fc.constantFrom(rich, plain),
          fc.array(fc.tuple(fc.nat(), fc.constantFrom("set", "add", "remove"), key, value), { maxLength: 2 }),
          (base, changes) => {
            const mutant = structuredClone(base);
            for (const [at, change, name, replacement] of changes)
              mutate(mutant, at, change, name, structuredClone(replacement));
            const fits = surveyJson(structuredClone(mutant), shape, limits, true) !== undefined;
            if (fits) expect(checkJsonSchema(schema, mutant, { assertFormats: true, maxSteps: 1e6 })).toEqual([]);
          },
        ),
        { numRuns: 150 },
      );
    }
  });

  /** Changes, adds or removes a member somewhere in a value. */
  function mutate(root: object, at: number, change: string, name: string, replacement: unknown): void {
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      for (const member of Object.keys(node)) places.push([node as Record<string, unknown>, member]);
      Object.values(node).forEach(visit);
    };
    visit(root);
    const [owner, member] = places[at % places.length] as [Record<string, unknown>, string];
    if (change === "set") owner[member] = replacement;
    else if (change === "remove" && Array.isArray(owner)) owner.splice(Number(member), 1);
    else if (change === "remove") delete owner[member];
    else if (Array.isArray(owner)) owner.push(replacement);
    else owner[name] = replacement;
  }
});
