import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Variable } from "../../packages/core/src/schema/sections/prompt.ts";
import { checkVariables } from "../../packages/core/src/variables/check-variables.ts";

const dir = process.env["PROMPTPACK_CONFORMANCE_DIR"];
const wrongType = { error: "type_mismatch", variable: "v" };

/** The answers of RULINGS.md to the vectors that the sources leave open. */
const decided: Readonly<Record<string, unknown>> = {
  "variables-002": { error: "missing_required", variable: "v" }, // 10
  "variables-005": { values: {} }, // 10
  "variables-007": wrongType, // 14
  "variables-010": wrongType, // 14
  "variables-014": wrongType, // 14
  "variables-015": wrongType, // 14
  "variables-036": { error: "unknown_variable", variable: "extra" }, // 11
  "variables-037": { values: { name: "Mara" } }, // 11, extra: "ignore"
  "variables-054": { values: { v: "12ab" } }, // 15
  "variables-057": { error: "pattern_mismatch", variable: "v" }, // 15
  "variables-059": { values: { v: "TERN" } }, // 15
  "variables-077": wrongType, // 14
  "variables-078": wrongType, // 14
  "variables-079": wrongType, // 14
  "variables-080": wrongType, // 14
  "variables-081": wrongType, // 14
  "variables-082": wrongType, // 14
  "variables-083": wrongType, // 14
  "variables-086": wrongType, // 14
  "variables-094": { values: { v: "spare" } }, // 10
  "variables-099": wrongType, // 3: defaults keep the rules of their variable
  "variables-100": { error: "not_in_enum", variable: "v" }, // 3
  "variables-104": { values: { v: 3 } }, // 15
  "variables-105": { values: JSON.parse('{"__proto__":{"x":1}}') }, // R039: names are own names
  "variables-107": { values: {} }, // 11, extra: "ignore"
};

const names: Readonly<Record<string, string>> = {
  MISSING_VARIABLE: "missing_required",
  UNKNOWN_VARIABLE: "unknown_variable",
  WRONG_VARIABLE_TYPE: "type_mismatch",
  TOO_SHORT: "too_short",
  TOO_LONG: "too_long",
  TOO_SMALL: "below_minimum",
  TOO_LARGE: "above_maximum",
};

function answer(input: { definitions: Variable[]; values: Record<string, unknown>; strict?: boolean }): unknown {
  const options = input.strict === false ? { extra: "ignore" as const } : {};
  const { values, diagnostics } = checkVariables(input.definitions, input.values, options);
  const [first] = diagnostics;
  if (first !== undefined)
    return { error: names[first.code] ?? first.code.toLowerCase(), variable: first.pointer.slice(1) };
  return { values: JSON.parse(JSON.stringify(values)) };
}

describe.skipIf(dir === undefined)("variable vectors (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const { vectors } = JSON.parse(
    dir === undefined ? '{"vectors":[]}' : readFileSync(`${dir}/vectors/variables.json`, "utf8"),
  );
  for (const { id, title, input, expect: expected, open } of vectors) {
    it(`${id}: ${title}`, () => {
      expect(open === true).toBe(Object.hasOwn(decided, id));
      expect(answer(input)).toEqual(open === true ? decided[id] : expected);
    });
  }
});
