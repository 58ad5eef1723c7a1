import type { TextRange } from "../diagnostics/diagnostic.ts";
import { asText, isObject, type JsonValue } from "../json/json.ts";
import { readPath } from "../template/read-path.ts";

/** A `${...}` reference: to the composition's input, or to the output of a step, and a path into it. */
export interface Reference {
  /** The step whose output is meant; undefined means the composition's input. */
  readonly step: string | undefined;
  /** A name is a key of an object, a number an index of an array. */
  readonly path: readonly (string | number)[];
  /** As written, with `${` and `}`. */
  readonly source: string;
  readonly range: TextRange;
}

/** What stands between `${` and `}` but is no reference. */
export interface ReferenceFault {
  readonly fault: string;
  readonly source: string;
  readonly range: TextRange;
}

/** The values that references can reach. */
export interface ReferenceScope {
  readonly input: JsonValue;
  /** Returns the output of a finished step, or undefined when there is none. */
  output(step: string): JsonValue | undefined;
}

/** A reference that leads nowhere, or a text that grew too large. */
export interface ResolveFault {
  readonly reference: Reference;
  /** Where in the value the text stands. */
  readonly path: readonly (string | number)[];
  readonly fault: "missing" | "too long";
}

// a function, because properties of characters take long to look up, and few packs have references
const grammar = (): RegExp => /^(?:input|([A-Za-z_][A-Za-z0-9_]*)\.output)((?:\.[\p{L}\p{N}_-]+|\[\d{1,9}\])*)$/u;
const SEGMENT = /\.([^.[]+)|\[(\d+)\]/gu;
const MAX_REFERENCE = 1024;
const MAX_PATH = 64;
const MAX_TEXT = 4 * 1024 * 1024;

/** Returns the literal texts, references and faults of a text, in order. Source: SPEC 4.8, R252-R254. */
export function parseReferences(text: string): readonly (string | Reference | ReferenceFault)[] {
  const parts: (string | Reference | ReferenceFault)[] = [];
  let end = 0;
  for (let start = text.indexOf("${"); start !== -1; start = text.indexOf("${", end)) {
    if (start > end) parts.push(text.slice(end, start));
    const close = text.indexOf("}", start);
    end = close === -1 ? text.length : close + 1;
    parts.push(parseOne(text.slice(start, end), { start, end }));
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** Returns the reference when the text is exactly one. */
export function exactReference(text: string): Reference | undefined {
  if (!text.startsWith("${")) return undefined;
  const [part, ...more] = parseReferences(text);
  return more.length === 0 && isReference(part) ? part : undefined;
}

export function isReference(part: string | Reference | ReferenceFault | undefined): part is Reference {
  return typeof part === "object" && !("fault" in part);
}

/** Calls back for every string inside a value, at any depth, that may hold a reference. */
export function eachReferenceText(
  value: unknown,
  visit: (text: string, path: readonly (string | number)[]) => void,
  path: readonly (string | number)[] = [],
): void {
  if (typeof value === "string") {
    if (value.includes("${")) visit(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => eachReferenceText(item, visit, [...path, index]));
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) eachReferenceText(value[key], visit, [...path, key]);
  }
}

/** Returns the value that a reference leads to, or undefined. Only own members count, whatever their names. */
export function resolveReference(reference: Reference, scope: ReferenceScope): JsonValue | undefined {
  const value = reference.step === undefined ? scope.input : scope.output(reference.step);
  return readPath(value, reference.path) as JsonValue | undefined;
}

/**
 * Returns the value with every reference replaced: a string that is exactly one reference takes the type of
 * what it leads to, inside a text it becomes text (RULINGS 12).
 */
export function resolveReferences(
  value: JsonValue,
  scope: ReferenceScope,
): { readonly value: JsonValue } | ResolveFault {
  let found: ResolveFault | undefined;
  const valueAt = (reference: Reference, path: readonly (string | number)[]): JsonValue => {
    const target = resolveReference(reference, scope);
    if (target === undefined) found ??= { reference, path, fault: "missing" };
    return target ?? null;
  };
  const resolveText = (text: string, path: readonly (string | number)[]): JsonValue => {
    const only = exactReference(text);
    if (only !== undefined) return valueAt(only, path);
    let resolved = "";
    for (const part of parseReferences(text)) {
      if (!isReference(part)) resolved += typeof part === "string" ? part : part.source;
      else {
        // hostile: many references to one long value
        if (resolved.length <= MAX_TEXT) resolved += textOf(valueAt(part, path));
        if (resolved.length > MAX_TEXT) found ??= { reference: part, path, fault: "too long" };
      }
    }
    return resolved;
  };
  const resolve = (item: JsonValue, path: readonly (string | number)[]): JsonValue => {
    if (typeof item === "string") return item.includes("${") ? resolveText(item, path) : item;
    if (Array.isArray(item)) return item.map((entry: JsonValue, index) => resolve(entry, [...path, index]));
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, entry]) => [key, resolve(entry, [...path, key])]));
  };
  const resolved = resolve(value, []);
  return found ?? { value: resolved };
}

/** Returns a value as a model reads it: text as it is, null as empty text, all else as compact JSON (RULINGS 12). */
export function textOf(value: JsonValue): string {
  return value === null ? "" : asText(value);
}

function parseOne(source: string, range: TextRange): Reference | ReferenceFault {
  if (!source.endsWith("}")) return { fault: "it has no closing }", source, range };
  if (source.length > MAX_REFERENCE) return { fault: `it is longer than ${MAX_REFERENCE} characters`, source, range };
  const match = grammar().exec(source.slice(2, -1));
  if (match === null) return { fault: "expected input or <step>.output, then .name or [index]", source, range };
  const path = Array.from(match[2]?.matchAll(SEGMENT) ?? [], ([, name, index]) => name ?? Number(index));
  if (path.length > MAX_PATH) return { fault: `its path has more than ${MAX_PATH} parts`, source, range };
  return { step: match[1], path, source, range };
}
