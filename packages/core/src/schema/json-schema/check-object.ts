import { didYouMean, listNames } from "../../diagnostics/suggest.ts";
import { isObject } from "../../json/json.ts";
import { compileEcmaPattern } from "../ecma-pattern.ts";
import { isPatternFault, type Pattern } from "../pattern.ts";
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

type Members = { readonly [key: string]: unknown };

/** Evaluates the keywords that speak of an object's members. */
export function checkObject(
  run: Evaluation,
  schema: SchemaObject,
  value: Members,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  let valid = checkRequired(run, schema, value, location);
  if (!valid && run.report === undefined) return false;
  valid = checkCounts(run, schema, value, location) && valid;
  valid = checkMembers(run, schema, value, location, own) && valid;
  if (!valid && run.report === undefined) return false;
  valid = checkNames(run, schema, value, location) && valid;
  return (
    checkDependents(run, schema, value, location, own) && checkUnevaluated(run, schema, value, location, own) && valid
  );
}

function checkRequired(run: Evaluation, schema: SchemaObject, value: Members, location: Location | undefined): boolean {
  let valid = true;
  for (const name of stringsOf(schema["required"], "required")) {
    if (!Object.hasOwn(value, name)) {
      valid = fail(run, { parent: location, key: name }, "MISSING_FIELD", () => `the field "${name}" is missing`);
    }
  }
  return valid;
}

function checkCounts(run: Evaluation, schema: SchemaObject, value: Members, location: Location | undefined): boolean {
  const min = numberKeyword(schema, "minProperties");
  const max = numberKeyword(schema, "maxProperties");
  if (min === undefined && max === undefined) return true;
  const count = Object.keys(value).length;
  if (min !== undefined && count < min) {
    return fail(run, location, "WRONG_LENGTH", () => `found ${count} fields, expected at least ${min}`);
  }
  if (max !== undefined && count > max) {
    return fail(run, location, "WRONG_LENGTH", () => `found ${count} fields, expected at most ${max}`);
  }
  return true;
}

function checkMembers(
  run: Evaluation,
  schema: SchemaObject,
  value: Members,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  const properties = schemaMap(schema, "properties");
  const patterns = patternsOf(schema);
  const additional = schema["additionalProperties"] as JsonSchema | undefined;
  if (properties === undefined && patterns.length === 0 && additional === undefined) return true;
  let valid = true;
  for (const key of Object.keys(value)) {
    const place: Location = { parent: location, key };
    let isKnown = false;
    if (properties !== undefined && Object.hasOwn(properties, key)) {
      isKnown = true;
      valid = run.evaluate(run, properties[key] as JsonSchema, value[key], place) && valid;
    }
    for (const [pattern, subschema] of patterns) {
      if (!pattern.test(key)) continue;
      isKnown = true;
      valid = run.evaluate(run, subschema, value[key], place) && valid;
    }
    if (!isKnown && additional !== undefined) {
      isKnown = true;
      valid =
        (additional === false
          ? failUnknown(run, properties, key, place)
          : run.evaluate(run, additional, value[key], place)) && valid;
    }
    if (isKnown) own?.properties.add(key);
    if (!valid && run.report === undefined) return false;
  }
  return valid;
}

function failUnknown(run: Evaluation, properties: SchemaObject | undefined, key: string, place: Location): false {
  const known = Object.keys(properties ?? {});
  return fail(
    run,
    place,
    "UNKNOWN_FIELD",
    () => `unknown field "${key}"; the fields here are ${listNames(known, 20)}`,
    {
      atKey: true,
      ...(run.report === undefined ? {} : didYouMean(key, known)),
    },
  );
}

function checkNames(run: Evaluation, schema: SchemaObject, value: Members, location: Location | undefined): boolean {
  const names = schema["propertyNames"] as JsonSchema | undefined;
  if (names === undefined) return true;
  let valid = true;
  for (const key of Object.keys(value)) {
    if (quietly(run, () => run.evaluate(run, names, key, undefined))) continue;
    valid = fail(
      run,
      { parent: location, key },
      "WRONG_FORMAT",
      () => "the name of this field is not one that the schema allows",
      { atKey: true },
    );
  }
  return valid;
}

function checkDependents(
  run: Evaluation,
  schema: SchemaObject,
  value: Members,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  let valid = true;
  for (const [trigger, needed] of Object.entries(schemaMap(schema, "dependentRequired") ?? {})) {
    if (!Object.hasOwn(value, trigger)) continue;
    for (const name of stringsOf(needed, "dependentRequired")) {
      if (Object.hasOwn(value, name)) continue;
      valid = fail(
        run,
        { parent: location, key: name },
        "MISSING_FIELD",
        () => `the field "${name}" is missing; "${trigger}" needs it`,
      );
    }
  }
  for (const [trigger, subschema] of Object.entries(schemaMap(schema, "dependentSchemas") ?? {})) {
    if (Object.hasOwn(value, trigger))
      valid = run.evaluate(run, subschema as JsonSchema, value, location, own) && valid;
  }
  return valid;
}

function checkUnevaluated(
  run: Evaluation,
  schema: SchemaObject,
  value: Members,
  location: Location | undefined,
  own: Evaluated | undefined,
): boolean {
  const rest = schema["unevaluatedProperties"] as JsonSchema | undefined;
  if (rest === undefined || own === undefined) return true;
  let valid = true;
  for (const key of Object.keys(value)) {
    if (own.properties.has(key)) continue;
    const place: Location = { parent: location, key };
    valid =
      (rest === false ? failUnknown(run, undefined, key, place) : run.evaluate(run, rest, value[key], place)) && valid;
    own.properties.add(key);
  }
  return valid;
}

function schemaMap(schema: SchemaObject, keyword: string): SchemaObject | undefined {
  const map = schema[keyword];
  if (map === undefined || isObject(map)) return map;
  throw new SchemaFault("INVALID_SCHEMA", `the schema's "${keyword}" is not an object`);
}

function patternsOf(schema: SchemaObject): readonly (readonly [Pattern, JsonSchema])[] {
  const map = schemaMap(schema, "patternProperties");
  if (map === undefined) return [];
  return Object.entries(map).map(([source, subschema]) => {
    const pattern = compileEcmaPattern(source);
    if (isPatternFault(pattern))
      throw new SchemaFault("INVALID_SCHEMA", `the schema holds a pattern that cannot be used: ${pattern.fault}`);
    return [pattern, subschema as JsonSchema];
  });
}

function stringsOf(list: unknown, keyword: string): readonly string[] {
  if (list === undefined) return [];
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  throw new SchemaFault("INVALID_SCHEMA", `the schema's "${keyword}" is not a list of names`);
}
