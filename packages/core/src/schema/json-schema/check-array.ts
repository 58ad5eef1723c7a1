import { canonicalJson } from "../../json/canonical.ts";
import {
  type Evaluated,
  type Evaluation,
  fail,
  type Location,
  numberKeyword,
  quietly,
  SchemaFault,
} from "./evaluation.ts";
import type { JsonSchema, SchemaObject } from "./schema-index.ts";

/** Evaluates the keywords that speak of an array's items. */
export function checkArray(
  run: Evaluation,
  schema: SchemaObject,
  value: readonly unknown[],
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  let valid = checkCount(run, schema, value, location);
  if (!valid && run.report === undefined) return false;
  valid = checkItems(run, schema, value, location, own) && valid;
  valid = checkContains(run, schema, value, location, own) && valid;
  if (schema["uniqueItems"] === true) valid = checkUnique(run, value, location) && valid;
  const rest = schema["unevaluatedItems"] as JsonSchema | undefined;
  if (rest === undefined || own === undefined) return valid;
  for (const [key, item] of value.entries()) {
    if (own.items.has(key)) continue;
    valid = run.evaluate(run, rest, item, { parent: location, key }) && valid;
    own.items.add(key);
  }
  return valid;
}

function checkCount(
  run: Evaluation,
  schema: SchemaObject,
  value: readonly unknown[],
  location: Location | undefined,
): boolean {
  const min = numberKeyword(schema, "minItems");
  const max = numberKeyword(schema, "maxItems");
  if (min !== undefined && value.length < min) {
    return fail(run, location, "WRONG_LENGTH", () => `found ${value.length} items, expected at least ${min}`);
  }
  if (max !== undefined && value.length > max) {
    return fail(run, location, "WRONG_LENGTH", () => `found ${value.length} items, expected at most ${max}`);
  }
  return true;
}

function checkItems(
  run: Evaluation,
  schema: SchemaObject,
  value: readonly unknown[],
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  const prefix = schema["prefixItems"] ?? [];
  if (!Array.isArray(prefix))
    throw new SchemaFault("INVALID_SCHEMA", 'the schema\'s "prefixItems" is not a list of schemas');
  const items = schema["items"] as JsonSchema | undefined;
  if (prefix.length === 0 && items === undefined) return true;
  let valid = true;
  for (const [key, item] of value.entries()) {
    const subschema = key < prefix.length ? (prefix[key] as JsonSchema) : items;
    if (subschema === undefined) break;
    valid = run.evaluate(run, subschema, item, { parent: location, key }) && valid;
    own?.items.add(key);
    if (!valid && run.report === undefined) return false;
  }
  return valid;
}

function checkContains(
  run: Evaluation,
  schema: SchemaObject,
  value: readonly unknown[],
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  const contains = schema["contains"] as JsonSchema | undefined;
  if (contains === undefined) return true;
  const min = numberKeyword(schema, "minContains") ?? 1;
  const max = numberKeyword(schema, "maxContains") ?? Number.POSITIVE_INFINITY;
  let count = 0;
  for (const [key, item] of value.entries()) {
    if (!quietly(run, () => run.evaluate(run, contains, item, { parent: location, key }))) continue;
    count++;
    own?.items.add(key);
  }
  if (count >= min && count <= max) return true;
  return fail(
    run,
    location,
    "WRONG_LENGTH",
    () =>
      `found ${count} items that fit the schema's "contains", expected ${count < min ? `at least ${min}` : `at most ${max}`}`,
  );
}

function checkUnique(run: Evaluation, value: readonly unknown[], location: Location | undefined): boolean {
  const firsts = new Map<string, number>();
  let valid = true;
  for (const [key, item] of value.entries()) {
    const text = canonicalJson(item);
    const first = firsts.get(text);
    if (first === undefined) firsts.set(text, key);
    else
      valid = fail(
        run,
        location,
        "NOT_UNIQUE",
        () => `the items ${first} and ${key} are equal, and every item must differ`,
      );
  }
  return valid;
}
