import { countCodePoints } from "../../json/code-points.ts";
import { patternWords } from "../notation.ts";
import { checkCount, fail, type Frame, numberKeyword, patternIn } from "./evaluation.ts";
import { hasFormat } from "./formats.ts";

/** Evaluates the keywords that speak of a string. Lengths count code points and come before patterns. */
export function checkString(frame: Frame<string>): boolean {
  const { run, schema, value, location } = frame;
  const least = numberKeyword(schema, "minLength");
  const most = numberKeyword(schema, "maxLength");
  if ((least ?? most) !== undefined && !checkCount(frame, countCodePoints(value), "characters", least, most))
    return false;
  const { pattern, format } = schema;
  if (pattern !== undefined && !patternIn(pattern, "pattern").test(value)) {
    const source = pattern as string;
    return fail(run, location, "WRONG_FORMAT", () =>
      Object.hasOwn(patternWords, source) ? `expected ${patternWords[source]}` : `expected text that matches ${source}`,
    );
  }
  if (run.assertFormats && typeof format === "string" && !hasFormat(format, value))
    return fail(run, location, "WRONG_FORMAT", () => `expected a ${format}`);
  return true;
}

const BOUNDS: readonly (readonly [keyword: string, holds: (value: number, bound: number) => boolean, words: string])[] =
  [
    ["minimum", (value, bound) => value >= bound, "at least"],
    ["maximum", (value, bound) => value <= bound, "at most"],
    ["exclusiveMinimum", (value, bound) => value > bound, "more than"],
    ["exclusiveMaximum", (value, bound) => value < bound, "less than"],
    ["multipleOf", isMultiple, "a multiple of"],
  ];

/** Evaluates the keywords that speak of a number. */
export function checkNumber({ run, schema, value, location }: Frame<number>): boolean {
  let valid = true;
  for (const [keyword, holds, words] of BOUNDS) {
    const bound = numberKeyword(schema, keyword);
    if (bound === undefined || holds(value, bound)) continue;
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
