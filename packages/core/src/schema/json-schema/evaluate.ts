import { isObject, jsonEquals, jsonTypeOf } from "../../json/json.ts";
import { checkArray } from "./check-array.ts";
import { checkObject } from "./check-object.ts";
import { checkNumber, checkString } from "./check-scalar.ts";
import { explainNoMatch } from "./explain-no-match.ts";
import { type Evaluated, type Evaluation, fail, type Location, quietly, SchemaFault } from "./evaluation.ts";
import { type JsonSchema, resolveReference, type Resource, type SchemaObject } from "./schema-index.ts";
import { hasType, named, typesOf } from "./types.ts";

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
  // hostile: schemas come from packs; every evaluation costs a step, and steps run out
  if (--run.stepsLeft < 0) {
    throw new SchemaFault("BUDGET_EXCEEDED", "the schema needs more evaluation steps than the limit allows");
  }
  if (schema === true) return true;
  if (schema === false) return fail(run, location, "NO_MATCHING_SHAPE", () => "the schema allows no value here");
  if (!isObject(schema))
    throw new SchemaFault("INVALID_SCHEMA", `a schema is an object or a boolean, found ${jsonTypeOf(schema)}`);

  const owner = run.index.owners.get(schema);
  const entersResource = owner?.root === schema;
  if (entersResource) run.scope.push(owner);
  try {
    return evaluateKeywords(run, schema, value, location, seen);
  } finally {
    if (entersResource) run.scope.pop();
  }
}

function evaluateKeywords(
  run: Evaluation,
  schema: SchemaObject,
  value: unknown,
  location: Location | undefined,
  seen: Evaluated | undefined,
): boolean {
  const looksBack = schema["unevaluatedProperties"] !== undefined || schema["unevaluatedItems"] !== undefined;
  const own: Evaluated | undefined =
    seen !== undefined || looksBack ? { properties: new Set(), items: new Set() } : undefined;

  let valid = checkType(run, schema, value, location) && checkValue(run, schema, value, location);
  // A value of the wrong type gets one fault, not one for each keyword that it cannot meet.
  if (!valid) return false;
  if (run.report === undefined) {
    valid =
      checkReferences(run, schema, value, location, own) &&
      checkCombinations(run, schema, value, location, own) &&
      checkByType(run, schema, value, location, own);
  } else {
    valid = checkReferences(run, schema, value, location, own);
    valid = checkCombinations(run, schema, value, location, own) && valid;
    valid = checkByType(run, schema, value, location, own) && valid;
  }
  if (valid && seen !== undefined && own !== undefined) merge(seen, own);
  return valid;
}

function checkByType(
  run: Evaluation,
  schema: SchemaObject,
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  if (typeof value === "string") return checkString(run, schema, value, location);
  if (typeof value === "number") return checkNumber(run, schema, value, location);
  if (Array.isArray(value)) return checkArray(run, schema, value, location, own);
  if (isObject(value)) return checkObject(run, schema, value, location, own);
  return true;
}

function checkType(run: Evaluation, schema: SchemaObject, value: unknown, location: Location | undefined): boolean {
  const types = typesOf(schema);
  if (types === undefined || hasType(types, value)) return true;
  const found =
    typeof value === "number" && types.includes("integer") ? "a number with a fraction" : named(jsonTypeOf(value));
  return fail(run, location, "WRONG_TYPE", () => `found ${found}, expected ${types.map(named).join(" or ")}`);
}

function checkValue(run: Evaluation, schema: SchemaObject, value: unknown, location: Location | undefined): boolean {
  if (Object.hasOwn(schema, "const") && !jsonEquals(schema["const"], value)) {
    return fail(run, location, "WRONG_VALUE", () => `expected ${JSON.stringify(schema["const"])}`);
  }
  const allowed = schema["enum"];
  if (allowed === undefined) return true;
  if (!Array.isArray(allowed)) throw new SchemaFault("INVALID_SCHEMA", 'the schema\'s "enum" is not a list');
  if (allowed.some((item) => jsonEquals(item, value))) return true;
  return fail(
    run,
    location,
    "WRONG_VALUE",
    () => `expected one of ${allowed.map((item) => JSON.stringify(item)).join(", ")}`,
  );
}

function checkReferences(
  run: Evaluation,
  schema: SchemaObject,
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  let valid = true;
  if (typeof schema["$ref"] === "string") valid = follow(run, schema, schema["$ref"], value, location, own);
  if (typeof schema["$dynamicRef"] === "string") {
    valid = follow(run, schema, schema["$dynamicRef"], value, location, own, true) && valid;
  }
  return valid;
}

function follow(
  run: Evaluation,
  schema: SchemaObject,
  reference: string,
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
  isDynamic = false,
): boolean {
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
  return evaluateReferenced(run, target, run.index.owners.get(target) ?? found.resource, value, location, own);
}

function evaluateReferenced(
  run: Evaluation,
  target: SchemaObject,
  resource: Resource,
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
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

function checkCombinations(
  run: Evaluation,
  schema: SchemaObject,
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  let valid = true;
  for (const part of listOf(schema, "allOf")) {
    valid = evaluate(run, part, value, location, own) && valid;
    if (!valid && run.report === undefined) return false;
  }
  if (schema["anyOf"] !== undefined) valid = checkAlternatives(run, schema, "anyOf", value, location, own) && valid;
  if (schema["oneOf"] !== undefined) valid = checkAlternatives(run, schema, "oneOf", value, location, own) && valid;
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

function checkAlternatives(
  run: Evaluation,
  schema: SchemaObject,
  keyword: "anyOf" | "oneOf",
  value: unknown,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  const alternatives = listOf(schema, keyword);
  let matches = 0;
  for (const alternative of alternatives) {
    const part: Evaluated | undefined = own && { properties: new Set(), items: new Set() };
    if (!quietly(run, () => evaluate(run, alternative, value, location, part))) continue;
    matches++;
    if (own !== undefined && part !== undefined) merge(own, part);
    // what was looked at by the other alternatives counts too, so all of them run when that is wanted
    if (keyword === "anyOf" && own === undefined) return true;
    if (keyword === "oneOf" && matches > 1 && run.report === undefined) return false;
  }
  if (matches === 1 || (matches > 1 && keyword === "anyOf")) return true;
  if (run.report === undefined) return false;
  if (matches === 0) return explainNoMatch(run, schema, alternatives, value, location);
  const { ambiguityHint } = schema;
  return fail(
    run,
    location,
    "AMBIGUOUS_SHAPE",
    () => `the value fits ${matches} of the allowed shapes and must fit exactly one`,
    typeof ambiguityHint === "string" ? { hint: ambiguityHint } : {},
  );
}

function listOf(schema: SchemaObject, keyword: string): readonly JsonSchema[] {
  const list = schema[keyword];
  if (list === undefined) return [];
  if (!Array.isArray(list))
    throw new SchemaFault("INVALID_SCHEMA", `the schema's "${keyword}" is not a list of schemas`);
  return list as readonly JsonSchema[];
}

function merge(into: Evaluated, from: Evaluated): void {
  for (const property of from.properties) into.properties.add(property);
  for (const item of from.items) into.items.add(item);
}
