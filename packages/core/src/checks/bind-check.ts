import { appendPointer } from "../json/pointer.ts";
import { isObject, jsonTypeOf, type JsonObject, type JsonValue } from "../json/json.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { checkSchemaItself } from "../schema/check-schema-itself.ts";
import { compilePattern, isPatternFault } from "../schema/pattern.ts";
import {
  type Check,
  type CheckOptions,
  type CheckType,
  type Measurement,
  type ParamKind,
  type Params,
  verdict,
} from "./check.ts";
import { checkTypes } from "./check-types.ts";
import { foldText } from "./words/fold-text.ts";

/** What is wrong with the parameters of a check; the pointer starts at `params`. */
export interface ParamFault {
  readonly code: DiagnosticCode;
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}

// Read by guardrails, evals and wrappers of every type.
const COMMON = ["message", "direction", "min_score", "max_score", "provider", "eval_type", "eval_params", "action"];
const WRAPPERS = new Set(["assertion", "guardrail"]);

/** Returns whether we can measure the type without the host. */
export function isCheckType(type: string): boolean {
  return checkTypes.has(type) || WRAPPERS.has(type);
}

/** Returns whether we can measure the type on a text alone, so that it can guard a response. */
export function canGuard(type: string): boolean {
  return checkTypes.get(type)?.guards ?? WRAPPERS.has(type);
}

/** Returns the names of all types that we can measure, for suggestions. */
export function checkTypeNames(): readonly string[] {
  return [...checkTypes.keys(), ...WRAPPERS];
}

/** Returns the type that really measures: the inner one of a wrapper. */
function unwrap(type: string, params: JsonObject): readonly [string, JsonObject] {
  if (!WRAPPERS.has(type)) return [type, params];
  const { eval_type: inner, eval_params: own } = params;
  return [typeof inner === "string" ? inner : "", isObject(own) ? (own as JsonObject) : {}];
}

/** Returns whether eachParamFault has certainly nothing to report; false is no fault yet, only a doubt. */
export function areCertainlyParams(type: string, params: JsonObject = {}): boolean {
  const known = checkTypes.get(type);
  if (known === undefined) return false;
  const readable = readableParams(type, known);
  for (const key in params) {
    const kind = readable.get(key)?.kind;
    if (kind === undefined ? !COMMON.includes(key) : !isCertainlyOfKind(kind, params[key] as JsonValue)) return false;
  }
  const needs = known.needs ?? [];
  for (let index = 0; index < needs.length; index++) if (!hasOneOf(needs[index] ?? [], params, readable)) return false;
  return true;
}

function hasOneOf(names: readonly string[], params: JsonObject, readable: Readable): boolean {
  for (const key in params) {
    const name = readable.get(key)?.name;
    if (name !== undefined && names.includes(name)) return true;
  }
  return false;
}

type Readable = ReadonlyMap<string, { readonly name: string; readonly kind: ParamKind }>;
const readableOf = new Map<string, Readable>();

/** Returns the params of a known type under each of their spellings; made once for each type. */
function readableParams(type: string, { params, spellings = {} }: CheckType): Readable {
  const made = readableOf.get(type);
  if (made !== undefined) return made;
  const names = [...Object.keys(params).map((name) => [name, name] as const), ...Object.entries(spellings)];
  const readable = new Map(names.map(([key, name]) => [key, { name, kind: params[name] as ParamKind }]));
  readableOf.set(type, readable);
  return readable;
}

function isCertainlyOfKind(kind: ParamKind, value: JsonValue): boolean {
  // null is a flag that is absent, and may be the one that is needed
  if (value === null || !isOfKind(kind, value)) return false;
  switch (kind) {
    case "pattern":
      return !isPatternFault(compilePattern(value as string));
    case "words":
      // a text that starts in ASCII has something to be found by
      return (
        (value as readonly string[]).length > 0 &&
        (value as readonly string[]).every((word) => word.charCodeAt(0) < 128)
      );
    case "patterns":
    case "schema":
      return false;
    default:
      return true;
  }
}

/** Calls `report` with everything that is wrong with the parameters of a known type. Source: RULINGS 3, 20, 21. */
export function eachParamFault(
  type: string,
  params: JsonObject | undefined,
  report: (fault: ParamFault) => void,
): void {
  if (areCertainlyParams(type, params)) return;
  const [inner, own] = unwrap(type, params ?? {});
  const at = inner === type ? "/params" : "/params/eval_params";
  const known = checkTypes.get(inner);
  if (known === undefined) {
    if (WRAPPERS.has(type))
      report({
        code: "MISSING_CHECK_PARAM",
        pointer: "",
        message: `"${type}" needs eval_type, the name of a type of check`,
      });
    return;
  }
  const bound = canonical(known, own);
  for (const group of known.needs ?? []) {
    if (group.some((name) => Object.hasOwn(bound, name))) continue;
    const names = listNames(group.flatMap((name) => [name, ...spellingsOf(known, name)]));
    report({
      code: "MISSING_CHECK_PARAM",
      pointer: params === undefined || inner !== type ? "" : at,
      message: `"${inner}" needs one of its params ${names}`,
    });
  }
  for (const key of Object.keys(own)) {
    const name = nameOf(known, key);
    const pointer = appendPointer(at, key);
    if (Object.hasOwn(known.params, name))
      kindFault(known.params[name] as ParamKind, own[key] as JsonValue, pointer, report);
    else if (!COMMON.includes(key)) {
      const names = [...Object.keys(known.params), ...Object.keys(known.spellings ?? {})];
      report({
        code: "UNKNOWN_CHECK_PARAM",
        pointer,
        message: `"${inner}" has no param "${key}"; it reads ${listNames(names)}`,
        ...didYouMean(key, names),
      });
    }
  }
}

