import type { PromptRequest } from "../messages/message.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import type { TemplateProgram, TemplateSource } from "../template/expand-template.ts";
import { readPath } from "../template/read-path.ts";
import { MAX_OUTPUT, NoTextError, textOfValue } from "../template/text-of-value.ts";
import { findValueFaults, type TextBounds, textBoundsOf } from "../variables/variable-check.ts";

/** A name that takes a value, with all that a render has to know of it worked out before. */
interface Input {
  /** Absent for a name that the template uses and no variable declares. */
  readonly variable: Variable | undefined;
  readonly required: boolean;
  /** Present when a text within these lengths needs no other check. */
  readonly bounds: TextBounds | undefined;
  /** The sources that show the value itself or something in it. */
  readonly sources: readonly number[];
  /** The one source that shows the value itself, when there is no other; else -1. */
  readonly only: number;
}

/** A compiled template together with the variables that fill it. */
export interface PromptProgram {
  readonly template: TemplateProgram;
  /** By position, with `inputs`. */
  readonly names: readonly string[];
  readonly inputs: readonly Input[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** What each source shows when its input has no value; undefined where a value is needed. */
  readonly defaults: readonly (string | undefined)[];
  readonly required: number;
  /** False when only the thorough way can render: a default that fails, an artifact, a name declared twice. */
  readonly isPlain: boolean;
  /** What every request says of its origin. */
  readonly origin: Pick<PromptRequest, "pack" | "prompt">;
}

/** Returns the program that renders a template for these variables. Source: R072. */
export function createPromptProgram(
  template: TemplateProgram,
  variables: readonly Variable[],
  origin: PromptProgram["origin"],
): PromptProgram {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const distinct = new Set([
    ...byName.keys(),
    ...template.sources.flatMap(({ artifact, name }) => (artifact ? [] : [name])),
  ]);
  const names = [...distinct];
  const inputs = names.map((name) => createInput(name, byName.get(name), template));
  const isPlain =
    byName.size === variables.length &&
    !template.sources.some(({ artifact }) => artifact) &&
    variables.every(hasSoundDefault);
  return {
    template,
    names,
    inputs,
    indexOf: new Map(names.map((name, index) => [name, index])),
    defaults: template.sources.map((source) => defaultText(source, byName.get(source.name))),
    required: inputs.filter(({ required }) => required).length,
    isPlain,
    origin,
  };
}

function createInput(name: string, variable: Variable | undefined, { sources }: TemplateProgram): Input {
  const indexes = sources.flatMap((source, index) => (source.name === name && !source.artifact ? [index] : []));
  const only = indexes.length === 1 && sources[indexes[0] ?? 0]?.path === undefined ? (indexes[0] ?? -1) : -1;
  return {
    variable,
    required: variable === undefined || (variable.required && (variable.default ?? undefined) === undefined),
    bounds: variable === undefined ? undefined : textBoundsOf(variable),
    sources: indexes,
    only,
  };
}

function hasSoundDefault(variable: Variable): boolean {
  const fallback = variable.default ?? undefined;
  return fallback === undefined || findValueFaults(variable, fallback).length === 0;
}

function defaultText({ path }: TemplateSource, variable: Variable | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const fallback = variable.default ?? undefined;
  if (fallback === undefined) return variable.required ? undefined : "";
  const value = path === undefined ? fallback : readPath(fallback, path);
  return value === undefined ? undefined : textOfValue(value);
}

/**
 * Returns the text for values that are all given, declared and valid, or undefined as soon as anything is not so:
 * then the thorough way renders or says what is wrong. One loop over the values, one over the slots.
 */
export function renderPlainly(
  program: PromptProgram,
  values: { readonly [name: string]: unknown },
): string | undefined {
  const { template, inputs, names, indexOf } = program;
  const texts = program.defaults.slice();
  let missing = program.required;
  if (mayInherit(values)) return undefined;
  let next = 0;
  for (const name in values) {
    // callers mostly pass the names in the order in which the pack declares them
    const index = names[next] === name ? next : indexOf.get(name);
    next++;
    if (index === undefined) return undefined;
    const input = inputs[index] as Input;
    const value = values[name];
    const { bounds } = input;
    const isShort =
      bounds !== undefined && typeof value === "string" && value.length >= bounds.least && value.length <= bounds.most;
    if (!isShort) {
      if (value === null || value === undefined) return undefined;
      if (input.variable !== undefined && findValueFaults(input.variable, value).length > 0) return undefined;
    }
    if (input.required) missing--;
    if (input.only >= 0 && typeof value === "string") texts[input.only] = value;
    else if (!writeTexts(template, input, value, texts)) return undefined;
  }
  if (missing > 0) return undefined;
  const { literals, slots } = template;
  let text = literals[0] as string;
  for (let slot = 0; slot < slots.length; slot++) {
    const shown = texts[slots[slot] as number];
    if (shown === undefined || text.length > MAX_OUTPUT) return undefined;
    text += shown;
    text += literals[slot + 1] as string;
  }
  // hostile: half a character cannot be sent as UTF-8; the pack itself was checked when it was read
  return text.length <= MAX_OUTPUT && text.isWellFormed() ? text : undefined;
}

/** hostile: only own keys are values, and a loop over keys is only fast when it need not tell them apart. */
function mayInherit(values: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(values);
  if (prototype === null) return false;
  if (prototype !== Object.prototype) return true;
  for (const _ in Object.prototype) return true;
  return false;
}

function writeTexts(template: TemplateProgram, input: Input, value: unknown, texts: (string | undefined)[]): boolean {
  for (const index of input.sources) {
    const path = template.sources[index]?.path;
    const shown = path === undefined ? value : readPath(value, path);
    if (shown === undefined) return false;
    try {
      texts[index] = textOfValue(shown);
    } catch (error) {
      if (!(error instanceof NoTextError)) throw error;
      return false;
    }
  }
  return true;
}
