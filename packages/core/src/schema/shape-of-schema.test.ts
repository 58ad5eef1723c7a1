import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import { surveyJson } from "../json/survey.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { shapeOfSchema } from "./shape-of-schema.ts";
import { packSchema } from "./versions/pack-schema.ts";
import { SPEC_VERSIONS } from "./versions/spec-versions.ts";

describe("shapeOfSchema", () => {
  const limits = { maxDepth: 128, maxNodes: 10_000, maxKeyLength: 1024 };
  const rich = packData(
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
      compositions: {
        c: {
          version: 1,
          steps: [
            { id: "a", kind: "prompt", prompt_task: "main", input: { q: "${input}" } },
            { id: "b", kind: "branch", predicate: { not: { path: "${a}", exists: true } }, then: "a" },
          ],
        },
      },
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
  const plain = packData(
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
    let accepted = 0;
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
            if (surveyJson(structuredClone(mutant), shape, limits, true) === undefined) return;
            accepted++;
            expect(checkJsonSchema(schema, mutant, { assertFormats: true, maxSteps: 1e6 })).toEqual([]);
          },
        ),
        { numRuns: 150 },
      );
    }
    expect(accepted).toBeGreaterThan(200);
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
