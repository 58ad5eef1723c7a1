import { countCodePoints } from "../../json/code-points.ts";
import { compileEcmaPattern } from "../ecma-pattern.ts";
import { patternWords } from "../notation.ts";
import { isPatternFault } from "../pattern.ts";
import { type Evaluation, fail, type Location, numberKeyword, SchemaFault } from "./evaluation.ts";
import { hasFormat } from "./formats.ts";
import type { SchemaObject } from "./schema-index.ts";

/** Evaluates the keywords that speak of a string. Lengths count code points and come before patterns. */
export function checkString(
  run: Evaluation,
  schema: SchemaObject,
  value: string,
  location: Location | undefined,
): boolean {
  const min = numberKeyword(schema, "minLength");
  const max = numberKeyword(schema, "maxLength");
  if (min !== undefined || max !== undefined) {
    const length = countCodePoints(value);
    if (min !== undefined && length < min) {
      return fail(run, location, "WRONG_LENGTH", () => `found ${length} characters, expected at least ${min}`);
    }
    if (max !== undefined && length > max) {
      return fail(run, location, "WRONG_LENGTH", () => `found ${length} characters, expected at most ${max}`);
    }
  }
  const { pattern: source, format } = schema;
  if (source !== undefined) {
    if (typeof source !== "string") throw new SchemaFault("INVALID_SCHEMA", 'the schema\'s "pattern" is not text');
    const pattern = compileEcmaPattern(source);
    if (isPatternFault(pattern))
      throw new SchemaFault("INVALID_SCHEMA", `the schema holds a pattern that cannot be used: ${pattern.fault}`);
    if (!pattern.test(value))
      return fail(run, location, "WRONG_FORMAT", () =>
        Object.hasOwn(patternWords, source)
          ? `expected ${patternWords[source]}`
          : `expected text that matches ${source}`,
      );
  }
  if (run.assertFormats && typeof format === "string" && !hasFormat(format, value)) {
    return fail(run, location, "WRONG_FORMAT", () => `expected a ${format}`);
  }
  return true;
}

/** Evaluates the keywords that speak of a number. */
export function checkNumber(
  run: Evaluation,
  schema: SchemaObject,
  value: number,
  location: Location | undefined,
): boolean {
  const bounds: readonly (readonly [string, (bound: number) => boolean, string])[] = [
    ["minimum", (bound) => value >= bound, "at least"],
    ["maximum", (bound) => value <= bound, "at most"],
    ["exclusiveMinimum", (bound) => value > bound, "more than"],
    ["exclusiveMaximum", (bound) => value < bound, "less than"],
    ["multipleOf", (bound) => isMultiple(value, bound), "a multiple of"],
  ];
  let valid = true;
  for (const [keyword, holds, words] of bounds) {
    const bound = numberKeyword(schema, keyword);
    if (bound === undefined || holds(bound)) continue;
    valid = fail(run, location, "OUT_OF_RANGE", () => `expected ${words} ${bound}`);
  }
  return valid;
}

// Exact in decimal: 0.0075 is a multiple of 0.0001, though no quotient of the two doubles is whole.
function isMultiple(value: number, factor: number): boolean {
  if (!Number.isFinite(value) || !(factor > 0)) return false;
  const [digits, exponent] = decimalOf(value);
  const [factorDigits, factorExponent] = decimalOf(factor);
  const low = Math.min(exponent, factorExponent);
  return (digits * 10n ** BigInt(exponent - low)) % (factorDigits * 10n ** BigInt(factorExponent - low)) === 0n;
}

function decimalOf(value: number): readonly [digits: bigint, exponent: number] {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
