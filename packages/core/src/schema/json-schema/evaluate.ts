import { isObject, jsonEquals, jsonTypeOf } from "../../json/json.ts";
import { checkArray } from "./check-array.ts";
import { checkObject } from "./check-object.ts";
import { checkNumber, checkString } from "./check-scalar.ts";
import { explainNoMatch } from "./explain-no-match.ts";
import {
  checkEach,
  type Evaluated,
  type Evaluation,
  fail,
  type Frame,
  listKeyword,
  type Location,
  quietly,
  SchemaFault,
  spend,
} from "./evaluation.ts";
import { type JsonSchema, resolveReference, type Resource, type SchemaObject } from "./schema-index.ts";
import { failType, hasType, named, typesOf } from "./types.ts";

/**
 * Evaluates a value against a schema and returns the verdict; faults go to `run.report`.
 * Source: JSON Schema draft 2020-12, core and validation.
 */
export function evaluate(
  run: Evaluation,
  schema: JsonSchema,
  value: unknown,
  location: Location | undefined,
  seen?: Evaluated,
): boolean {
  spend(run, 1);
  if (schema === true) return true;
  if (schema === false) return fail(run, location, "NO_MATCHING_SHAPE", () => "the schema allows no value here");
  if (!isObject(schema))
    throw new SchemaFault("INVALID_SCHEMA", `a schema is an object or a boolean, found ${jsonTypeOf(schema)}`);

  const owner = run.index.owners.get(schema);
  const entersResource = owner?.root === schema;
  if (entersResource) run.scope.push(owner);
  const looksBack = schema["unevaluatedProperties"] !== undefined || schema["unevaluatedItems"] !== undefined;
  const own = seen !== undefined || looksBack ? nothingYet() : undefined;
  try {
    const valid = checkKeywords({ run, schema, value, location, own });
    if (valid && seen !== undefined && own !== undefined) merge(seen, own);
    return valid;
  } finally {
    if (entersResource) run.scope.pop();
  }
}

const nothingYet = (): Evaluated => ({ properties: new Set(), items: new Set() });

function checkKeywords(frame: Frame): boolean {
  // A value of the wrong type gets one fault, not one for each keyword that it cannot meet.
  return checkType(frame) && checkValue(frame) && checkEach(frame, [checkReferences, checkCombinations, checkByType]);
}

function checkByType(frame: Frame): boolean {
  const { value } = frame;
  if (typeof value === "string") return checkString(frame as Frame<string>);
  if (typeof value === "number") return checkNumber(frame as Frame<number>);
  if (Array.isArray(value)) return checkArray(frame as Frame<readonly unknown[]>);
  return !isObject(value) || checkObject(frame as Frame<typeof value>);
}

function checkType(frame: Frame): boolean {
  const { value } = frame;
  const types = typesOf(frame.schema);
  if (types === undefined || hasType(types, value)) return true;
  const found =
    typeof value === "number" && types.includes("integer") ? "a number with a fraction" : named(jsonTypeOf(value));
  return failType(frame, found, types);
}

function shown(values: readonly unknown[]): string {
  const text = values.map((value) => JSON.stringify(value)).join(", ");
  // hostile: thousands of faults may each name the same values
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}

const weights = new WeakMap<SchemaObject, number>();

/** Returns the steps that a comparison with the values in a schema costs: one for each KiB of them. */
function weightOf(schema: SchemaObject): number {
  const weight = weights.get(schema) ?? JSON.stringify([schema["const"], schema["enum"]]).length >> 10;
  weights.set(schema, weight);
  return weight;
}

function checkValue({ run, schema, value, location }: Frame): boolean {
  if (schema["const"] === undefined && schema["enum"] === undefined) return true;
  spend(run, weightOf(schema));
  if (Object.hasOwn(schema, "const") && !jsonEquals(schema["const"], value)) {
    return fail(run, location, "WRONG_VALUE", () => `expected ${shown([schema["const"]])}`);
  }
  const allowed = schema["enum"];
  if (allowed === undefined) return true;
  if (!Array.isArray(allowed)) throw new SchemaFault("INVALID_SCHEMA", 'the schema\'s "enum" is not a list');
  if (allowed.some((item) => jsonEquals(item, value))) return true;
  return fail(run, location, "WRONG_VALUE", () => `expected one of ${shown(allowed)}`);
}

function checkReferences(frame: Frame): boolean {
  const { $ref, $dynamicRef } = frame.schema;
  const valid = typeof $ref !== "string" || follow(frame, $ref, false);
  return (typeof $dynamicRef !== "string" || follow(frame, $dynamicRef, true)) && valid;
}