/** A check that is ready, or why it cannot be: nothing to check with (`missing`), or parameters that make no sense (`broken`). */
export type BoundCheck = { readonly check: Check } | { readonly missing: string } | { readonly broken: string };

/** Binds the parameters of a known type. */
export function bindCheck(type: string, params: JsonObject | undefined, options: CheckOptions): BoundCheck {
  let missing: string | undefined;
  let broken: string | undefined;
  eachParamFault(type, params, ({ code, message, pointer }) => {
    if (code === "MISSING_CHECK_PARAM") missing ??= message;
    // An empty list of words is a fault of the pack, and checks nothing.
    else if (code !== "UNKNOWN_CHECK_PARAM" && !(code === "EMPTY_WORD" && /^\/params\/[^/]*$/.test(pointer)))
      broken ??= message;
  });
  if (broken !== undefined) return { broken };
  if (missing !== undefined) return { missing };
  const [inner, own] = unwrap(type, params ?? {});
  const known = checkTypes.get(inner) as CheckType;
  try {
    const check = known.bind(canonical(known, own), options);
    return { check: inner === type ? check : bounded(check, params ?? {}) };
  } catch (error) {
    return { broken: error instanceof TypeError ? error.message : "its params cannot be used" };
  }
}

/** Returns whether a score lies within the bounds that the parameters set; a score below 1 fails without bounds. */
export function isWithin(score: number | undefined, { min_score: min, max_score: max }: JsonObject): boolean {
  if (score === undefined) return false;
  if (typeof min !== "number" && typeof max !== "number") return score >= 1;
  return !(typeof min === "number" && score < min) && !(typeof max === "number" && score > max);
}

/** A wrapper turns a score into pass or fail. */
function bounded(check: Check, bounds: JsonObject): Check {
  return {
    measure(subject): Measurement {
      const { score, explanation } = check.measure(subject);
      return verdict(isWithin(score, bounds), explanation ?? "the score is out of bounds", { score: score ?? null });
    },
  };
}

function nameOf(type: CheckType, key: string): string {
  return type.spellings !== undefined && Object.hasOwn(type.spellings, key) ? (type.spellings[key] as string) : key;
}

function spellingsOf(type: CheckType, name: string): readonly string[] {
  return Object.entries(type.spellings ?? {}).flatMap(([spelling, meant]) => (meant === name ? [spelling] : []));
}

/** Returns the parameters under their own names; null flags are left out, as if absent. */
function canonical(type: CheckType, params: JsonObject): Params {
  const bound: { [name: string]: JsonValue } = {};
  for (const key of Object.keys(params)) {
    const name = nameOf(type, key);
    const value = params[key] as JsonValue;
    if (value === null && type.params[name] === "flag") continue;
    if (Object.hasOwn(type.params, name) && (name === key || !Object.hasOwn(params, name))) bound[name] = value;
  }
  return bound;
}

const EXPECTED: { readonly [Kind in ParamKind]?: string } = {
  count: "an integer from 0",
  score: "a number",
  text: "a text",
  texts: "a list of texts",
  words: "a list of texts",
  flag: "true or false",
  object: "an object",
  pattern: "a pattern",
  patterns: "an object of patterns",
  schema: "a JSON Schema",
  steps: "a list of texts or objects",
};

function kindFault(kind: ParamKind, value: JsonValue, pointer: string, report: (fault: ParamFault) => void): void {
  const wrong = (): void => {
    const found = typeof value === "number" ? String(value) : jsonTypeOf(value);
    report({
      code: "BAD_CHECK_PARAM",
      pointer,
      message: `expected ${EXPECTED[kind] ?? "another value"}, found ${found}`,
    });
  };
  if (!isOfKind(kind, value)) return wrong();
  if (kind === "pattern") return patternFault(value as string, pointer, report);
  if (kind === "patterns") {
    for (const [key, source] of Object.entries(value as JsonObject))
      patternFault(source as string, appendPointer(pointer, key), report);
  } else if (kind === "schema") {
    for (const { code, pointer: place, message } of checkSchemaItself(value, pointer))
      report({ code, pointer: place, message });
  } else if (kind === "words") {
    const words = value as readonly string[];
    if (words.length === 0)
      report({ code: "EMPTY_WORD", pointer, message: "the list is empty, so nothing is checked" });
    words.forEach((word, index) => {
      if (word === "" || foldText(word) === "") {
        report({
          code: "EMPTY_WORD",
          pointer: appendPointer(pointer, index),
          message: "the text is empty or invisible, so it would be found everywhere or nowhere",
        });
      }
    });
  }
}

function isOfKind(kind: ParamKind, value: JsonValue): boolean {
  switch (kind) {
    case "count":
      return Number.isInteger(value) && (value as number) >= 0;
    case "score":
      return typeof value === "number";
    case "text":
    case "pattern":
      return typeof value === "string";
    case "texts":
    case "words":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "flag":
      return typeof value === "boolean" || value === null;
    case "object":
      return isObject(value);
    case "patterns":
      return isObject(value) && Object.values(value).every((source) => typeof source === "string");
    case "schema":
      return isObject(value) || typeof value === "boolean";
    case "steps":
      return Array.isArray(value) && value.every((item) => typeof item === "string" || isObject(item));
    case "any":
      return true;
  }
}

function patternFault(source: string, pointer: string, report: (fault: ParamFault) => void): void {
  const compiled = compilePattern(source);
  if (isPatternFault(compiled)) report({ code: "BAD_CHECK_PATTERN", pointer, message: compiled.fault });
}
