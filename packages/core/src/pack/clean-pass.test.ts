import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTypeNames, paramsOf } from "../checks/check-params.ts";
import { reportParamFaults } from "../checks/param-faults.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { fillLimits } from "../document/limits.ts";
import type { JsonObject } from "../json/json.ts";
import { surveyJson } from "../json/survey.ts";
import { isCertainlySchema, reportSchemaItself } from "../schema/check-schema-itself.ts";
import { checkJsonSchema } from "../schema/check-json-schema.ts";
import { packSchema } from "../schema/versions/pack-schema.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { shapeOfSchema } from "../schema/shape-of-schema.ts";
import { checkTemplateRules } from "../template/rules.ts";
import { checkToolRules } from "../tools/rules.ts";
import { checkVariableRules } from "../variables/rules.ts";

// Every cheap pass is compared with the full pass, which a harmless addition brings about.

const base = {
  id: "desk",
  name: "Desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}", features: ["basic_substitution", "fragments"] },
  prompts: {
    ask: {
      id: "ask",
      name: "Ask",
      version: "1.0.0",
      system_template: "Hello {{who}}, {{fragments.tone}} {{plan}}",
      variables: [
        { name: "who", type: "string", required: true, example: "Ada", validation: { min_length: 1, max_length: 9 } },
        {
          name: "plan",
          type: "string",
          required: false,
          default: "pro",
          validation: { pattern: "^[a-z]+$", enum: ["pro"] },
        },
      ],
      tools: ["find"],
      tool_policy: { tool_choice: "auto", max_rounds: 2 },
      parameters: { temperature: 0.5, max_tokens: 5 },
      validators: [{ type: "banned_words", enabled: true, params: { words: ["no"] } }],
      tested_models: [{ provider: "acme", model: "north", date: "2026-03-01" }],
      model_overrides: { north: { system_template_prefix: "Think. " } },
    },
  },
  fragments: { tone: "Be brief, {{who}}." },
  tools: {
    find: {
      name: "find",
      description: "Finds.",
      parameters: {
        type: "object",
        properties: { number: { type: "string", pattern: "^[0-9]+$" }, limit: { type: "integer", minimum: 1 } },
        required: ["number"],
      },
    },
  },
};

const leaf = fc.constantFrom<unknown>(
  "",
  " ",
  "who",
  "plan",
  "tone",
  "find",
  "ask",
  "string",
  "number",
  "none",
  "required",
  "auto",
  "v1",
  "1.0",
  "^(a+)+$",
  "(",
  "{{who}}",
  "{{ who }}",
  "{{fragments.tone}}",
  "{{fragments.gone}}",
  "{{tone}}",
  "{{who}} {{plan}}",
  "{{#if who}}",
  "{{who",
  "{{who.name}}",
  "{{artifacts.x}}",
  "${who}",
  "2026-02-30",
  "no\u0000",
  "é",
  "__proto__",
  0,
  1,
  -1,
  0.5,
  7,
  null,
  true,
  false,
  [],
  {},
  ["find"],
  ["find", "find"],
  ["gone"],
  ["no", ""],
  { type: "object" },
  { type: "odd" },
  [{}],
);
const key = fc.constantFrom(
  "who",
  "plan",
  "tone",
  "find",
  "other",
  "type",
  "default",
  "example",
  "required",
  "binding",
  "blocklist",
  "constructor",
  "items",
  "$ref",
  "words",
  "max",
  "system_template",
  "parameters",
);

/** Replaces, adds or removes one member somewhere in a copy of a value. */
function mutate(value: unknown, place: number, name: string, item: unknown, kind: number): unknown {
  const copy = structuredClone(value);
  const holders: { [name: string]: unknown }[] = [];
  const collect = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    holders.push(part as { [name: string]: unknown });
    for (const member of Object.values(part)) collect(member);
  };
  collect(copy);
  const holder = holders[place % holders.length] ?? {};
  const names = Object.keys(holder);
  const chosen = names[Math.floor(place / holders.length) % Math.max(names.length, 1)] ?? name;
  if (kind === 0) holder[chosen] = item;
  // no hole is left in a list: JSON has none
  else if (kind === 1 && Array.isArray(holder)) holder.splice(Number(chosen), 1);
  else if (kind === 1) Reflect.deleteProperty(holder, chosen);
  else if (Array.isArray(holder)) holder.push(item);
  else holder[name] = item;
  return copy;
}

const mutants = fc
  .array(fc.tuple(fc.nat(5000), key, leaf, fc.nat(2)), { minLength: 0, maxLength: 4 })
  .map((steps) =>
    steps.reduce<unknown>((value, [place, name, item, kind]) => mutate(value, place, name, item, kind), base),
  );

const schema = packSchema("1.9.0");
const isValid = (value: unknown): boolean => checkJsonSchema(schema, value, { assertFormats: true }).length === 0;

function findingsOf(check: (report: Report) => void): string[] {
  const { findings, report } = collectFindings();
  check(report);
  return findings.map(({ diagnostic }) => `${diagnostic.severity} ${diagnostic.code} ${diagnostic.pointer}`).sort();
}

