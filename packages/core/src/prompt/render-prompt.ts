import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { InputError } from "../diagnostics/errors.ts";
import { isObject } from "../json/json.ts";
import type { ContentPart, Message, PromptRequest } from "../messages/message.ts";
import { fillTemplate } from "../template/fill-template.ts";
import { checkVariables, type CheckVariablesOptions } from "../variables/check-variables.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import { renderPlainly } from "./prompt-program.ts";

export interface RenderOptions extends Omit<CheckVariablesOptions, "used"> {
  /** The conversation so far; it is passed on as it is. */
  readonly messages?: readonly Message[];
  /** A new message of the user, after the conversation; passed on as it is: checkMediaParts checks parts, and comes first. */
  readonly user?: string | readonly ContentPart[];
  /** Artifacts of the workflow by name; one that is not set is empty text. */
  readonly artifacts?: { readonly [name: string]: unknown };
  /** Values that the call site provides: `input` in a composition step, `workflow_context` in a workflow state. */
  readonly implicit?: { readonly [name: string]: unknown };
  /** What a tag without a value becomes: an error (the default), nothing, or itself. */
  readonly missing?: "error" | "empty" | "keep";
  /** Digest of the pack, for the record. */
  readonly digest?: string;
}

/** Variables may be left out where none is required. */
export type RenderArguments<Variables extends object> = {} extends Variables
  ? [variables?: Variables, options?: RenderOptions]
  : [variables: Variables, options?: RenderOptions];

/**
 * Returns everything that a model needs for one call. Values are checked, put in once and never scanned for tags.
 * Source: SPEC 4.1, 4.2, RULINGS 9-12, 14-16.
 *
 * @throws {InputError} every bad variable at once: MISSING_VARIABLE, UNDEFINED_VARIABLE, UNKNOWN_VARIABLE, UNKNOWN_PATH,
 *   WRONG_VARIABLE_TYPE, TOO_SHORT, TOO_LONG, PATTERN_MISMATCH, TOO_SMALL, TOO_LARGE, NOT_IN_ENUM, REFUSED_BY_SCHEMA,
 *   BOUND_VARIABLE, UNPRINTABLE_VALUE, LONE_SURROGATE, OUTPUT_TOO_LARGE
 * @throws {TypeError} when the prompt is not compiled, the variables are no object or a schema is asynchronous
 */
export function renderPrompt<Variables extends object = Record<string, unknown>>(
  compiled: CompiledPrompt<Variables>,
  ...given: RenderArguments<Variables>
): PromptRequest;
export function renderPrompt(
  compiled: AnyPrompt,
  variables?: object,
  options: RenderOptions = NO_OPTIONS,
): PromptRequest {
  if (compiled?.program === undefined) throw new TypeError("renderPrompt takes what compilePrompt returns");
  const values = (variables ?? NOTHING) as { readonly [name: string]: unknown };
  if (!isObject(values)) throw new TypeError("variables must be an object that has their names as keys");
  const isPlain = compiled.program.isPlain && asksNothingOfValues(options);
  const system =
    (isPlain ? renderPlainly(compiled.program, values) : undefined) ?? renderThoroughly(compiled, values, options);
  return createRequest(compiled, system, options);
}

type AnyPrompt = Omit<CompiledPrompt, "input">;

const NOTHING = Object.freeze({});
const NO_OPTIONS: RenderOptions = Object.freeze({});
const NO_MESSAGES: readonly Message[] = Object.freeze([]);

function asksNothingOfValues(options: RenderOptions): boolean {
  return (
    options.coerce === undefined &&
    options.bindings === undefined &&
    options.schema === undefined &&
    options.schemas === undefined &&
    options.implicit === undefined
  );
}

/** The whole way: bindings, coercion, every fault. */
function renderThoroughly(
  { program, variables, undeclared }: AnyPrompt,
  given: { readonly [name: string]: unknown },
  options: RenderOptions,
): string {
  const { artifacts, implicit, missing } = options;
  const isLax = missing === "empty" || missing === "keep";
  const checked = checkVariables(variables, given, { ...options, used: undeclared });
  const diagnostics: Diagnostic[] = checked.diagnostics.filter(({ code }) => code !== "MISSING_VARIABLE" || !isLax);
  // in the strict mode the check of a required variable has spoken for it
  const settled = new Set(variables.flatMap(({ name, required }) => (required && isLax ? [] : [name])));
  const values: { [name: string]: unknown } = Object.assign(
    Object.create(null),
    onlyUsed(implicit, undeclared),
    checked.values,
  );
  const filled = fillTemplate(program.template, { values, artifacts, missing, isSettled: (name) => settled.has(name) });
  diagnostics.push(...filled.diagnostics);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return filled.text;
}

function onlyUsed(values: RenderOptions["implicit"], used: readonly string[]): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([name]) => used.includes(name)));
}

function createRequest(
  { tools, toolChoice, parameters, model, program: { origin } }: AnyPrompt,
  system: string,
  { user, messages = NO_MESSAGES, digest }: RenderOptions,
): PromptRequest {
  const all = user === undefined ? messages : [...messages, { role: "user" as const, content: user }];
  const pack = digest === undefined ? origin.pack : { ...origin.pack, digest };
  const { prompt } = origin;
  // two literals, because a spread costs more than the rest of the request
  return model === undefined
    ? { system, messages: all, tools, toolChoice, parameters, pack, prompt }
    : { system, messages: all, tools, toolChoice, parameters, pack, prompt, model };
}
