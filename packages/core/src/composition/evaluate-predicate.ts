import { jsonEquals, jsonTypeOf, type JsonValue } from "../json/json.ts";
import type { ComparePredicate, Predicate } from "../schema/sections/composition.ts";
import { exactReference, type ReferenceScope, resolveReference } from "./reference.ts";

/** Why a predicate has no answer. */
export interface PredicateFault {
  readonly fault: string;
}

/**
 * Returns whether a branch's predicate holds. Equality is deep and type-strict; the order operators need two
 * numbers; a path that leads nowhere satisfies only not_equals and not_in; null counts as existing.
 * Source: SPEC 4.8, R264-R268.
 */
export function evaluatePredicate(predicate: Predicate, scope: ReferenceScope): boolean | PredicateFault {
  if ("all_of" in predicate) return evaluateList(predicate.all_of, scope, false);
  if ("any_of" in predicate) return evaluateList(predicate.any_of, scope, true);
  if ("not" in predicate) {
    const holds = evaluatePredicate(predicate.not, scope);
    return typeof holds === "boolean" ? !holds : holds;
  }
  const reference = exactReference(predicate.path);
  if (reference === undefined) return { fault: `the path "${predicate.path}" is not exactly one \${...} reference` };
  const value = resolveReference(reference, scope);
  if ("exists" in predicate) return (value !== undefined) === predicate.exists;
  return compare(value, predicate);
}

// The first answer that decides ends the evaluation, so a later fault does not count.
function evaluateList(
  predicates: readonly Predicate[],
  scope: ReferenceScope,
  decisive: boolean,
): boolean | PredicateFault {
  for (const predicate of predicates) {
    const holds = evaluatePredicate(predicate, scope);
    if (typeof holds !== "boolean" || holds === decisive) return holds;
  }
  return !decisive;
}

function compare(left: JsonValue | undefined, { op, path, value: right }: ComparePredicate): boolean | PredicateFault {
  if (op === "in" || op === "not_in") {
    if (!Array.isArray(right)) return { fault: `${op} needs an array to compare with, found ${jsonTypeOf(right)}` };
    return (left !== undefined && right.some((item) => jsonEquals(left, item))) === (op === "in");
  }
  if (op === "equals" || op === "not_equals")
    return (left !== undefined && jsonEquals(left, right)) === (op === "equals");
  if (left === undefined) return false;
  if (typeof left !== "number" || typeof right !== "number") {
    return { fault: `${op} needs two numbers, found ${jsonTypeOf(left)} at ${path} and ${jsonTypeOf(right)}` };
  }
  if (op === "less_than") return left < right;
  if (op === "less_than_or_equals") return left <= right;
  return op === "greater_than" ? left > right : left >= right;
}
