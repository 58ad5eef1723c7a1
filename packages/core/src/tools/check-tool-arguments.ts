import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic, hasError } from "../diagnostics/report.ts";
import { parseDocument } from "../document/parse-document.ts";
import { isObject, jsonTypeOf, type JsonObject } from "../json/json.ts";
import type { ToolDefinition } from "../messages/message.ts";
import { checkJsonSchema } from "../schema/check-json-schema.ts";
import { issuesOf, type StandardSchema, standardSchema } from "../schema/standard-schema.ts";
import type { Tool } from "../schema/sections/tools.ts";

export interface ToolArgumentsOptions {
  /** Characters of arguments text before LIMIT_EXCEEDED; 1 048 576 when absent. */
  readonly maxLength?: number;
  /** Keyword evaluations before BUDGET_EXCEEDED. */
  readonly maxSteps?: number | undefined;
}

/** A tool that carries the type of its arguments, for the compiler only. */
export type TypedTool<Arguments extends object> = Tool & { readonly "~arguments"?: Arguments };

/** `arguments` is present exactly when no diagnostic is an error. */
export interface CheckedArguments<Arguments extends object = JsonObject> {
  readonly arguments?: Arguments;
  readonly diagnostics: readonly Diagnostic[];
}

const NO_PARAMETERS = Object.freeze({
  type: "object",
  properties: Object.freeze({}),
  additionalProperties: false,
} as const);
const MAX_LENGTH = 1_048_576;

/**
 * Parses arguments that a model wrote with the strict JSON parser and checks them against the tool's parameters,
 * without coercion, repair or defaults. A tool without parameters takes an empty object. Pointers start at the arguments.
 * Source: SPEC 4.3, RULINGS 18.
 */
export function checkToolArguments<Arguments extends object = JsonObject>(
  tool: Pick<TypedTool<Arguments>, "parameters" | "~arguments"> | Pick<ToolDefinition, "parameters">,
  argumentsText: string,
  options: ToolArgumentsOptions = {},
): CheckedArguments<Arguments> {
  const parsed = parseArguments(argumentsText, options) as CheckedArguments<Arguments>;
  if (parsed.arguments === undefined) return parsed;
  const diagnostics = [...parsed.diagnostics, ...checkValue(tool, parsed.arguments, options)];
  return hasError(diagnostics) ? { diagnostics } : { arguments: parsed.arguments, diagnostics };
}

/** Parses arguments that a model wrote; anything but one strict JSON object is refused. */
export function parseArguments(argumentsText: string, options: ToolArgumentsOptions = {}): CheckedArguments {
  const { maxLength = MAX_LENGTH } = options;
  // hostile: a provider hands on what its model made up
  if (typeof argumentsText !== "string") {
    const message = `the arguments are JSON text; found ${jsonTypeOf(argumentsText)}`;
    return { diagnostics: [createDiagnostic("WRONG_TYPE", "", message)] };
  }
  // hostile: the text comes from a model and may be of any size
  if (argumentsText.length > maxLength) {
    const message = `the arguments have ${argumentsText.length} characters; at most ${maxLength} are accepted`;
    return { diagnostics: [createDiagnostic("LIMIT_EXCEEDED", "", message)] };
  }
  const { data, diagnostics } = parseDocument(argumentsText);
  if (hasError(diagnostics)) return { diagnostics };
  if (isObject(data)) return { arguments: data, diagnostics };
  const message = `the arguments are ${jsonTypeOf(data)}; a tool takes a JSON object`;
  return { diagnostics: [...diagnostics, createDiagnostic("WRONG_TYPE", "", message)] };
}

/** Returns the arguments of a tool as a Standard Schema, for values that are parsed already. */
export function toolArgumentsSchema<Arguments extends object = JsonObject>(
  tool: Pick<TypedTool<Arguments>, "parameters" | "~arguments">,
  options: ToolArgumentsOptions = {},
): StandardSchema<unknown, Arguments> {
  return standardSchema((value) => {
    const faults = checkValue(tool, value, options).filter(({ severity }) => severity === "error");
    return faults.length === 0 ? { value: value as Arguments } : issuesOf(faults);
  });
}

/** Returns what a model is told about a tool; one without parameters takes an empty object. */
export function toolDefinition({ name, description, parameters }: Tool): ToolDefinition {
  return { name, description, parameters: (parameters as JsonObject | undefined) ?? NO_PARAMETERS };
}

function checkValue(
  tool: Pick<Tool | ToolDefinition, "parameters">,
  value: unknown,
  { maxSteps }: ToolArgumentsOptions,
): readonly Diagnostic[] {
  return checkJsonSchema(tool.parameters ?? NO_PARAMETERS, value, { maxSteps });
}
