import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import { isObject } from "../json/json.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { checkSchemaItself } from "./check-schema-itself.ts";
import { describedNames } from "./descriptions/descriptions.ts";
import { packJsonSchema, SPEC_VERSIONS } from "./editor-schema.ts";
import type { SchemaData } from "./notation.ts";
import { packSchema } from "./versions/pack-schema.ts";

const schema = packJsonSchema();
type Named = readonly [name: string, schema: SchemaData];

/** Every definition and field with its name, at any depth. */
function* named(root: SchemaData): Generator<Named> {
  yield* fields("Pack", root);
  for (const [name, definition] of Object.entries(root["$defs"] as Record<string, SchemaData>))
    yield* fields(name, definition);
}
function* fields(name: string, part: SchemaData): Generator<Named> {
  yield [name, part];
  const shapes = [part, ...((part["oneOf"] as readonly SchemaData[] | undefined) ?? [])];
  for (const { properties } of shapes)
    if (isObject(properties))
      for (const [key, property] of Object.entries(properties)) yield* fields(`${name}.${key}`, property as SchemaData);
}

describe("packJsonSchema", () => {
  it("describes every definition and every field in a sentence", () => {
    const silent = [...named(schema)]
      .filter(([, { description }]) => typeof description !== "string" || !/^[A-Za-z].{8,}\.$/s.test(description))
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });

  it("describes nothing that is not there", () => {
    const names = new Set([...named(schema)].map(([name]) => name));
    expect(describedNames.filter((name) => !names.has(name))).toEqual([]);
  });

  it("gives examples that fit", () => {
    let examples = 0;
    for (const [name, part] of named(schema)) {
      for (const example of (part["examples"] as readonly unknown[] | undefined) ?? []) {
        examples++;
        const faults = checkJsonSchema({ ...part, $defs: schema["$defs"] }, example, { assertFormats: true });
        expect([name, faults]).toEqual([name, []]);
      }
    }
    expect(examples).toBeGreaterThan(100);
  });

  it.each(SPEC_VERSIONS)("is a schema for %s, with the verdicts of ours", (version) => {
    const editor = packJsonSchema(version);
    expect(checkSchemaItself(editor)).toEqual([]);
    const candidates = [
      packData(),
      packData({}, { provider: "x" }),
      packData({ evals: [] }),
      packData({ extra: 1 }),
      packData({ skills: ["a", 1] }),
      packData({ requires: { providers: ["a", { key: "k" }] } }),
      null,
      [],
      {},
      packData({}, { media: { enabled: true, hologram: {} } }),
      packData({}, { validators: [{ type: "custom" }] }),
      packData({ workflow: { version: 1, entry: "s", states: { s: {} } } }),
      packData({ compositions: { c: { version: 1, steps: [{ id: "a", kind: "tool" }] } } }),
      packData({ metadata: { governance: { autonomy_level: "x" } } }),
    ];
    for (const candidate of candidates) {
      const places = (using: SchemaData): string[] =>
        checkJsonSchema(using, candidate, { assertFormats: true }).map(({ code, pointer }) => `${code} ${pointer}`);
      expect(places(editor)).toEqual(places(packSchema(version)));
    }
  });

  it("has just the definitions that its version reaches", () => {
    expect(Object.keys(packJsonSchema("1.0")["$defs"] as object)).not.toContain("WorkflowConfig");
    expect(Object.keys(schema["$defs"] as object)).toContain("WorkflowConfig");
  });

  it("names its version, and refuses one that there is not", () => {
    expect([schema["title"], packJsonSchema("1.4")["title"]]).toEqual(["PromptPack 1.9.0", "PromptPack 1.4.0"]);
    expect(() => packJsonSchema("4.0")).toThrow(TypeError);
  });
});
