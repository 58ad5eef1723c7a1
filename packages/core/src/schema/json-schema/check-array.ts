import { canonicalJson } from "../../json/canonical.ts";
import { checkCount, checkEach, fail, type Frame, listKeyword, numberKeyword, quietly } from "./evaluation.ts";
import type { JsonSchema } from "./schema-index.ts";

type ArrayFrame = Frame<readonly unknown[]>;

/** Evaluates the keywords that speak of an array's items. */
export function checkArray(frame: ArrayFrame): boolean {
  return checkEach(frame, [checkLength, checkItems, checkContains, checkUnique, checkUnevaluated]);
}

function checkLength(frame: ArrayFrame): boolean {
  const { schema, value } = frame;
  return checkCount(frame, value.length, "items", numberKeyword(schema, "minItems"), numberKeyword(schema, "maxItems"));
}

function checkItems({ run, schema, value, location, own }: ArrayFrame): boolean {
  const prefix = listKeyword(schema, "prefixItems");
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

function checkContains(frame: ArrayFrame): boolean {
  const { run, schema, value, location, own } = frame;
  const contains = schema["contains"] as JsonSchema | undefined;
  if (contains === undefined) return true;
  const least = numberKeyword(schema, "minContains") ?? 1;
  const most = numberKeyword(schema, "maxContains");
  let count = 0;
  for (const [key, item] of value.entries()) {
    if (!quietly(run, () => run.evaluate(run, contains, item, { parent: location, key }))) continue;
    count++;
    own?.items.add(key);
  }
  return checkCount(frame, count, `items that fit the schema's "contains"`, least, most);
}

function checkUnique({ run, schema, value, location }: ArrayFrame): boolean {
  if (schema["uniqueItems"] !== true) return true;
  const firsts = new Map<string, number>();
  let valid = true;
  for (const [key, item] of value.entries()) {
    const text = canonicalJson(item);
    const first = firsts.get(text);
    if (first === undefined) firsts.set(text, key);
    else {
      const message = (): string => `the items ${first} and ${key} are equal, and every item must differ`;
      valid = fail(run, location, "NOT_UNIQUE", message);
    }
  }
  return valid;
}

function checkUnevaluated({ run, schema, value, location, own }: ArrayFrame): boolean {
  const rest = schema["unevaluatedItems"] as JsonSchema | undefined;
  if (rest === undefined || own === undefined) return true;
  let valid = true;
  for (const [key, item] of value.entries()) {
    if (own.items.has(key)) continue;
    valid = run.evaluate(run, rest, item, { parent: location, key }) && valid;
    own.items.add(key);
  }
  return valid;
}
