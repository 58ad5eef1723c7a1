import { expect, it } from "vitest";
import type { JsonValue } from "../json/json.ts";
import type { CompareOperator, Predicate } from "../schema/sections/composition.ts";
import { evaluatePredicate } from "./evaluate-predicate.ts";

const scope = { input: { n: 3, s: "3", o: { a: [1] }, nil: null }, output: () => undefined };
const compare = (path: string, op: CompareOperator, value: JsonValue): Predicate => ({
  path: `\${input.${path}}`,
  op,
  value,
});
const evaluate = (predicate: Predicate): unknown => evaluatePredicate(predicate, scope);
const fault = { fault: expect.any(String) };

it.each<[string, CompareOperator, JsonValue, unknown]>([
  ["n", "equals", 3, true],
  ["n", "equals", "3", false],
  ["s", "not_equals", 3, true],
  ["o", "equals", { a: [1] }, true],
  ["nil", "equals", null, true],
  ["gone", "equals", null, false],
  ["gone", "not_equals", 3, true],
  ["n", "in", [1, 3], true],
  ["n", "in", ["3"], false],
  ["n", "not_in", [1, 3], false],
  ["gone", "in", [null], false],
  ["gone", "not_in", [1], true],
  ["n", "less_than", 3, false],
  ["n", "less_than_or_equals", 3, true],
  ["n", "greater_than", 2, true],
  ["n", "greater_than_or_equals", 4, false],
  ["gone", "less_than", 3, false],
  ["n", "in", 3, fault],
  ["s", "less_than", 4, fault],
  ["n", "greater_than", "2", fault],
])("answers %s %s %j with %j", (path, op, value, answer) => {
  expect(evaluate(compare(path, op, value))).toEqual(answer);
});

it("finds null present and a missing path absent", () => {
  expect(evaluate({ path: "${input.nil}", exists: true })).toBe(true);
  expect(evaluate({ path: "${input.gone}", exists: true })).toBe(false);
  expect(evaluate({ path: "${input.gone}", exists: false })).toBe(true);
});

it("joins predicates, stops at the first that decides, and passes faults on", () => {
  const yes = compare("n", "equals", 3);
  const broken = compare("n", "in", 3);
  expect(evaluate({ all_of: [] })).toBe(true);
  expect(evaluate({ any_of: [] })).toBe(false);
  expect(evaluate({ all_of: [yes, { not: yes }, broken] })).toBe(false);
  expect(evaluate({ any_of: [yes, broken] })).toBe(true);
  expect(evaluate({ all_of: [yes, broken] })).toEqual(fault);
  expect(evaluate({ not: broken })).toEqual(fault);
  expect(evaluate({ path: "input.n", exists: true })).toEqual(fault);
});
