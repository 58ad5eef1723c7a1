import { didYouMean } from "../../diagnostics/suggest.ts";
import { isObject, jsonEquals, jsonTypeOf } from "../../json/json.ts";

import { type Evaluation, fail, type Location, pointerOf } from "./evaluation.ts";
import { type JsonSchema, resolveReference, type SchemaObject } from "./schema-index.ts";
import { hasType, named, typesOf } from "./types.ts";

interface Shape {
  readonly schema: JsonSchema;
  readonly object: SchemaObject;
  readonly name: string | undefined;
}

/**
 * Reports why a value fits none of several shapes, in terms of the one shape that was meant: the shapes of the
 * value's type, then those whose constants (such as `kind`) agree with it, then the one with most of its fields.
 */
export function explainNoMatch(
  run: Evaluation,
  schema: SchemaObject,
  alternatives: readonly JsonSchema[],
  value: unknown,
  location: Location | undefined,
): false {
  run.shapes.push({ pointer: pointerOf(run, location), message: "the value must fit one of several shapes" });
  try {
    return explain(run, schema, alternatives, value, location);
  } finally {
    run.shapes.pop();
  }
}

function explain(
  run: Evaluation,
  schema: SchemaObject,
  alternatives: readonly JsonSchema[],
  value: unknown,
  location: Location | undefined,
): false {
  const shapes = alternatives
    .map((alternative) => shapeOf(run, schema, alternative))
    .filter((shape) => shape !== undefined);
  const ofType = shapes.filter(({ object }) => hasType(typesOf(object) ?? [jsonTypeOf(value)], value));
  if (ofType.length === 0) {
    const types = [...new Set(shapes.flatMap(({ object }) => typesOf(object) ?? []))];
    return fail(
      run,
      location,
      "WRONG_TYPE",
      () => `found ${named(jsonTypeOf(value))}, expected ${types.map(named).join(" or ")}`,
    );
  }
  if (!isObject(value))
    return ofType.length === 1 ? reportShape(run, ofType[0] as Shape, value, location) : failAll(run, ofType, location);

  const agreeing = ofType.filter(({ object }) =>
    constantsOf(object).every(
      ([key, allowed]) => !Object.hasOwn(value, key) || allowed.some((item) => jsonEquals(item, value[key])),
    ),
  );
  const [key, constants] = sharedConstants(ofType);
  if (key !== undefined && !Object.hasOwn(value, key)) {
    return fail(
      run,
      { parent: location, key },
      "MISSING_FIELD",
      () => `the field "${key}" is missing; it is one of ${constants.join(", ")}`,
    );
  }
  if (key !== undefined && agreeing.every((shape) => constantsOf(shape.object).length === 0)) {
    return fail(
      run,
      { parent: location, key },
      "WRONG_VALUE",
      () => `expected one of ${constants.join(", ")}${patternAlternative(agreeing, key)}`,
      didYouMean(
        String(value[key]),
        constants.map((text) => text.replaceAll('"', "")),
      ),
    );
  }
  const ranked = agreeing
    .map((shape) => ({ shape, present: requiredOf(shape.object).filter((name) => Object.hasOwn(value, name)).length }))
    .sort((left, right) => right.present - left.present);
  const [best, second] = ranked;
  if (best === undefined || (second !== undefined && best.present === 0)) return failAll(run, agreeing, location);
  return reportShape(run, best.shape, value, location);
}

function reportShape(run: Evaluation, { schema, name }: Shape, value: unknown, location: Location | undefined): false {
  const choice = run.shapes.pop();
  run.shapes.push({
    pointer: pointerOf(run, location),
    message:
      name === undefined ? "the value was read as the shape that it is closest to" : `the value was read as ${name}`,
  });
  run.evaluate(run, schema, value, location);
  run.shapes.pop();
  if (choice !== undefined) run.shapes.push(choice);
  return false;
}

function failAll(run: Evaluation, shapes: readonly Shape[], location: Location | undefined): false {
  return fail(run, location, "NO_MATCHING_SHAPE", () => {
    const fields = shapes
      .map(({ object }) =>
        requiredOf(object)
          .map((name) => `"${name}"`)
          .join(" with "),
      )
      .filter((text) => text !== "");
    return fields.length === 0 ? "the value fits none of the allowed shapes" : `expected ${fields.join(", or ")}`;
  });
}

function shapeOf(run: Evaluation, from: SchemaObject, schema: JsonSchema): Shape | undefined {
  if (typeof schema === "boolean") return undefined;
  const reference = schema["$ref"];
  if (typeof reference !== "string") return { schema, object: schema, name: undefined };
  const owner = run.index.owners.get(from);
  const found = owner && resolveReference(run.index, owner, reference);
  if (found === undefined || "fault" in found || typeof found.schema === "boolean")
    return { schema, object: schema, name: undefined };
  return { schema, object: found.schema, name: reference.split("/").at(-1) };
}

function constantsOf(object: SchemaObject): readonly (readonly [key: string, allowed: readonly unknown[]])[] {
  const { properties } = object;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, property]) =>
    isObject(property) && Object.hasOwn(property, "const") ? [[key, [property["const"]]] as const] : [],
  );
}

/** The key that tells the shapes apart, if several of them give it a constant, with those constants as text. */
function sharedConstants(shapes: readonly Shape[]): readonly [key: string | undefined, constants: readonly string[]] {
  const byKey = new Map<string, string[]>();
  for (const { object } of shapes) {
    for (const [key, allowed] of constantsOf(object))
      byKey.set(key, [...(byKey.get(key) ?? []), ...allowed.map((item) => JSON.stringify(item))]);
  }
  for (const [key, constants] of byKey) if (constants.length > 1) return [key, constants];
  return [undefined, []];
}

function patternAlternative(shapes: readonly Shape[], key: string): string {
  for (const { object } of shapes) {
    const property = isObject(object["properties"]) ? object["properties"][key] : undefined;
    if (isObject(property) && typeof property["pattern"] === "string")
      return `, or text that matches ${property["pattern"]}`;
  }
  return "";
}

function requiredOf(object: SchemaObject): readonly string[] {
  const { required } = object;
  return Array.isArray(required) ? required.filter((name): name is string => typeof name === "string") : [];
}
