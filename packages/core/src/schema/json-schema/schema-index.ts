import { areTexts, isObject, isText } from "../../json/json.ts";
import { parsePointer } from "../../json/pointer.ts";

/** A JSON Schema (draft 2020-12): an object of keywords, or true or false. */
export type JsonSchema = boolean | SchemaObject;
export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

/** One schema resource: a root or a subschema with an $id of its own. */
export interface Resource {
  readonly uri: string;
  readonly root: SchemaObject;
  readonly anchors: Map<string, SchemaObject>;
  readonly dynamicAnchors: Map<string, SchemaObject>;
}

/** Where every referencable schema of one document is. */
export interface SchemaIndex {
  readonly resources: Map<string, Resource>;
  /** The resource that each subschema belongs to. */
  readonly owners: Map<SchemaObject, Resource>;
  /** True when a $dynamicRef makes results depend on the path that led to a schema. */
  readonly isDynamic: boolean;
}

/** The names that `type` may hold. */
export const TYPES: readonly unknown[] = ["null", "boolean", "object", "array", "number", "integer", "string"];

/** What the value of a keyword must be, and which schemas, patterns or references it holds. */
export interface Keyword {
  readonly holds: "schema" | "schemas" | "map" | "patterns" | "pattern" | "reference" | "nothing";
  readonly expected: string;
  /** Looks at the value itself, not into the schemas that it holds. */
  readonly fits: (value: unknown) => boolean;
}

const isNumber = (value: unknown): value is number => typeof value === "number";

/** The keywords that are evaluated or lead to schemas; whatever else a schema holds is never looked into. */
const rows = (): readonly (readonly [Keyword["holds"], expected: string, fits: Keyword["fits"], names: string])[] => [
  [
    "schema",
    "a schema",
    () => true,
    "additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties",
  ],
  ["schemas", "a list of schemas", (value) => Array.isArray(value) && value.length > 0, "allOf anyOf oneOf"],
  ["schemas", "a list of schemas", Array.isArray, "prefixItems"],
  ["map", "an object of schemas", isObject, "$defs definitions dependentSchemas properties"],
  ["patterns", "an object of schemas", isObject, "patternProperties"],
  ["pattern", "text", isText, "pattern"],
  ["reference", "text", isText, "$ref $dynamicRef"],
  ["nothing", "text", isText, "$id $anchor $dynamicAnchor format title description"],
  ["nothing", "a number", isNumber, "minimum maximum exclusiveMinimum exclusiveMaximum"],
  ["nothing", "a number", (value) => isNumber(value) && value > 0, "multipleOf"],
  [
    "nothing",
    "a whole number from 0",
    (value) => Number.isInteger(value) && (value as number) >= 0,
    "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
  ],
  ["nothing", "true or false", (value) => typeof value === "boolean", "uniqueItems deprecated readOnly writeOnly"],
  ["nothing", "a list of names", areTexts, "required"],
  [
    "nothing",
    "an object of lists of names",
    (value) => isObject(value) && Object.values(value).every(areTexts),
    "dependentRequired",
  ],
  ["nothing", "a list of values", Array.isArray, "enum"],
  [
    "nothing",
    `one of ${TYPES.join(", ")}, or a list of them`,
    (value) => (Array.isArray(value) ? value.every((type) => TYPES.includes(type)) : TYPES.includes(value)),
    "type",
  ],
];

let keywords: Map<string, Keyword> | undefined;

/** Returns what is known of a keyword; undefined for one that is never looked into. */
export function findKeyword(name: string): Keyword | undefined {
  if (keywords === undefined) {
    keywords = new Map();
    for (const [holds, expected, fits, names] of rows())
      for (const one of names.split(" ")) keywords.set(one, { holds, expected, fits });
  }
  return keywords.get(name);
}

const BASE = "schema:///";
const indexes = new WeakMap<SchemaObject, SchemaIndex>();

