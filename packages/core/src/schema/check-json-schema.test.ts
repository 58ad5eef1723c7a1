import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkJsonSchema } from "./check-json-schema.ts";
import type { JsonSchema } from "./json-schema/schema-index.ts";

const codes = (schema: JsonSchema, value: unknown, options = {}): string[] =>
  checkJsonSchema(schema, value, options).map(({ code, pointer }) => `${code} ${pointer}`);

describe("checkJsonSchema", () => {
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
});

describe("what a keyword goes through without an evaluation of its own", () => {
  const many = Array.from({ length: 4000 }, (_, index) => index);
  const members = (name: string, value: unknown = 1): { readonly [key: string]: unknown } =>
    Object.fromEntries(many.map((index) => [`${name}${index}`, value]));
  const last = (schema: JsonSchema, value: unknown): string | undefined => checkJsonSchema(schema, value).at(-1)?.code;

  it.each<[string, JsonSchema, unknown]>([
    ["patterns of names", { patternProperties: members("^x", {}) }, members("y")],
    ["values", { items: { enum: many.map((index) => ({ index })) } }, many.map((index) => ({ index: -index - 1 }))],
    ["one large value", { items: { const: members("a") } }, many.map(() => members("a"))],
    ["names that are none of many", { properties: members("x", {}), additionalProperties: false }, members("y")],
    [
      "members of other schemas",
      { allOf: many.map((index) => ({ properties: { [`a${index}`]: true } })), unevaluatedProperties: false },
      members("a"),
    ],
  ])("counts: %s", { timeout: 10_000 }, (_, schema, value) => {
    expect(last(schema, value)).toBe("BUDGET_EXCEEDED");
  });

  it("counts little for what is usual", () => {
    const codes = many.slice(0, 1000).map((index) => `C${index}`);
    expect(checkJsonSchema({ items: { enum: codes } }, codes)).toEqual([]);
    const item = { a1: 1, a2: 2, b: "x" };
    const schema = { items: { patternProperties: { "^a": { type: "number" }, "^b": { type: "string" } } } };
    expect(
      checkJsonSchema(
        schema,
        codes.map(() => item),
      ),
    ).toEqual([]);
  });

  it("ends in a finding for what JSON cannot hold, or hardly", () => {
    const deep: unknown = JSON.parse("[".repeat(5000) + "]".repeat(5000));
    for (const item of [undefined, 1n, deep]) expect(last({ uniqueItems: true }, [item])).toBe("BUDGET_EXCEEDED");
  });

  it("ends in a finding where a schema is nested deeper than the stack reaches", () => {
    let schema: JsonSchema = {};
    for (let level = 0; level < 50_000; level++) schema = { not: schema };
    expect(last(schema, 1)).toBe("BUDGET_EXCEEDED");
  });
});