const texts = fc
  .array(
    fc.constantFrom(
      "Hello ",
      "{{who}}",
      "{{plan}}",
      "{{fragments.tone}}",
      "{{tone}}",
      "{{fragments.gone}}",
      "{{ who }}",
      "{{who.name}}",
      "{{#if who}}",
      "{{",
      "}}",
      "{",
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));
const variable = fc.record(
  {
    name: fc.constantFrom("who", "plan", "tone", "fragments"),
    type: fc.constantFrom("string", "number", "odd"),
    required: fc.boolean(),
    default: fc.constantFrom("pro", "", 1, null),
    example: fc.constantFrom("Ada", 2, null),
    validation: fc.record(
      {
        min_length: fc.nat(3),
        max_length: fc.nat(3),
        pattern: fc.constantFrom("^[a-z]+$", "(a+)+", "("),
        minimum: fc.nat(2),
        enum: fc.constantFrom([], ["pro"]),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "type", "required"] },
);

/** The pack above with other texts and variables, which are all valid. */
const written = fc
  .tuple(texts, texts, texts, fc.oneof(fc.constant(base.prompts.ask.variables), fc.array(variable, { maxLength: 3 })))
  .map(([system_template, tone, prefix, variables]) => ({
    ...base,
    fragments: { tone },
    prompts: {
      ask: {
        ...base.prompts.ask,
        system_template,
        variables,
        model_overrides: { north: { system_template_prefix: prefix, parameters: {} } },
      },
    },
  }));

const validPacks = fc
  .oneof(mutants, written)
  .filter(isValid)
  .map((value) => value as PackData);
const runs = { numRuns: 600 };

describe("a cheap pass over a clean pack", () => {
  it("is silent about the pack that the others are made of", () => {
    expect(isValid(base)).toBe(true);
    const pack = base as unknown as PackData;
    expect(
      findingsOf((report) =>
        [checkTemplateRules, checkToolRules, checkVariableRules].forEach((check) => check(pack, report)),
      ),
    ).toEqual([]);
  });

  it("never takes a value for fitting that the schema refuses", () => {
    let fitting = 0;
    fc.assert(
      fc.property(mutants, (value) => {
        const counts = surveyJson(JSON.parse(JSON.stringify(value)), shapeOfSchema(schema), fillLimits(), true);
        if (counts === undefined) return;
        fitting++;
        expect(isValid(value)).toBe(true);
      }),
      runs,
    );
    expect(fitting).toBeGreaterThan(100);
  });

  it("is as strict about templates as the full pass", () => {
    fc.assert(
      fc.property(validPacks, (pack) => {
        fc.pre(pack.fragments?.["doubt"] === undefined);
        const doubted = { ...pack, fragments: { ...pack.fragments, doubt: "nobody uses it" } };
        const full = findingsOf((report) => checkTemplateRules(doubted, report)).filter(
          (finding) => !finding.endsWith("UNUSED_FRAGMENT /fragments/doubt"),
        );
        expect(findingsOf((report) => checkTemplateRules(pack, report))).toEqual(full);
      }),
      runs,
    );
  });

  it("is as strict about tools as the full pass", () => {
    fc.assert(
      fc.property(validPacks, (pack) => {
        const doubted = { ...pack, tools: { ...pack.tools, doubt: { name: "doubt", description: "nobody lists it" } } };
        const full = findingsOf((report) => checkToolRules(doubted, report)).filter(
          (finding) => !finding.endsWith("/tools/doubt"),
        );
        expect(findingsOf((report) => checkToolRules(pack, report))).toEqual(full);
      }),
      runs,
    );
  });

  it("is as strict about variables as the full pass", () => {
    fc.assert(
      fc.property(validPacks, (pack) => {
        const doubted = structuredClone(pack) as unknown as {
          prompts: { [id: string]: { variables?: { binding?: unknown }[] } };
        };
        for (const { variables = [] } of Object.values(doubted.prompts))
          for (const variable of variables) variable.binding ??= { kind: "context", field: "x" };
        expect(findingsOf((report) => checkVariableRules(pack, report))).toEqual(
          findingsOf((report) => checkVariableRules(doubted as unknown as PackData, report)),
        );
      }),
      runs,
    );
  });

  it("is as strict about the params of checks as the full pass", () => {
    const item = fc.oneof(leaf, fc.constantFrom(["no"], [""], ["\u200b"], [], ["no", "é"], 3));
    const someParams = (type: string): fc.Arbitrary<JsonObject> => {
      return fc.dictionary(fc.constantFrom(...(paramsOf(type)?.reads.keys() ?? []), "message", "odd"), item, {
        maxKeys: 3,
      }) as fc.Arbitrary<JsonObject>;
    };
    const codes = (type: string, given: JsonObject): string[] => {
      const found: string[] = [];
      reportParamFaults(type, given, (code) => found.push(code));
      return found;
    };
    fc.assert(
      fc.property(
        fc
          .constantFrom(...checkTypeNames().filter((type) => paramsOf(type) !== undefined))
          .chain((type) => fc.tuple(fc.constant(type), someParams(type))),
        ([type, given]) => {
          expect(codes(type, given)).toEqual(codes("guardrail", { eval_type: type, eval_params: given }));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("is as strict about the schemas of tools as the full pass", () => {
    const keyword = fc.constantFrom(
      "type",
      "properties",
      "required",
      "items",
      "enum",
      "pattern",
      "minimum",
      "minLength",
      "multipleOf",
      "allOf",
      "$ref",
      "$defs",
      "additionalProperties",
      "title",
      "uniqueItems",
      "x-own",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.constantFrom("string", "integer", ["string"]),
        fc.dictionary(keyword, tie("tree"), { maxKeys: 3 }),
        fc.array(tie("tree"), { maxLength: 2 }),
      ),
    }));
    let certain = 0;
    fc.assert(
      fc.property(fc.dictionary(keyword, tree, { maxKeys: 3 }), (value) => {
        if (!isCertainlySchema(value)) return;
        certain++;
        expect(findingsOf((report) => reportSchemaItself(value, "", report))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(certain).toBeGreaterThan(300);
  });
});