/** Returns the index of a schema document; computed once for each schema object. */
export function indexSchema(root: SchemaObject): SchemaIndex {
  const known = indexes.get(root);
  if (known !== undefined) return known;
  const resources = new Map<string, Resource>();
  const owners = new Map<SchemaObject, Resource>();
  let isDynamic = false;

  const visit = (schema: unknown, owner: Resource | undefined): void => {
    if (!isObject(schema) || owners.has(schema)) return;
    let resource = owner;
    if (resource === undefined || typeof schema["$id"] === "string") {
      const uri = resolveUri(typeof schema["$id"] === "string" ? schema["$id"] : "", resource?.uri ?? BASE);
      resource = { uri: withoutFragment(uri), root: schema, anchors: new Map(), dynamicAnchors: new Map() };
      resources.set(resource.uri, resource);
    }
    owners.set(schema, resource);
    if (typeof schema["$anchor"] === "string") resource.anchors.set(schema["$anchor"], schema);
    if (typeof schema["$dynamicAnchor"] === "string") {
      resource.anchors.set(schema["$dynamicAnchor"], schema);
      resource.dynamicAnchors.set(schema["$dynamicAnchor"], schema);
    }
    if ("$dynamicRef" in schema) isDynamic = true;
    for (const subschema of subschemasOf(schema)) visit(subschema, resource);
  };
  visit(root, undefined);

  const index: SchemaIndex = { resources, owners, isDynamic };
  indexes.set(root, index);
  return index;
}

/** Yields the schemas directly inside a schema. */
function* subschemasOf(schema: SchemaObject): Generator<unknown> {
  for (const [name, value] of Object.entries(schema)) {
    const holds = findKeyword(name)?.holds;
    if (holds === "schema") yield value;
    else if (holds === "schemas" ? Array.isArray(value) : (holds === "map" || holds === "patterns") && isObject(value))
      yield* Object.values(value as SchemaObject);
  }
}

/** A reference that leads to a schema, or nowhere, or out of the document. */
export type Resolution =
  | { readonly schema: JsonSchema; readonly resource: Resource; readonly dynamicAnchor?: string }
  | { readonly fault: "remote" | "missing" };

/** Finds the schema that a reference names from inside a resource. Nothing is ever fetched. */
export function resolveReference(index: SchemaIndex, from: Resource, reference: string): Resolution {
  const uri = resolveUri(reference, from.uri);
  const hash = uri.indexOf("#");
  const fragment = hash < 0 ? "" : uri.slice(hash + 1);
  const resource = index.resources.get(withoutFragment(uri));
  if (resource === undefined) return { fault: reference.startsWith("#") ? "missing" : "remote" };
  if (fragment === "") return { schema: resource.root, resource };
  if (!fragment.startsWith("/")) {
    const schema = resource.anchors.get(fragment);
    if (schema === undefined) return { fault: "missing" };
    const isDynamic = resource.dynamicAnchors.get(fragment) === schema;
    return { schema, resource, ...(isDynamic ? { dynamicAnchor: fragment } : {}) };
  }
  return followPointer(index, resource, fragment);
}

function followPointer(index: SchemaIndex, start: Resource, fragment: string): Resolution {
  let resource = start;
  let target: unknown = start.root;
  for (const segment of parsePointer(decodeFragment(fragment))) {
    // hostile: own members only, so that "#/constructor" leads nowhere
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, segment)) return { fault: "missing" };
    target = (target as SchemaObject)[segment];
    resource = (isObject(target) ? index.owners.get(target) : undefined) ?? resource;
  }
  if (typeof target !== "boolean" && !isObject(target)) return { fault: "missing" };
  return { schema: target, resource };
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

const withoutFragment = (uri: string): string => uri.split("#", 1)[0] ?? "";

function resolveUri(reference: string, base: string): string {
  if (reference === "" || reference.startsWith("#")) return withoutFragment(base) + reference;
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}
