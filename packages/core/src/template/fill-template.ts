import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { isObject } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import { MAX_FAULTS, TOO_MANY_FAULTS, type TemplateProgram, type TemplateSource } from "./expand-template.ts";
import { readPath } from "./read-path.ts";
import { MAX_OUTPUT, NoTextError, textOfValue } from "./text-of-value.ts";

export interface FillOptions {
  readonly values: { readonly [name: string]: unknown };
  /** By name; an artifact that is not set is empty text. */
  readonly artifacts?: unknown;
  readonly missing: "error" | "empty" | "keep" | undefined;
  /** True for a name whose absence is no fault of the template: optional, or already reported. */
  readonly isSettled?: (name: string) => boolean;
}

/** Returns the text of a program for checked values, and what could not be filled in. Source: RULINGS 9, 10, 12. */
export function fillTemplate(
  program: TemplateProgram,
  options: FillOptions,
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const texts = program.sources.map((source) =>
    diagnostics.length < MAX_FAULTS ? textOfSource(source, options, diagnostics) : "",
  );
  if (diagnostics.length >= MAX_FAULTS) diagnostics.push(createDiagnostic("LIMIT_EXCEEDED", "", TOO_MANY_FAULTS));
  let length = program.literalLength;
  for (const slot of program.slots) length += texts[slot]?.length ?? 0;
  if (length > MAX_OUTPUT) {
    const message = `the text would have ${length} characters; ${MAX_OUTPUT} are allowed`;
    diagnostics.push(createDiagnostic("OUTPUT_TOO_LARGE", "", message));
  }
  return { text: diagnostics.length > 0 ? "" : joinProgram(program, texts), diagnostics };
}

/** Returns the literals of a program with a text for each source between them. */
export function joinProgram({ literals, slots }: TemplateProgram, texts: readonly (string | undefined)[]): string {
  let text = literals[0] as string;
  for (let index = 0; index < slots.length; index++) {
    text += texts[slots[index] as number] as string;
    text += literals[index + 1] as string;
  }
  return text;
}

function textOfSource(source: TemplateSource, options: FillOptions, diagnostics: Diagnostic[]): string {
  // hostile: a value may be anything, and only own properties of objects are names
  const root = readPath(source.artifact ? options.artifacts : options.values, [source.name]);
  const value = source.path === undefined ? root : readPath(root, source.path);
  const pointer = appendPointer(source.artifact ? "/artifacts" : "", source.name);
  if (value === undefined || value === null) {
    if (source.artifact) return "";
    const fault = findFault(source, root, value, options);
    if (fault === undefined) return "";
    if (options.missing === "keep") return source.tag;
    if (options.missing !== "empty") diagnostics.push(fault);
    return "";
  }
  try {
    const text = textOfValue(value);
    if (text.isWellFormed()) return text;
    const message = `the value of ${quoteName(source.text)} holds a lone surrogate, which UTF-8 cannot carry`;
    diagnostics.push(createDiagnostic("LONE_SURROGATE", pointer, message));
  } catch (error) {
    if (!(error instanceof NoTextError)) throw error;
    const message = `the value of ${quoteName(source.text)} has no text: ${error.message}`;
    diagnostics.push(createDiagnostic("UNPRINTABLE_VALUE", pointer, message));
  }
  return "";
}

function findFault(
  source: TemplateSource,
  root: unknown,
  value: unknown,
  options: FillOptions,
): Diagnostic | undefined {
  const { name, path, text } = source;
  if (root === undefined || root === null) {
    if (options.isSettled?.(name) === true) return undefined;
    const message = `the template uses ${quoteName(text)}, which no variable declares and which has no value`;
    return createDiagnostic(
      "UNDEFINED_VARIABLE",
      appendPointer("", name),
      message,
      didYouMean(name, Object.keys(options.values)),
    );
  }
  // null at the end of a path is an absent value and not a wrong path
  if (value === null) return undefined;
  const message = `the path ${quoteName(text)} leads nowhere in the value of ${quoteName(name)}`;
  const first = path?.[0];
  const hint = typeof first === "string" && isObject(root) ? didYouMean(first, Object.keys(root)) : {};
  return createDiagnostic("UNKNOWN_PATH", appendPointer("", name), message, hint);
}
