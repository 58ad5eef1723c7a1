import type { PromptRequest } from "../messages/message.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import type { TemplateProgram, TemplateSource } from "../template/expand-template.ts";
import { readPath } from "../template/read-path.ts";
import { MAX_OUTPUT, NoTextError, textOfValue } from "../template/text-of-value.ts";
import { findValueFaults, type TextBounds, textBoundsOf } from "../variables/variable-check.ts";

/** A name that takes a value, with all that a render has to know of it worked out before. */
interface Input {
  /** Whether the template cannot be filled, or must not be, without a value. */
  readonly isRequired: boolean;
  /**
   * UTF-16 units of a text that needs no other check and that the source `only` shows as it is. For an input that has
   * no such source, or more rules, no length lies between the two.
   */
  readonly least: number;
  readonly most: number;
  readonly only: number;
  /** Absent for a name that the template uses and no variable declares. */
  readonly variable: Variable | undefined;
  /** The sources that show the value itself or something in it. */
  readonly sources: readonly number[];
}

/** A compiled template together with the variables that fill it. */
export interface PromptProgram {
  readonly template: TemplateProgram;
  /** By position, with `inputs`. */
  readonly names: readonly string[];
  readonly inputs: readonly Input[];
  /** Of the inputs: `isRequired`, `least`, `most` and `only`, side by side, which is how the loop over the values reads them. */
  readonly bounds: Int32Array;
  readonly indexOf: ReadonlyMap<string, number>;
  /** The source of each slot, or -1 where other slots show it too. */
  readonly order: readonly number[];
  /** What each source shows when its input has no value; undefined where a value is needed. */
  readonly defaults: readonly (string | undefined)[];
  /** UTF-16 units of the literals and the defaults. */
  readonly length: number;
  /** Slots of the source that has the most. */
  readonly mostUses: number;
  /** How many inputs are required. */
  readonly required: number;
  /**
   * True when one look at the finished text finds half a character: literals stand between all slots, else two halves
   * might meet, and none has a character above U+00FF, else the look is a walk through the whole template.
   */
  readonly checksWhole: boolean;
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
  const { literals, sources, slots } = template;
  const defaults = sources.map((source) => defaultText(source, byName.get(source.name)));
  const shown = new Map<string, number[]>();
  sources.forEach(({ artifact, name }, index) => {
    if (!artifact && shown.get(name)?.push(index) === undefined) shown.set(name, [index]);
  });
  const inputs = names.map((name) => createInput(byName.get(name), shown.get(name) ?? [], template, defaults));
  const uses = sources.map(() => 0);
  for (const source of slots) uses[source] = (uses[source] as number) + 1;
  const isPlain =
    byName.size === variables.length && !sources.some(({ artifact }) => artifact) && variables.every(hasSoundDefault);
  return {
    template,
    names,
    inputs,
    // a least length beyond what an Int32Array holds is above every most: then the thorough way decides
    bounds: Int32Array.from(
      inputs.flatMap(({ isRequired, least, most, only }) => [
        Number(isRequired),
        Math.min(least, MAX_OUTPUT + 1),
        most,
        only,
      ]),
    ),
    indexOf: new Map(names.map((name, index) => [name, index])),
    order: slots.map((source) => (uses[source] === 1 ? source : -1)),
    defaults,
    length: slots.reduce((sum, source) => sum + (defaults[source]?.length ?? 0), template.literalLength),
    mostUses: uses.reduce((most, count) => Math.max(most, count), 1),
    required: inputs.filter(({ isRequired }) => isRequired).length,
    checksWhole: literals.every(
      (literal, index) => /^[\0-\xff]*$/.test(literal) && (literal !== "" || index === 0 || index === slots.length),
    ),
    isPlain,
    origin,
  };
}

function createInput(
  variable: Variable | undefined,
  own: readonly number[],
  { sources }: TemplateProgram,
  defaults: PromptProgram["defaults"],
): Input {
  const [only = -1] = own;
  const isDirect = own.length === 1 && sources[only]?.path === undefined;
  const { least, most } = (isDirect && variable !== undefined && textBoundsOf(variable)) || NOTHING_FITS;
  const isDemanded = variable?.required === true && (variable.default ?? undefined) === undefined;
  return {
    isRequired: isDemanded || own.some((source) => defaults[source] === undefined),
    least,
    most: Math.min(most, MAX_OUTPUT),
    only,
    variable,
    sources: own,
  };
}

const NOTHING_FITS: TextBounds = { least: 1, most: 0 };

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
 * then the thorough way renders or says what is wrong. One loop over the values, one over the slots that are left.
 */
export function renderPlainly(
  program: PromptProgram,
  values: { readonly [name: string]: unknown },
): string | undefined {
  if (mayInherit(values)) return undefined;
  const { bounds, names, indexOf, order, checksWhole } = program;
  const { literals, slots } = program.template;
  const { defaults } = program;
  let texts: (string | undefined)[] | undefined;
  let { required } = program;
  let text = literals[0] as string;
  let slot = 0;
  let length = 0;
  let next = 0;
  // the fastest way to read many values, and it meets unknown names as well
  for (const name in values) {
    // callers mostly pass the names in the order in which the pack declares them
    const index = names[next] === name ? next : indexOf.get(name);
    next++;
    if (index === undefined) return undefined;
    const at = 4 * index;
    const value = values[name];
    if (
      typeof value === "string" &&
      value.length >= (bounds[at + 1] as number) &&
      value.length <= (bounds[at + 2] as number) &&
      (checksWhole || value.isWellFormed())
    ) {
      length += value.length;
      if (length > MAX_OUTPUT) return undefined;
      // as long as the template shows the values in this order too, each is touched only once
      const only = bounds[at + 3] as number;
      if (order[slot] === only) {
        text += value;
        text += literals[++slot] as string;
      } else (texts ??= defaults.slice())[only] = value;
    } else {
      texts ??= defaults.slice();
      const written = writeTexts(program.template, program.inputs[index] as Input, value, texts);
      if (written === undefined) return undefined;
      length += written;
    }
    required -= bounds[at] as number;
  }
  // an estimate that is never too low; what may be too long is counted in the thorough way
  if (required > 0 || program.length + length * program.mostUses > MAX_OUTPUT) return undefined;
  const shown = texts ?? defaults;
  while (slot < slots.length) {
    text += shown[slots[slot] as number] as string;
    text += literals[++slot] as string;
  }
  // hostile: half a character cannot be sent as UTF-8; the pack itself was checked when it was read
  return !checksWhole || text.isWellFormed() ? text : undefined;
}

/** hostile: only own keys are values, and a loop over keys is only fast when it need not tell them apart. */
function mayInherit(values: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(values);
  if (prototype === null) return false;
  if (prototype !== Object.prototype) return true;
  for (const _ in Object.prototype) return true;
  return false;
}

/** Checks a value, writes what each source shows of it, and returns the UTF-16 units of that. */
function writeTexts(
  template: TemplateProgram,
  { variable, sources }: Input,
  value: unknown,
  texts: (string | undefined)[],
): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (variable !== undefined && findValueFaults(variable, value).length > 0) return undefined;
  let length = 0;
  for (const index of sources) {
    const path = template.sources[index]?.path;
    const shown = path === undefined ? value : readPath(value, path);
    if (shown === undefined) return undefined;
    try {
      const text = textOfValue(shown);
      if (!text.isWellFormed()) return undefined;
      texts[index] = text;
      length += text.length;
    } catch (error) {
      if (!(error instanceof NoTextError)) throw error;
      return undefined;
    }
  }
  return length;
}
