import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { appendPointer } from "../json/pointer.ts";
import type { StandardIssue, StandardSchema } from "../schema/standard-schema.ts";
import { printable } from "../diagnostics/printable.ts";

/**
 * Returns what a Standard Schema makes of a value, or its issues as diagnostics.
 * @throws {TypeError} when the schema answers with a promise
 */
export function runSchema(
  schema: StandardSchema,
  value: unknown,
  pointer: string,
): { readonly value?: unknown; readonly diagnostics?: readonly Diagnostic[] } {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new TypeError(
      "the schema is asynchronous, and variables are checked without waiting: await it before rendering",
    );
  }
  if (result.issues === undefined) return { value: result.value };
  return { diagnostics: result.issues.map((issue) => diagnosticOf(issue, pointer, schema["~standard"].vendor)) };
}

function diagnosticOf(issue: StandardIssue, pointer: string, vendor: string): Diagnostic {
  const place = (issue.path ?? []).reduce<string>((path, step) => {
    const key = typeof step === "object" ? step.key : step;
    return appendPointer(path, typeof key === "number" ? key : String(key));
  }, pointer);
  return createDiagnostic("REFUSED_BY_SCHEMA", place, printable(`${vendor}: ${issue.message}`));
}
