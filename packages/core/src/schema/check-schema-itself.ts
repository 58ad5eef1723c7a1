import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isObject, jsonTypeOf } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import { indexSchema, resolveReference, type SchemaObject } from "./json-schema/schema-index.ts";
import { compileEcmaPattern } from "./ecma-pattern.ts";
import { isPatternFault } from "./pattern.ts";

type Kind = "schema" | "schemas" | "map" | "number" | "count" | "boolean" | "string" | "names" | "nameLists" | "list" | "types" | "pattern" | "patterns" | "reference";

const KEYWORDS: ReadonlyMap<string, Kind> = new Map(
  (
    [
      ["schema", "additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties"],
      ["schemas", "allOf anyOf oneOf prefixItems"],
      ["map", "$defs definitions dependentSchemas properties"],
      ["patterns", "patternProperties"],
      ["number", "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf"],
      ["count", "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains"],
      ["boolean", "uniqueItems deprecated readOnly writeOnly"],
      ["string", "$id $anchor $dynamicAnchor format title description"],
      ["names", "required"],
      ["nameLists", "dependentRequired"],
      ["list", "enum"],
      ["types", "type"],
      ["pattern", "pattern"],
      ["reference", "$ref $dynamicRef"],
    ] as const
  ).flatMap(([kind, keywords]) => keywords.split(" ").map((keyword) => [keyword, kind] as const)),
);

const TYPES = ["null", "boolean", "object", "array", "number", "integer", "string"];

/**
 * Checks that a value is a JSON Schema that can be evaluated: keywords of the right kind, patterns in RE2 syntax,
 * references that stay inside and lead somewhere. Returns every fault; an empty list means that it is one.
 */
export function checkSchemaItself(schema: unknown, pointer = ""): readonly Diagnostic[] {
  const { findings, report } = collectFindings();
  reportSchemaItself(schema, pointer, report);
  return findings.map(({ diagnostic }) => diagnostic);
}

/** Does what checkSchemaItself does, and reports instead of returning. */
export function reportSchemaItself(schema: unknown, pointer: string, report: Report): void {
  checkSchema(schema, pointer, { report, root: schema, done: new Set() });
}

interface Run {
  readonly report: Report;
  readonly root: unknown;
  readonly done: Set<unknown>;
}

function checkSchema(schema: unknown, pointer: string, run: Run): void {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) {
    run.report("INVALID_SCHEMA", pointer, `found ${jsonTypeOf(schema)}, expected a JSON Schema: an object or a boolean`);
    return;
  }
  // hostile: a host value may contain itself
  if (run.done.has(schema)) return;
  run.done.add(schema);
  for (const keyword in schema) {
    const kind = KEYWORDS.get(keyword);
    if (kind !== undefined) checkKeyword(kind, schema, keyword, `${pointer}/${keyword}`, run);
  }
}

function checkKeyword(kind: Kind, schema: SchemaObject, keyword: string, pointer: string, run: Run): void {
  const value = schema[keyword];
  const expect = (holds: boolean, expected: string): void => {
    if (!holds) run.report("INVALID_SCHEMA", pointer, `"${keyword}" of a JSON Schema is ${expected}`);
  };
  switch (kind) {
    case "schema":
      checkSchema(value, pointer, run);
      return;
    case "schemas":
      expect(Array.isArray(value) && (keyword === "prefixItems" || value.length > 0), "a list of schemas");
      if (Array.isArray(value)) for (const [index, item] of value.entries()) checkSchema(item, appendPointer(pointer, index), run);
      return;
    case "patterns":
    case "map":
      expect(isObject(value), "an object of schemas");
      if (!isObject(value)) return;
      for (const [name, item] of Object.entries(value)) {
        const place = appendPointer(pointer, name);
        if (kind === "patterns") checkPattern(name, place, run);
        checkSchema(item, place, run);
      }
      return;
    case "number":
      expect(typeof value === "number" && (keyword !== "multipleOf" || value > 0), "a number");
      return;
    case "count":
      expect(Number.isInteger(value) && (value as number) >= 0, "a whole number from 0");
      return;
    case "boolean":
      expect(typeof value === "boolean", "true or false");
      return;
    case "string":
      expect(typeof value === "string", "text");
      return;
    case "names":
      expect(isNameList(value), "a list of names");
      return;
    case "nameLists":
      expect(isObject(value) && Object.values(value).every(isNameList), "an object of lists of names");
      return;
    case "list":
      expect(Array.isArray(value), "a list of values");
      return;
    case "types":
      expect(
        (Array.isArray(value) ? value : [value]).every((type) => typeof type === "string" && TYPES.includes(type)),
        `one of ${TYPES.join(", ")}, or a list of them`,
      );
      return;
    case "pattern":
      expect(typeof value === "string", "text");
      if (typeof value === "string") checkPattern(value, pointer, run);
      return;
    case "reference":
      expect(typeof value === "string", "text");
      if (typeof value === "string") checkReference(schema, value, pointer, run);
      return;
    default:
      kind satisfies never;
  }
}

function checkPattern(source: string, pointer: string, run: Run): void {
  const pattern = compileEcmaPattern(source);
  if (isPatternFault(pattern)) run.report("INVALID_PATTERN", pointer, `the pattern cannot be used: ${pattern.fault}`);
}

function checkReference(schema: SchemaObject, reference: string, pointer: string, run: Run): void {
  // most schemas refer to nothing, so the index is made here and not at the start
  const index = indexSchema(run.root as SchemaObject);
  const owner = index.owners.get(schema);
  if (owner === undefined) return;
  const found = resolveReference(index, owner, reference);
  if (!("fault" in found)) return;
  if (found.fault === "remote") {
    run.report("REMOTE_REFERENCE", pointer, "the reference leads to another document, and references are never fetched");
  } else {
    run.report("INVALID_SCHEMA", pointer, "the reference leads to a definition that the schema does not have");
  }
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
