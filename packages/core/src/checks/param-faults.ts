import { quoteName } from "../diagnostics/quote-name.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { isObject, jsonTypeOf, type JsonObject, type JsonValue } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import { reportSchemaItself } from "../schema/check-schema-itself.ts";
import { compilePattern, isPatternFault } from "../schema/pattern.ts";
import { isWrapper, type Param, paramsOf } from "./check-params.ts";

// Read by guardrails, evals and wrappers of every type.
const COMMON = ["message", "direction", "min_score", "max_score", "provider", "eval_type", "eval_params", "action"];

/** Returns the type that really measures and its parameters: those of the inner one for a wrapper. */
export function unwrap(type: string, params: JsonObject = {}): readonly [string, JsonObject] {
  if (!isWrapper(type)) return [type, params];
  const { eval_type: inner, eval_params: own } = params;
  return [typeof inner === "string" ? inner : "", isObject(own) ? (own as JsonObject) : {}];
}

/** Returns whether reportParamFaults has certainly nothing to report; false is no fault yet, only a doubt. */
export function areCertainlyParams(type: string, params: JsonObject = {}): boolean {
  const known = paramsOf(type);
  if (known === undefined) return false;
  for (const key in params) {
    const read = known.reads.get(key);
    if (read === undefined ? !COMMON.includes(key) : !isCertainly(read, params[key] as JsonValue)) return false;
  }
  for (const group of known.needs) if (!hasOneOf(group, params)) return false;
  return true;
}

/** Reports everything that is wrong with the parameters of a known type; pointers start at the check. Source: RULINGS 3, 20, 21. */
export function reportParamFaults(type: string, params: JsonObject | undefined, report: Report): void {
  if (areCertainlyParams(type, params)) return;
  const [inner, own] = unwrap(type, params);
  const known = paramsOf(inner);
  if (known === undefined) {
    if (isWrapper(type)) {
      const message = `"${type}" needs eval_type, the name of a type of check`;
      report("MISSING_CHECK_PARAM", "", message);
    }
    return;
  }
  const at = inner === type ? "/params" : "/params/eval_params";
  for (const group of known.needs) {
    if (hasOneOf(group, own)) continue;
    const message = `"${inner}" needs one of its params ${listNames(group)}`;
    report("MISSING_CHECK_PARAM", params === undefined || inner !== type ? "" : at, message);
  }
  for (const key of Object.keys(own)) {
    const pointer = appendPointer(at, key);
    const read = known.reads.get(key);
    if (read !== undefined) reportValueFaults(read, own[key] as JsonValue, pointer, report);
    else if (!COMMON.includes(key)) {
      const names = [...known.reads.keys()];
      const message = `"${inner}" has no param ${quoteName(key)}; it reads ${listNames(names)}`;
      report("UNKNOWN_CHECK_PARAM", pointer, message, didYouMean(key, names));
    }
  }
}

function hasOneOf(names: readonly string[], params: JsonObject): boolean {
  // the names are our own, and none of them is a member of every object
  for (const name of names) if (params[name] !== undefined) return true;
  return false;
}

function isCertainly({ kind, fits }: Param, value: JsonValue): boolean {
  // a text that starts in ASCII has something to be found by
  if (kind === "words")
    return (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((word) => typeof word === "string" && word.charCodeAt(0) < 128)
    );
  if (kind === "pattern") return typeof value === "string" && !isPatternFault(compilePattern(value));
  // null is a flag that is absent, and may be the one that is needed
  return value !== null && kind !== "patterns" && kind !== "schema" && fits(value);
}

function reportValueFaults({ kind, expected, fits }: Param, value: JsonValue, pointer: string, report: Report): void {
  if (!fits(value)) {
    const found = typeof value === "number" ? String(value) : jsonTypeOf(value);
    report("BAD_CHECK_PARAM", pointer, `expected ${expected}, found ${found}`);
  } else if (kind === "pattern") reportPatternFault(value as string, pointer, report);
  else if (kind === "patterns") {
    for (const [key, source] of Object.entries(value as JsonObject))
      reportPatternFault(source as string, appendPointer(pointer, key), report);
  } else if (kind === "schema") reportSchemaItself(value, pointer, report);
  else if (kind === "words") {
    const words = value as readonly string[];
    if (words.length === 0) report("EMPTY_WORD", pointer, "the list is empty, so nothing is checked");
    words.forEach((word, index) => {
      if (!/^\p{Default_Ignorable_Code_Point}*$/u.test(word)) return;
      const message = "the text is empty or invisible, so it would be found everywhere or nowhere";
      report("EMPTY_WORD", appendPointer(pointer, index), message);
    });
  }
}

function reportPatternFault(source: string, pointer: string, report: Report): void {
  const compiled = compilePattern(source);
  if (isPatternFault(compiled)) report("BAD_CHECK_PATTERN", pointer, compiled.fault);
}
