import { isObject } from "../json/json.ts";

/**
 * Whether a provider that writes no free text can answer a schema: "yes" when every leaf is an enum, a const, a boolean,
 * a null or a number with both bounds; "no" when a leaf is free; "unknown" when the host must decide. Source: R312.
 */
export type Answerable = "yes" | "no" | "unknown";

const MAX_DEPTH = 64;

/** Returns whether a provider without text generation can answer a JSON Schema. */
export function answerability(schema: unknown, depth = 0): Answerable {
  // hostile: schemas may be nested without end
  if (depth > MAX_DEPTH || !isObject(schema)) return "unknown";
  if (Object.hasOwn(schema, "const") || Array.isArray(schema["enum"])) return "yes";
  const { type, properties, items, allOf } = schema;
  const options = Array.isArray(schema["anyOf"]) ? schema["anyOf"] : schema["oneOf"];
  if (Array.isArray(options)) return worst(options.map((option) => answerability(option, depth + 1)));
  if (Array.isArray(type))
    return worst([...new Set<unknown>(type)].map((one) => answerability({ ...schema, type: one }, depth + 1)));
  if (type === "boolean" || type === "null") return "yes";
  if (type === "number" || type === "integer") return isBounded(schema) ? "yes" : "no";
  if (type === "object" && isObject(properties))
    return worst(Object.values(properties).map((part) => answerability(part, depth + 1)));
  if (type === "array" && isObject(items)) return answerability(items, depth + 1) === "no" ? "no" : "unknown";
  if (type === "string" && allOf === undefined && schema["$ref"] === undefined) return "no";
  return "unknown";
}

function worst(parts: readonly Answerable[]): Answerable {
  return parts.includes("no") ? "no" : parts.includes("unknown") || parts.length === 0 ? "unknown" : "yes";
}

const isBounded = (schema: { readonly [key: string]: unknown }): boolean =>
  [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ].every((pair) => pair.some((key) => typeof schema[key] === "number"));
