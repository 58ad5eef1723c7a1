import { copyJson } from "../json/copy-json.ts";
import { asText, jsonTypeOf, type JsonValue } from "../json/json.ts";
import type { ArtifactDef } from "../schema/sections/workflow.ts";

/** Returns whether a MIME type says that values are JSON. */
export function isJsonType(type: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(type);
}

/**
 * Returns an artifact's value after a write, or why the write is refused. In append mode JSON values become an
 * array and texts are joined with a newline; every other type holds text. Source: SPEC 4.7, R208.
 */
export function writeArtifact(
  definition: ArtifactDef,
  before: JsonValue | undefined,
  written: JsonValue,
  maxLength: number,
): { readonly value: JsonValue } | { readonly fault: string } {
  const isJson = isJsonType(definition.type);
  if (!isJson && typeof written !== "string") {
    return { fault: `${definition.type} holds text, found ${jsonTypeOf(written)}` };
  }
  const joined = definition.mode === "append" ? append(before, written, isJson) : written;
  // hostile: a model in a loop appends for ever
  const copied = copyJson(joined, maxLength);
  if ("fault" in copied) return copied;
  const { length } = asText(joined);
  return length > maxLength ? { fault: `it has ${length} characters of ${maxLength} allowed` } : copied;
}

function append(before: JsonValue | undefined, written: JsonValue, isJson: boolean): JsonValue {
  if (isJson)
    return before === undefined ? [written] : Array.isArray(before) ? [...before, written] : [before, written];
  if (before === undefined) return written;
  // Another state may have declared the same slot as JSON.
  return `${asText(before)}\n${asText(written)}`;
}
