import type { JsonObject } from "../json/json.ts";

/** A JSON Schema as data. */
export type SchemaData = { readonly [keyword: string]: unknown };
type Properties = { readonly [name: string]: SchemaData };

/** Vendor annotation: carried along, never interpreted, never passed to a model, tool, guardrail or eval. */
export type Extensions = JsonObject;

// A short notation, because the spec's schema is mostly objects, lists and text. It yields plain JSON Schema.
export const text = (rest: SchemaData = {}): SchemaData => ({ type: "string", ...rest });
export const oneOf = (...values: readonly string[]): SchemaData => ({ type: "string", enum: values });
export const flag = (byDefault?: boolean): SchemaData =>
  byDefault === undefined ? { type: "boolean" } : { type: "boolean", default: byDefault };
export const count = (minimum = 1, rest: SchemaData = {}): SchemaData => ({ type: "integer", minimum, ...rest });
export const number = (minimum?: number, maximum?: number): SchemaData => ({
  type: "number",
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const list = (items: SchemaData, rest: SchemaData = {}): SchemaData => ({ type: "array", items, ...rest });
export const mapOf = (values: SchemaData, rest: SchemaData = {}): SchemaData => ({
  type: "object",
  additionalProperties: values,
  ...rest,
});
export const anyObject: SchemaData = { type: "object" };
export const anything: SchemaData = {};
export const ref = (definition: string): SchemaData => ({ $ref: `#/$defs/${definition}` });

/** An object whose fields are all named; `required` lists names with spaces between. */
export const closed = (required: string, properties: Properties, rest: SchemaData = {}): SchemaData => ({
  ...open(required, properties, rest),
  additionalProperties: false,
});
/** An object that may have other fields too. */
export const open = (required: string, properties: Properties, rest: SchemaData = {}): SchemaData => ({
  type: "object",
  ...(required === "" ? {} : { required: required.split(" ") }),
  properties,
  ...rest,
});

// The patterns that several sections share, and what each asks for.
export const NAME = "^[a-zA-Z_][a-zA-Z0-9_]*$";
export const PROMPT_ID = "^[a-z][a-z0-9_-]*$";
export const MEDIA_TYPE_NAME = "^[a-z0-9_]+$";
export const SEMVER =
  "^v?(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$";

export const patternWords: { readonly [pattern: string]: string } = {
  [NAME]: 'a letter or "_", then letters, digits and "_"',
  [PROMPT_ID]: 'a small letter, then small letters, digits, "_" and "-"',
  [MEDIA_TYPE_NAME]: 'small letters, digits and "_"',
  [SEMVER]: 'a semantic version such as "1.2.0"',
};
