import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isObject } from "../json/json.ts";
import { evaluate } from "./json-schema/evaluate.ts";
import { type Evaluation, SchemaFault } from "./json-schema/evaluation.ts";
import { indexSchema, type JsonSchema } from "./json-schema/schema-index.ts";

export interface JsonSchemaOptions {
  /** Prefix of every pointer in the result; "" when absent. */
  readonly pointer?: string;
  /** Evaluations of a schema before BUDGET_EXCEEDED; 50 000 when absent. */
  readonly maxSteps?: number | undefined;
  /** Checks the formats date, date-time and uri; annotations only when absent, as draft 2020-12 has it. */
  readonly assertFormats?: boolean;
}

/**
 * Checks a value against a JSON Schema (draft 2020-12) and returns every fault; an empty list means that it is valid.
 * Interprets the schema without code generation, within a step budget, with patterns in RE2 syntax, and never fetches
 * a reference. A schema that cannot be evaluated fails the value with INVALID_SCHEMA, REMOTE_REFERENCE or BUDGET_EXCEEDED.
 */
export function checkJsonSchema(
  schema: JsonSchema,
  value: unknown,
  options: JsonSchemaOptions = {},
): readonly Diagnostic[] {
  const { findings, report } = collectFindings();
  reportSchemaFaults(schema, value, report, options);
  return findings.map(({ diagnostic }) => diagnostic);
}

/** Does what checkJsonSchema does, and reports instead of returning. */
export function reportSchemaFaults(
  schema: JsonSchema,
  value: unknown,
  report: Report,
  { pointer = "", maxSteps = 50_000, assertFormats = false }: JsonSchemaOptions = {},
): void {
  try {
    const run: Evaluation = {
      evaluate,
      index: indexSchema(isObject(schema) ? schema : {}),
      assertFormats,
      basePointer: pointer,
      report,
      stepsLeft: maxSteps,
      verdicts: new Map(),
      active: new Map(),
      scope: [],
      shapes: [],
    };
    evaluate(run, schema, value, undefined);
  } catch (error) {
    // hostile: a value nested deeper than the stack, or that JSON cannot hold; parsed packs have none, but host values can
    const { code, message } =
      error instanceof SchemaFault
        ? error
        : ({ code: "BUDGET_EXCEEDED", message: "the value or the schema is too deep, or not JSON" } as const);
    report(code, pointer, message);
  }
}

export type { JsonSchema } from "./json-schema/schema-index.ts";
