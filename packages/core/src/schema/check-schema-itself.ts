import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isObject, jsonTypeOf } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import {
  indexSchema,
  type KeywordKind,
  kindOfKeyword,
  resolveReference,
  type SchemaObject,
} from "./json-schema/schema-index.ts";
import { TYPES } from "./json-schema/types.ts";
import { compileEcmaPattern } from "./ecma-pattern.ts";
import { isPatternFault } from "./pattern.ts";

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

/** Beyond it a schema is in doubt: a host value may contain itself. */
const CERTAIN_DEPTH = 16;

/** Returns whether reportSchemaItself has certainly nothing to report; false is no fault yet, only a doubt. Makes no pointers. */
export function isCertainlySchema(schema: unknown, depth = 0): boolean {
  if (!isObject(schema)) return typeof schema === "boolean";
  if (depth > CERTAIN_DEPTH) return false;
  for (const keyword in schema) {
    const kind = kindOfKeyword(keyword);
    if (kind !== undefined && !isCertainlyKeyword(kind, keyword, schema[keyword], depth + 1)) return false;
  }
  return true;
}

function isCertainlyKeyword(kind: KeywordKind, keyword: string, value: unknown, depth: number): boolean {
  if (!isOfKind(kind, keyword, value)) return false;
  switch (kind) {
    case "schema":
      return isCertainlySchema(value, depth);
    case "map":
      for (const name in value as SchemaObject)
        if (!isCertainlySchema((value as SchemaObject)[name], depth)) return false;
      return true;
    case "pattern":
      return !isPatternFault(compileEcmaPattern(value as string));
    case "schemas":
    case "patterns":
    case "reference":
      return false;
    default:
      return true;
  }
}

interface Run {
  readonly report: Report;
  readonly root: unknown;
  readonly done: Set<unknown>;
}

function checkSchema(schema: unknown, pointer: string, run: Run): void {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) {
    run.report(
      "INVALID_SCHEMA",
      pointer,
      `found ${jsonTypeOf(schema)}, expected a JSON Schema: an object or a boolean`,
    );
    return;
  }
  // hostile: a host value may contain itself
  if (run.done.has(schema)) return;
  run.done.add(schema);
  for (const keyword in schema) {
    const kind = kindOfKeyword(keyword);
    if (kind !== undefined) checkKeyword(kind, schema, keyword, `${pointer}/${keyword}`, run);
  }
}

const isText = (value: unknown): value is string => typeof value === "string";
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const areTypes = (value: unknown): boolean =>
  (Array.isArray(value) ? value : [value]).every((type) => TYPES.includes(type));

/** What the value of a keyword must be, in words and as a test; the schemas that it holds are not looked into. */
const KINDS: { readonly [Kind in KeywordKind]: readonly [expected: string, fits: (value: unknown) => boolean] } = {
  schema: ["a schema", () => true],
  schemas: ["a list of schemas", Array.isArray],
  map: ["an object of schemas", isObject],
  patterns: ["an object of schemas", isObject],
  number: ["a number", (value) => typeof value === "number"],
  count: ["a whole number from 0", isCount],
  boolean: ["true or false", (value) => typeof value === "boolean"],
  string: ["text", isText],
  names: ["a list of names", areTexts],
  nameLists: ["an object of lists of names", (value) => isObject(value) && Object.values(value).every(areTexts)],
  list: ["a list of values", Array.isArray],
  types: [`one of ${TYPES.join(", ")}, or a list of them`, areTypes],
  pattern: ["text", isText],
  reference: ["text", isText],
};

function isOfKind(kind: KeywordKind, keyword: string, value: unknown): boolean {
  if (!KINDS[kind][1](value)) return false;
  if (kind === "schemas") return keyword === "prefixItems" || (value as readonly unknown[]).length > 0;
  return keyword !== "multipleOf" || (value as number) > 0;
}

function checkKeyword(kind: KeywordKind, schema: SchemaObject, keyword: string, pointer: string, run: Run): void {
  const value = schema[keyword];
  if (!isOfKind(kind, keyword, value))
    run.report("INVALID_SCHEMA", pointer, `"${keyword}" of a JSON Schema is ${KINDS[kind][0]}`);
  if (kind === "schema") checkSchema(value, pointer, run);
  else if (kind === "schemas" && Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkSchema(item, appendPointer(pointer, index), run);
  } else if ((kind === "patterns" || kind === "map") && isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const place = appendPointer(pointer, name);
      if (kind === "patterns") checkPattern(name, place, run);
      checkSchema(item, place, run);
    }
  } else if (typeof value === "string") {
    if (kind === "pattern") checkPattern(value, pointer, run);
    else if (kind === "reference") checkReference(schema, value, pointer, run);
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
    run.report(
      "REMOTE_REFERENCE",
      pointer,
      "the reference leads to another document, and references are never fetched",
    );
  } else {
    run.report("INVALID_SCHEMA", pointer, "the reference leads to a definition that the schema does not have");
  }
}
