import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonValue } from "../json/json.ts";

export interface JsonSchemaOptions {
  /** Prefix of every pointer in the result. */
  readonly pointer?: string;
  /** Keyword evaluations before BUDGET_EXCEEDED; 50 000 when absent. */
  readonly maxSteps?: number;
}

/** A JSON Schema (draft 2020-12): an object of keywords, or true or false. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/**
 * Checks a value against a JSON Schema and returns every fault; an empty list means that it is valid.
 * Interprets the schema without code generation and never fetches a reference.
 */
export function checkJsonSchema(
  _schema: JsonSchema,
  _value: unknown,
  _options: JsonSchemaOptions = {},
): readonly Diagnostic[] {
  throw new TypeError("under construction");
}

/** Returns what is wrong with a schema itself: unknown types, broken patterns, remote references. */
export function checkSchemaItself(_schema: JsonValue, _pointer = ""): readonly Diagnostic[] {
  throw new TypeError("under construction");
}
