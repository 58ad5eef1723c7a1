import { listNames } from "../diagnostics/suggest.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { countCodePoints } from "../json/code-points.ts";
import { asText, jsonEquals, jsonTypeOf } from "../json/json.ts";
import { compilePattern, isPatternFault } from "../schema/pattern.ts";
import type { Variable } from "../schema/sections/prompt.ts";

/** The types that are checked; a variable of any other type takes every value. Source: R042, RULINGS 15. */
export const variableTypes = ["string", "number", "integer", "boolean", "object", "array"] as const;

/** One rule that a value breaks; the message names types, lengths and limits, never the value. */
export interface ValueFault {
  readonly code: DiagnosticCode;
  readonly message: string;
}

/** Limits on the UTF-16 length of a text within which no other rule of its variable can fail. */
export interface TextBounds {
  readonly least: number;
  readonly most: number;
}

/** Returns the bounds of a string variable whose rules are about length alone, else undefined. */
export function textBoundsOf({ type, validation = {} }: Variable): TextBounds | undefined {
  if (type !== "string" || validation.pattern !== undefined || validation.enum !== undefined) return undefined;
  // n code points have n to 2n UTF-16 units
  return { least: 2 * (validation.min_length ?? 0), most: validation.max_length ?? Infinity };
}

const NO_FAULTS: readonly ValueFault[] = [];

/** Returns every rule of a variable that a value breaks, in the order type, length, pattern, range, enum. Source: RULINGS 14, 15. */
export function findValueFaults(
  variable: Pick<Variable, "type" | "validation">,
  value: unknown,
): readonly ValueFault[] {
  const { type, validation } = variable;
  if (!hasType(type, value)) {
    const found =
      typeof value === "number" && !Number.isFinite(value) ? "a number that JSON cannot hold" : jsonTypeOf(value);
    return [{ code: "WRONG_VARIABLE_TYPE", message: `expected ${type}, found ${found}` }];
  }
  if (validation === undefined) return NO_FAULTS;
  const faults: ValueFault[] = [];
  if (typeof value === "string") checkText(validation, value, faults);
  if (typeof value === "number" || typeof value === "bigint") checkNumber(validation, value, faults);
  if (validation.enum !== undefined && !validation.enum.some((allowed) => jsonEquals(allowed, value))) {
    const allowed = validation.enum.map(asText);
    faults.push({ code: "NOT_IN_ENUM", message: `expected one of ${listNames(allowed)}` });
  }
  return faults;
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "number":
      return typeof value === "bigint" || Number.isFinite(value);
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    default:
      return true;
  }
}

type Validation = NonNullable<Variable["validation"]>;

function checkText(validation: Validation, value: string, faults: ValueFault[]): void {
  const { min_length, max_length, pattern } = validation;
  const before = faults.length;
  if (min_length !== undefined || max_length !== undefined) {
    const length = countCodePoints(value);
    if (min_length !== undefined && length < min_length) {
      faults.push({ code: "TOO_SHORT", message: `it has ${length} characters; at least ${min_length} are required` });
    }
    if (max_length !== undefined && length > max_length) {
      faults.push({ code: "TOO_LONG", message: `it has ${length} characters; at most ${max_length} are allowed` });
    }
  }
  // hostile: a text of the wrong length never reaches the pattern
  if (pattern === undefined || faults.length > before) return;
  const compiled = compilePattern(pattern);
  if (isPatternFault(compiled)) {
    faults.push({ code: "INVALID_PATTERN", message: `its pattern cannot be used: ${compiled.fault}` });
  } else if (!compiled.test(value)) {
    faults.push({ code: "PATTERN_MISMATCH", message: "it does not match the pattern of the variable" });
  }
}

function checkNumber({ minimum, maximum }: Validation, value: number | bigint, faults: ValueFault[]): void {
  if (minimum !== undefined && value < minimum) {
    faults.push({ code: "TOO_SMALL", message: `it is below the minimum ${minimum}` });
  }
  if (maximum !== undefined && value > maximum) {
    faults.push({ code: "TOO_LARGE", message: `it is above the maximum ${maximum}` });
  }
}
