import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildPack } from "../testing/build-pack.ts";
import { packToModule, packToTypes } from "./pack-to-types.ts";
import { literalType, schemaToType } from "./schema-to-type.ts";
import { commentOf, quoteKey, quoteText } from "./type-text.ts";

const variable = (name: string, rest: object = {}): { name: string; type: string; required: boolean } => ({
  name,
  type: "string",
  required: true,
  ...rest,
});

describe("packToTypes", () => {
  it("makes a variable optional when something else may stand in for its value", () => {
    const variables = [
      variable("plain"),
      variable("free", { required: false }),
      variable("filled", { default: "x" }),
      variable("absent", { default: null }),
      variable("bound", { binding: { kind: "context", field: "user", auto_populate: true } }),
    ];
    const text = packToTypes(
      buildPack({ prompt: { variables, system_template: "{{plain}}{{free}}{{filled}}{{absent}}{{bound}}" } }),
    );
    expect(text.match(/readonly (?:plain|free|filled|absent|bound)\??:/g)).toEqual([
      "readonly plain:",
      "readonly free?:",
      "readonly filled?:",
      "readonly absent:",
      "readonly bound?:",
    ]);
    expect(text).toContain('/** Default: "x". */');
  });

  it("lets names be given that only a template knows, of every model", () => {
    const model_overrides = { small: { system_template: "{{short}}" } };
    const text = packToTypes(buildPack({ prompt: { system_template: "{{long}}", model_overrides } }));
    expect(text).toContain("readonly long?: unknown;");
    expect(text).toContain("readonly short?: unknown;");
  });

  it("lists the tools that a prompt offers, without those that are blocked", () => {
    const tool = (name: string): object => ({ name, description: "x" });
    const prompt = { tools: ["one", "two"], tool_policy: { blocklist: ["two"] } };
    const text = packToTypes(buildPack({ prompt, tools: { one: tool("one"), two: tool("two") } as never }));
    expect(text).toContain('readonly tools: "one";');
  });

  it("names the type after the pack and the path of the pack in a module", () => {
    expect(packToTypes(buildPack({ id: "a-9-b" }))).toContain("export type A9BPack = {");
    expect(packToTypes(buildPack(), { module: './a"b.json' })).toContain('from "./a\\"b.json" with');
    expect(packToModule("./é.json")).toContain('from "./\\u00e9.json" with');
  });

  it("gives the same text for the same pack, whatever strings it holds, and no string leaves its place", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.constantFrom(
        "*/ process.exit() /*",
        '"; evil(); "',
        "`${evil()}`",
        "\u2028evil()",
        "// @ts-ignore",
        "@ts-nocheck",
        "\\*/",
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (description, value, key) => {
        const parameters = {
          type: "object",
          properties: key === "__proto__" ? {} : { [key]: { enum: [value], description } },
        };
        const given = {
          name: `N${description}`.slice(0, 100),
          description,
          prompt: {
            description,
            variables: [variable("v", { description, validation: { enum: [value] } })],
            system_template: "{{v}}",
          },
          tools: { t: { name: "t", description: `d${description}`, parameters } },
        };
        const text = packToTypes(buildPack(given as never));
        expect(packToTypes(buildPack(given as never))).toBe(text);
        // what is left without comments and literals is only what the generator writes itself
        const bare = text.replace(/\/\*\*(?:(?!\*\/).)*\*\//g, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
        expect(bare).toMatch(
          /^\/\/ Made from a pack by promptpack types\. Change the pack, not this file\.\n[\w\s{}:;?[\]<>|=,]*import type \{ Pack \} from "";[\w\s{}:;?[\]<>|=,$"]*$/,
        );
        expect(bare).not.toMatch(/evil|process|ts-/);
        expect(text).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("source text", () => {
  it("writes literals that mean the very text again, in ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(quoteText(text))).toBe(text);
        expect(quoteText(text)).toMatch(/^[ -~]*$/);
      }),
    );
  });

  it("quotes a key unless it is an identifier, and keeps comments closed and without tags", () => {
    expect([quoteKey("a_1"), quoteKey("a-b"), quoteKey("1"), quoteKey("")]).toEqual(["a_1", '"a-b"', '"1"', '""']);
    expect(commentOf(" a */ b\n@ts-ignore x@y.z ")).toEqual(["/** a *\\/ b \\@ts-ignore x\\@y.z */"]);
    expect(commentOf("")).toEqual([]);
    expect(commentOf("x".repeat(400))[0]).toHaveLength("/** ".length + 300 + "... */".length);
  });
});

describe("schemaToType", () => {
  it.each([
    [{ type: "string" }, "string"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ enum: ["a", 1, null, true] }, '"a" | 1 | null | true'],
    [{ const: { a: [1] } }, "{\n  readonly a: readonly [1];\n}"],
    [{ type: "array", items: { enum: ["a", "b"] } }, 'readonly ("a" | "b")[]'],
    [{ type: "array", items: { type: "array", items: { type: "integer" } } }, "readonly (readonly number[])[]"],
    [{ type: "array", prefixItems: [{}], items: { type: "string" } }, "readonly unknown[]"],
    [{ type: "object" }, "{ readonly [name: string]: unknown }"],
    [{ type: "object", additionalProperties: false }, "{ readonly [name: string]: never }"],
    [{ type: "object", additionalProperties: { type: "number" } }, "{ readonly [name: string]: number }"],
    [{ type: "object", required: ["a"], properties: {} }, "{\n  readonly a: unknown;\n}"],
    [{ type: "object", properties: { "a-b": { type: "boolean" } } }, '{\n  readonly "a-b"?: boolean;\n}'],
    [{ anyOf: [{ type: "string" }, { type: "string" }] }, "string"],
    [{ oneOf: [{ type: "string" }, true] }, "unknown"],
    [{ $ref: "#/$defs/x", type: "string" }, "unknown"],
    [{ type: "constructor" }, "unknown"],
    [{ allOf: [{ type: "string" }] }, "unknown"],
    [true, "unknown"],
  ])("writes %j as a type", (schema, type) => {
    expect(schemaToType(schema)).toBe(type);
  });

  it("writes literals of every kind of value", () => {
    expect([-1, 1e21, "é", null, {}, []].map(literalType)).toEqual([
      "-1",
      "1e+21",
      '"\\u00e9"',
      "null",
      "{ readonly [name: string]: never }",
      "readonly []",
    ]);
  });
});
