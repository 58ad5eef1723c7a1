import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isObject, jsonTypeOf } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import {
  findKeyword,
  indexSchema,
  type Keyword,
  resolveReference,
  type SchemaObject,
} from "./json-schema/schema-index.ts";
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
    const known = findKeyword(keyword);
    if (known !== undefined && !isCertainlyKeyword(known, schema[keyword], depth + 1)) return false;
  }
  return true;
}

function isCertainlyKeyword({ holds, fits }: Keyword, value: unknown, depth: number): boolean {
  if (!fits(value)) return false;
  switch (holds) {
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
    const known = findKeyword(keyword);
    if (known !== undefined) checkKeyword(known, schema, keyword, `${pointer}/${keyword}`, run);
  }
}

function checkKeyword(known: Keyword, schema: SchemaObject, keyword: string, pointer: string, run: Run): void {
  const value = schema[keyword];
  const { holds, expected, fits } = known;
  if (!fits(value)) run.report("INVALID_SCHEMA", pointer, `"${keyword}" of a JSON Schema is ${expected}`);
  if (holds === "schema") checkSchema(value, pointer, run);
  else if (holds === "schemas" && Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkSchema(item, appendPointer(pointer, index), run);
  } else if ((holds === "patterns" || holds === "map") && isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const place = appendPointer(pointer, name);
      if (holds === "patterns") checkPattern(name, place, run);
      checkSchema(item, place, run);
    }
  } else if (typeof value === "string") {
    if (holds === "pattern") checkPattern(value, pointer, run);
    else if (holds === "reference") checkReference(schema, value, pointer, run);
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
