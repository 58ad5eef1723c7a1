import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, unknownName } from "../diagnostics/suggest.ts";
import { isObject } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import type { StandardSchema } from "../schema/standard-schema.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { coerceValue } from "./coerce-value.ts";
import { type Bindings, resolveBinding } from "./resolve-binding.ts";
import { runSchema } from "./run-schema.ts";
import { findValueFaults } from "./variable-check.ts";

export interface CheckVariablesOptions {
  /** "lossless" turns text into numbers and booleans and back where nothing is lost; without it types are strict. */
  readonly coerce?: "lossless";
  /** What a value that no variable declares is: an error (the default), or left out of the result. */
  readonly extra?: "error" | "ignore";
  /** Names that are no extra values although no variable declares them; they stay in the result. */
  readonly used?: readonly string[];
  /** What variables with a binding may be taken from; without it nothing is bound. */
  readonly bindings?: Bindings;
  /** Further checks by variable name, run when the variable's own rules hold; their output is the value. */
  readonly schemas?: { readonly [variable: string]: StandardSchema };
  /** A further check of all values together, run when everything else holds; its output is the result. */
  readonly schema?: StandardSchema;
}

/** `values` has no prototype: every declared variable with a value, given, bound or default, under its own name. */
export interface CheckedVariables {
  readonly values: { readonly [name: string]: unknown };
  /** Every fault of every value; pointers are `/name`. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks values against the definitions of variables and fills in bindings and defaults; null is no value.
 * Source: SPEC 4.2, R048-R058, R063, RULINGS 10, 11, 14-16.
 *
 * @throws {TypeError} when `values` is no object or a schema is asynchronous
 */
export function checkVariables(
  definitions: readonly Variable[],
  values: { readonly [name: string]: unknown },
  options: CheckVariablesOptions = {},
): CheckedVariables {
  if (!isObject(values)) throw new TypeError("values must be an object that has their names as keys");
  const checked = Object.create(null) as { [name: string]: unknown };
  const diagnostics: Diagnostic[] = [];
  for (const definition of definitions) checkVariable(definition, values, options, checked, diagnostics);
  checkExtra(definitions, values, options, checked, diagnostics);
  if (options.schema === undefined || diagnostics.length > 0) return { values: checked, diagnostics };

  const result = runSchema(options.schema, checked, "");
  if (result.diagnostics !== undefined) return { values: checked, diagnostics: result.diagnostics };
  if (!isObject(result.value)) throw new TypeError("the schema of all values must return an object");
  return { values: result.value, diagnostics };
}

function checkVariable(
  definition: Variable,
  given: { readonly [name: string]: unknown },
  options: CheckVariablesOptions,
  checked: { [name: string]: unknown },
  diagnostics: Diagnostic[],
): void {
  const { name, type } = definition;
  const pointer = appendPointer("", name);
  const candidate = findCandidate(definition, given, options);
  if (candidate.fault !== undefined) diagnostics.push(candidate.fault);
  if (candidate.value === undefined) return;

  const value = options.coerce === "lossless" ? coerceValue(type, candidate.value) : candidate.value;
  const faults = findValueFaults(definition, value);
  for (const { code, message } of faults) {
    diagnostics.push(createDiagnostic(code, pointer, `the variable ${quoteName(name)}: ${message}`));
  }
  if (faults.length > 0) return;
  const schema =
    options.schemas !== undefined && Object.hasOwn(options.schemas, name) ? options.schemas[name] : undefined;
  const result = schema === undefined ? { value } : runSchema(schema, value, pointer);
  if (result.diagnostics === undefined) checked[name] = result.value;
  else diagnostics.push(...result.diagnostics);
}

interface Candidate {
  /** Undefined when there is none. */
  readonly value?: unknown;
  readonly fault?: Diagnostic;
}

/** Returns the value of the caller, of the binding or of the default, in this order; a bound value may not be replaced. */
function findCandidate(
  { name, type, required, default: fallback, binding }: Variable,
  given: { readonly [name: string]: unknown },
  { bindings }: CheckVariablesOptions,
): Candidate {
  const pointer = appendPointer("", name);
  const own = Object.hasOwn(given, name) ? (given[name] ?? undefined) : undefined;
  const bound =
    binding?.auto_populate === true && bindings !== undefined ? resolveBinding(binding, bindings) : undefined;
  if (bound !== undefined && "value" in bound) {
    if (own === undefined || own === bound.value) return { value: bound.value };
    // hostile: a caller must not take another identity than the session's
    const message = `the variable ${quoteName(name)} is bound by the host; another value was passed`;
    return { fault: createDiagnostic("BOUND_VARIABLE", pointer, message) };
  }
  if (own !== undefined) return { value: own };
  if (bound?.isUnknownFilter === true) {
    const message = `the variable ${quoteName(name)} cannot be bound: ${bound.refusal}`;
    return { fault: createDiagnostic("UNKNOWN_FILTER", pointer, message) };
  }
  if (fallback !== undefined && fallback !== null) return { value: fallback };
  if (!required) return {};
  const reason = bound === undefined ? "" : ` and cannot be bound: ${bound.refusal}`;
  const message = `the required variable ${quoteName(name)} (${quoteName(type)}) has no value${reason}`;
  return { fault: createDiagnostic("MISSING_VARIABLE", pointer, message) };
}

function checkExtra(
  definitions: readonly Variable[],
  given: { readonly [name: string]: unknown },
  { extra, used = [] }: CheckVariablesOptions,
  checked: { [name: string]: unknown },
  diagnostics: Diagnostic[],
): void {
  const declared = new Set(definitions.map((definition) => definition.name));
  const undeclared = new Set(used);
  for (const name of Object.keys(given)) {
    if (declared.has(name)) continue;
    if (undeclared.has(name)) checked[name] = given[name];
    else if (extra !== "ignore") {
      const known = [...declared, ...undeclared];
      const [message] = unknownName("variable", name, known);
      const absent = known.filter((candidate) => !Object.hasOwn(given, candidate));
      diagnostics.push(
        createDiagnostic("UNKNOWN_VARIABLE", appendPointer("", name), message, didYouMean(name, absent)),
      );
    }
  }
}
