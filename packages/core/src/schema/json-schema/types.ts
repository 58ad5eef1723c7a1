import { jsonTypeOf } from "../../json/json.ts";
import { fail, type Frame, SchemaFault } from "./evaluation.ts";
import { type SchemaObject, TYPES } from "./schema-index.ts";

/** Returns the names in a schema's `type`, or undefined when it has none. */
export function typesOf(schema: SchemaObject): readonly string[] | undefined {
  const { type } = schema;
  if (type === undefined) return undefined;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  for (const name of types) {
    if (!TYPES.includes(name)) throw new SchemaFault("INVALID_SCHEMA", 'the schema\'s "type" names no JSON type');
  }
  return types as readonly string[];
}

/** Returns whether a value is of one of the types that `type` names. */
export function hasType(types: readonly string[], value: unknown): boolean {
  const type = jsonTypeOf(value);
  return types.includes(type) || (type === "number" && types.includes("integer") && Number.isInteger(value));
}

/** Reports that a value is of none of the types. */
export function failType({ run, location }: Frame, found: string, types: readonly string[]): false {
  return fail(run, location, "WRONG_TYPE", () => `found ${found}, expected ${types.map(named).join(" or ")}`);
}

/** Returns a type name with its article: "an object". */
export function named(type: string): string {
  return type === "null" ? "null" : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
