import { didYouMean, listNames } from "../../diagnostics/suggest.ts";
import type { Pattern } from "../pattern.ts";
import {
  checkCount,
  checkEach,
  type Evaluation,
  fail,
  type Frame,
  type Location,
  mapKeyword,
  namesIn,
  numberKeyword,
  patternIn,
  quietly,
  spend,
} from "./evaluation.ts";
import type { JsonSchema, SchemaObject } from "./schema-index.ts";

type ObjectFrame = Frame<{ readonly [key: string]: unknown }>;

/** Evaluates the keywords that speak of an object's members. */
export function checkObject(frame: ObjectFrame): boolean {
  const valid = checkEach(frame, [checkRequired, checkSize, checkMembers, checkNames]);
  return (valid || frame.run.report !== undefined) && checkDependents(frame) && checkUnevaluated(frame) && valid;
}

function checkRequired(frame: ObjectFrame): boolean {
  return checkPresent(frame, namesIn(frame.schema["required"], "required"), "");
}

function checkPresent({ run, value, location }: ObjectFrame, names: readonly string[], why: string): boolean {
  let valid = true;
  for (const key of names) {
    if (Object.hasOwn(value, key)) continue;
    valid = fail(run, { parent: location, key }, "MISSING_FIELD", () => `the field "${key}" is missing${why}`);
  }
  return valid;
}

function checkSize(frame: ObjectFrame): boolean {
  const least = numberKeyword(frame.schema, "minProperties");
  const most = numberKeyword(frame.schema, "maxProperties");
  return (least ?? most) === undefined || checkCount(frame, Object.keys(frame.value).length, "fields", least, most);
}

function checkMembers({ run, schema, value, location, own }: ObjectFrame): boolean {
  const properties = mapKeyword(schema, "properties");
  const patterns = patternsOf(schema);
  const additional = schema["additionalProperties"] as JsonSchema | undefined;
  if (schema["properties"] === undefined && patterns.length === 0 && additional === undefined) return true;
  const keys = Object.keys(value);
  spend(run, (keys.length * (1 + patterns.length * 16)) >> 6);
  let valid = true;
  for (const key of keys) {
    const place: Location = { parent: location, key };
    let isKnown = false;
    if (Object.hasOwn(properties, key)) {
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
      valid = evaluateOther(run, additional, properties, value[key], place) && valid;
    }
    if (isKnown) own?.properties.add(key);
    if (!valid && run.report === undefined) return false;
  }
  return valid;
}

/** Evaluates a member that no keyword names. */
function evaluateOther(
  run: Evaluation,
  schema: JsonSchema,
  properties: SchemaObject,
  value: unknown,
  place: Location,
): boolean {
  if (schema !== false) return run.evaluate(run, schema, value, place);
  if (run.report === undefined) return false;
  const key = String(place.key);
  const known = Object.keys(properties);
  spend(run, 1 + (known.length >> 6));
  const message = (): string => `unknown field "${key}"; the fields here are ${listNames(known, 20)}`;
  return fail(run, place, "UNKNOWN_FIELD", message, { atKey: true, ...didYouMean(key, known) });
}

function checkNames({ run, schema, value, location }: ObjectFrame): boolean {
  const names = schema["propertyNames"] as JsonSchema | undefined;
  if (names === undefined) return true;
  let valid = true;
  for (const key of Object.keys(value)) {
    if (quietly(run, () => run.evaluate(run, names, key, undefined))) continue;
    const message = (): string => "the name of this field is not one that the schema allows";
    valid = fail(run, { parent: location, key }, "WRONG_FORMAT", message, { atKey: true });
  }
  return valid;
}

function checkDependents(frame: ObjectFrame): boolean {
  const { run, schema, value, location, own } = frame;
  let valid = true;
  for (const [trigger, needed] of Object.entries(mapKeyword(schema, "dependentRequired"))) {
    if (!Object.hasOwn(value, trigger)) continue;
    valid = checkPresent(frame, namesIn(needed, "dependentRequired"), `; "${trigger}" needs it`) && valid;
  }
  for (const [trigger, subschema] of Object.entries(mapKeyword(schema, "dependentSchemas"))) {
    if (Object.hasOwn(value, trigger))
      valid = run.evaluate(run, subschema as JsonSchema, value, location, own) && valid;
  }
  return valid;
}

function checkUnevaluated({ run, schema, value, location, own }: ObjectFrame): boolean {
  const rest = schema["unevaluatedProperties"] as JsonSchema | undefined;
  if (rest === undefined || own === undefined) return true;
  let valid = true;
  for (const key of Object.keys(value)) {
    if (own.properties.has(key)) continue;
    valid = evaluateOther(run, rest, {}, value[key], { parent: location, key }) && valid;
    own.properties.add(key);
  }
  return valid;
}

function patternsOf(schema: SchemaObject): readonly (readonly [Pattern, JsonSchema])[] {
  return Object.entries(mapKeyword(schema, "patternProperties")).map(([source, subschema]) => [
    patternIn(source, "patternProperties"),
    subschema as JsonSchema,
  ]);
}
