import { isObject } from "../json/json.ts";
import { objectOf, quoteText, unionOf } from "./type-text.ts";

/**
 * Returns the source of a type that holds every value the JSON Schema accepts: keywords that TypeScript has no words for
 * only narrow and are left out; where that says nothing, the type is `unknown`. TypeOfSchema is the same for literals.
 */
export function schemaToType(schema: unknown): string {
  if (!isObject(schema) || Object.hasOwn(schema, "$ref")) return "unknown";
  if (Object.hasOwn(schema, "const")) return literalType(schema["const"]);
  const { enum: values, type, anyOf, oneOf } = owned(schema);
  if (Array.isArray(values)) return unionOf(values.map(literalType));
  if (typeof type === "string") return typeOf(type, schema);
  if (Array.isArray(type)) return unionOf(type.map((one: unknown) => typeOf(one, schema)));
  const alternatives = anyOf ?? oneOf;
  return Array.isArray(alternatives) ? unionOf(alternatives.map(schemaToType)) : "unknown";
}

/** Returns the type that only one JSON value has. */
export function literalType(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (Array.isArray(value)) return `readonly [${value.map(literalType).join(", ")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => ({ name, type: literalType(member) }));
    return objectOf(members, NO_MEMBERS);
  }
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : "unknown";
}

interface Keywords {
  readonly [keyword: string]: unknown;
}

const ANY_OBJECT = "{ readonly [name: string]: unknown }";
export const NO_MEMBERS = "{ readonly [name: string]: never }";
/** The types by JSON type when nothing more is known. */
export const openTypes: { readonly [type: string]: string } = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
  object: ANY_OBJECT,
  array: "readonly unknown[]",
};

function typeOf(type: unknown, schema: Keywords): string {
  if (type === "object") return objectType(schema);
  const { items, prefixItems } = owned(schema);
  if (type === "array" && items !== undefined && prefixItems === undefined) return arrayOf(schemaToType(items));
  return typeof type === "string" && Object.hasOwn(openTypes, type) ? String(openTypes[type]) : "unknown";
}

const arrayOf = (type: string): string =>
  `readonly ${type.includes(" | ") || type.startsWith("readonly ") ? `(${type})` : type}[]`;

function objectType(schema: Keywords): string {
  const { properties: given, required: listed, additionalProperties: rest } = owned(schema);
  const properties = isObject(given) ? given : {};
  const required = new Set(Array.isArray(listed) ? listed.filter((name) => typeof name === "string") : []);
  const names = [...new Set([...Object.keys(properties), ...required])];
  if (names.length === 0) {
    if (rest === false) return NO_MEMBERS;
    return isObject(rest) ? `{ readonly [name: string]: ${schemaToType(rest)} }` : ANY_OBJECT;
  }
  return objectOf(
    names.map((name) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const about = isObject(property) ? owned(property)["description"] : undefined;
      return {
        name,
        type: schemaToType(property),
        isOptional: !required.has(name),
        about: typeof about === "string" ? about : undefined,
      };
    }),
  );
}

/** hostile: a keyword that is not the schema's own is absent. */
const owned = (schema: Keywords): Keywords => Object.assign(Object.create(null) as Keywords, schema);
