import { didYouMean } from "../../diagnostics/suggest.ts";
import { isObject, jsonEquals, jsonTypeOf } from "../../json/json.ts";
import { type Evaluation, fail, type Frame, pointerOf } from "./evaluation.ts";
import { type JsonSchema, resolveReference, type SchemaObject } from "./schema-index.ts";
import { failType, hasType, named, typesOf } from "./types.ts";

interface Shape {
  readonly schema: JsonSchema;
  readonly object: SchemaObject;
  readonly name: string | undefined;
}

/**
 * Reports why a value fits none of several shapes, in terms of the one shape that was meant: the shapes of the
 * value's type, then those whose constants (such as `kind`) agree with it, then the one with most of its fields.
 */
export function explainNoMatch(frame: Frame, alternatives: readonly JsonSchema[]): false {
  const { run, location } = frame;
  run.shapes.push({ pointer: pointerOf(run, location), message: "the value must fit one of several shapes" });
  try {
    const shapes = alternatives.flatMap((alternative) => shapesOf(run, frame.schema, alternative));
    return explain(frame, shapes);
  } finally {
    run.shapes.pop();
  }
}

function explain(frame: Frame, shapes: readonly Shape[]): false {
  const { run, value, location } = frame;
  const ofType = shapes.filter(({ object }) => hasType(typesOf(object) ?? [jsonTypeOf(value)], value));
  if (ofType.length === 0) {
    const types = [...new Set(shapes.flatMap(({ object }) => typesOf(object) ?? []))];
    return failType(frame, named(jsonTypeOf(value)), types);
  }
  if (!isObject(value)) return ofType.length === 1 ? reportShape(frame, ofType[0] as Shape) : failAll(frame, ofType);

  const agreeing = ofType.filter(({ object }) =>
    constantsOf(object).every(([key, constant]) => !Object.hasOwn(value, key) || jsonEquals(constant, value[key])),
  );
  const [key, constants] = sharedConstants(ofType);
  if (key !== undefined && !Object.hasOwn(value, key)) {
    const message = (): string => `the field "${key}" is missing; it is one of ${constants.join(", ")}`;
    return fail(run, { parent: location, key }, "MISSING_FIELD", message);
  }
  if (key !== undefined && agreeing.every((shape) => constantsOf(shape.object).length === 0)) {
    const names = constants.map((text) => text.replaceAll('"', ""));
    const message = (): string => `expected one of ${constants.join(", ")}${patternAlternative(agreeing, key)}`;
    return fail(run, { parent: location, key }, "WRONG_VALUE", message, didYouMean(String(value[key]), names));
  }
  const ranked = agreeing
    .map((shape) => ({ shape, present: requiredOf(shape.object).filter((name) => Object.hasOwn(value, name)).length }))
    .sort((left, right) => right.present - left.present);
  const [best, second] = ranked;
  if (best === undefined || (second !== undefined && best.present === 0)) return failAll(frame, agreeing);
  return reportShape(frame, best.shape);
}

function reportShape({ run, value, location }: Frame, { schema, name }: Shape): false {
  const choice = run.shapes.pop();
  const shape = name ?? "the shape that it is closest to";
  run.shapes.push({ pointer: pointerOf(run, location), message: `the value was read as ${shape}` });
  run.evaluate(run, schema, value, location);
  run.shapes.pop();
  if (choice !== undefined) run.shapes.push(choice);
  return false;
}

function failAll({ run, location }: Frame, shapes: readonly Shape[]): false {
  return fail(run, location, "NO_MATCHING_SHAPE", () => {
    const fields = shapes.flatMap(({ object }) => {
      const names = requiredOf(object).map((name) => `"${name}"`);
      return names.length === 0 ? [] : [names.join(" with ")];
    });
    return fields.length === 0 ? "the value fits none of the allowed shapes" : `expected ${fields.join(", or ")}`;
  });
}

function shapesOf(run: Evaluation, from: SchemaObject, schema: JsonSchema): readonly Shape[] {
  if (typeof schema === "boolean") return [];
  const reference = schema["$ref"];
  const owner = run.index.owners.get(from);
  const found = typeof reference === "string" && owner ? resolveReference(run.index, owner, reference) : undefined;
  return found === undefined || "fault" in found || typeof found.schema === "boolean"
    ? [{ schema, object: schema, name: undefined }]
    : [{ schema, object: found.schema, name: String(reference).split("/").at(-1) }];
}

function constantsOf({ properties }: SchemaObject): readonly (readonly [key: string, constant: unknown])[] {
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([key, property]) =>
    isObject(property) && Object.hasOwn(property, "const") ? [[key, property["const"]] as const] : [],
  );
}

/** The key that tells the shapes apart, if several of them give it a constant, with those constants as text. */
function sharedConstants(shapes: readonly Shape[]): readonly [key: string | undefined, constants: readonly string[]] {
  const byKey = new Map<string, string[]>();
  for (const { object } of shapes) {
    for (const [key, constant] of constantsOf(object))
      byKey.set(key, [...(byKey.get(key) ?? []), JSON.stringify(constant)]);
  }
  return [...byKey].find(([, constants]) => constants.length > 1) ?? [undefined, []];
}

function patternAlternative(shapes: readonly Shape[], key: string): string {
  for (const { object } of shapes) {
    const property = isObject(object["properties"]) ? object["properties"][key] : undefined;
    if (isObject(property) && typeof property["pattern"] === "string")
      return `, or text that matches ${property["pattern"]}`;
  }
  return "";
}

function requiredOf({ required }: SchemaObject): readonly string[] {
  return Array.isArray(required) ? required.filter((name): name is string => typeof name === "string") : [];
}