function follow(frame: Frame, reference: string, isDynamic: boolean): boolean {
  const { run, schema, value, location, own } = frame;
  const from = run.index.owners.get(schema) ?? (run.scope.at(-1) as Resource);
  const found = resolveReference(run.index, from, reference);
  if ("fault" in found) {
    throw found.fault === "remote"
      ? new SchemaFault("REMOTE_REFERENCE", "the schema refers to another document, and references are never fetched")
      : new SchemaFault("INVALID_SCHEMA", "the schema refers to a definition that it does not have");
  }
  let target = found.schema;
  if (isDynamic && found.dynamicAnchor !== undefined) {
    const anchor = found.dynamicAnchor;
    const outermost = run.scope.find((resource) => resource.dynamicAnchors.has(anchor));
    target = outermost?.dynamicAnchors.get(anchor) ?? target;
  }
  if (typeof target === "boolean") return evaluate(run, target, value, location, own);
  return evaluateReferenced(frame, target, run.index.owners.get(target) ?? found.resource);
}

function evaluateReferenced({ run, value, location, own }: Frame, target: SchemaObject, resource: Resource): boolean {
  const verdicts = run.verdicts.get(target) ?? new Map<unknown, boolean>();
  const known = verdicts.get(value);
  // A known verdict serves unless the faults, or what was looked at, are wanted too.
  if (known !== undefined && own === undefined && (known || run.report === undefined)) return known;
  const active = run.active.get(target) ?? new Set<unknown>();
  if (active.has(value)) throw new SchemaFault("INVALID_SCHEMA", "the schema refers to itself without end");
  active.add(value);
  run.active.set(target, active);
  run.scope.push(resource);
  try {
    const verdict = evaluate(run, target, value, location, own);
    if (!run.index.isDynamic) {
      verdicts.set(value, verdict);
      run.verdicts.set(target, verdicts);
    }
    return verdict;
  } finally {
    run.scope.pop();
    active.delete(value);
  }
}

function checkCombinations(frame: Frame): boolean {
  const { run, schema, value, location, own } = frame;
  let valid = true;
  for (const part of listKeyword(schema, "allOf")) {
    valid = evaluate(run, part, value, location, own) && valid;
    if (!valid && run.report === undefined) return false;
  }
  if (schema["anyOf"] !== undefined) valid = checkAlternatives(frame, "anyOf") && valid;
  if (schema["oneOf"] !== undefined) valid = checkAlternatives(frame, "oneOf") && valid;
  const not = schema["not"] as JsonSchema | undefined;
  if (not !== undefined && quietly(run, () => evaluate(run, not, value, location))) {
    valid = fail(run, location, "NO_MATCHING_SHAPE", () => 'the value is one that the schema\'s "not" refuses');
  }
  const condition = schema["if"] as JsonSchema | undefined;
  if (condition !== undefined) {
    const holds = quietly(run, () => evaluate(run, condition, value, location, own));
    const branch = schema[holds ? "then" : "else"] as JsonSchema | undefined;
    if (branch !== undefined) valid = evaluate(run, branch, value, location, own) && valid;
  }
  return valid;
}

function checkAlternatives(frame: Frame, keyword: "anyOf" | "oneOf"): boolean {
  const { run, schema, value, location, own } = frame;
  const alternatives = listKeyword(schema, keyword);
  let matches = 0;
  for (const alternative of alternatives) {
    const part = own && nothingYet();
    if (!quietly(run, () => evaluate(run, alternative, value, location, part))) continue;
    matches++;
    if (own !== undefined && part !== undefined) merge(own, part);
    // what was looked at by the other alternatives counts too, so all of them run when that is wanted
    if (keyword === "anyOf" && own === undefined) return true;
    if (keyword === "oneOf" && matches > 1 && run.report === undefined) return false;
  }
  if (matches === 1 || (matches > 1 && keyword === "anyOf")) return true;
  if (run.report === undefined) return false;
  if (matches === 0) return explainNoMatch(frame, alternatives);
  const { ambiguityHint } = schema;
  const message = (): string => `the value fits ${matches} of the allowed shapes and must fit exactly one`;
  const details = typeof ambiguityHint === "string" ? { hint: ambiguityHint } : {};
  return fail(run, location, "AMBIGUOUS_SHAPE", message, details);
}

function merge(into: Evaluated, from: Evaluated): void {
  for (const property of from.properties) into.properties.add(property);
  for (const item of from.items) into.items.add(item);
}
