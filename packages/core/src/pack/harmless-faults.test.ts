import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import { validatePack } from "./parse-pack.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const folder = new URL("../../../../examples/packs/", import.meta.url);
const packs = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));

/** Changes one place of a pack and leaves its type: most such packs break patterns, lengths and ranges only. */
const broken = fc
  .record({
    pack: fc.constantFrom(...packs),
    changes: fc.array(
      fc.record({
        place: fc.nat(),
        text: fc.oneof(fc.string(), fc.constantFrom("", "__proto__", "constructor", "a".repeat(300), "{{x}}")),
        number: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ pack, changes }) => {
    const data = JSON.parse(pack) as Json;
    for (const { place, text, number } of changes) {
      const places: [parent: { [key: string]: Json }, key: string][] = [];
      const collect = (value: Json): void => {
        if (typeof value !== "object" || value === null) return;
        for (const key of Object.keys(value)) {
          const parent = value as { [key: string]: Json };
          places.push([parent, key]);
          collect(parent[key] as Json);
        }
      };
      collect(data);
      const [parent, key] = places[place % places.length] as (typeof places)[number];
      const old = parent[key];
      if (typeof old === "string") parent[key] = text;
      else if (typeof old === "number") parent[key] = number;
      else if (Array.isArray(old)) parent[key] = number > 0 ? [] : [...old, ...old];
      else if (typeof old === "object" && old !== null) old[`${text}_`] = text;
    }
    return data;
  });

describe("a pack whose values have the right types and break other rules of the schema", () => {
  it("never makes a rule throw, in any version and with unknown fields allowed", () => {
    let looked = 0;
    fc.assert(
      fc.property(
        broken,
        fc.constantFrom("1.0", "1.4", "1.9"),
        fc.constantFrom("warn", "error"),
        (data, spec, unknownFields) => {
          const { diagnostics } = validatePack(data, { spec, unknownFields });
          if (
            diagnostics.some(({ layer }) => layer === "schema") &&
            diagnostics.some(({ layer }) => layer !== "schema")
          )
            looked++;
        },
      ),
      { numRuns: 600 },
    );
    expect(looked).toBeGreaterThan(10);
  });

  it("is told what the rules find as well", () => {
    const data = JSON.parse(packs[0] as string) as { version: string; prompts: Record<string, { tools?: string[] }> };
    data.version = "1.0";
    for (const prompt of Object.values(data.prompts)) prompt.tools = ["nothing"];
    const codes = validatePack(data).diagnostics.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(["WRONG_FORMAT", "UNDEFINED_TOOL"]));
  });
});

describe("a section that the chosen version does not name", () => {
  it("is an unknown field to be warned about when it is what a newer version says", () => {
    const { pack, diagnostics } = validatePack(packData({ evals: [] }), { spec: "1.1", unknownFields: "warn" });
    expect(pack).toBeDefined();
    expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(["UNKNOWN_FIELD warning"]);
  });

  it.each([{ workflow: 7 }, { agents: 3 }, { compositions: { x: 5 } }, { skills: [4] }, { evals: [3] }])(
    "is refused when it is something else: %j",
    (section) => {
      const { pack, diagnostics } = validatePack(packData(section), { spec: "1.1", unknownFields: "warn" });
      expect(pack).toBeUndefined();
      expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(["UNKNOWN_FIELD error"]);
    },
  );
});
