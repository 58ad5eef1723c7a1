import { listNames } from "../../diagnostics/suggest.ts";
import { jsonTypeOf } from "../../json/json.ts";
import type { ComparePredicate, Predicate } from "../../schema/sections/composition.ts";
import { exactReference } from "../reference.ts";
import type { StepNode } from "../step-graph.ts";
import { otherFields } from "./check-fields.ts";
import { checkReference } from "./check-reference.ts";
import type { LintRun } from "./lint-run.ts";

const FORMS = [["all_of"], ["any_of"], ["not"], ["path", "exists"], ["path", "op", "value"]];

/** Checks the predicate of a branch step and those inside it. Source: R264-R268. */
export function checkPredicate(run: LintRun, predicate: Predicate, at: string, owner: StepNode | undefined): void {
  if (!hasOneForm(run, predicate, at)) return;
  if ("path" in predicate) {
    checkPath(run, predicate.path, `${at}/path`, owner);
    if ("op" in predicate) checkComparison(run, predicate, `${at}/value`);
  } else if ("not" in predicate) checkPredicate(run, predicate.not, `${at}/not`, owner);
  else {
    const isAll = "all_of" in predicate;
    const parts = isAll ? predicate.all_of : predicate.any_of;
    const place = `${at}/${isAll ? "all_of" : "any_of"}`;
    if (parts.length === 0) run.report("EMPTY_PREDICATE", place, `over no predicates this is always ${isAll}`);
    parts.forEach((part, index) => checkPredicate(run, part, `${place}/${index}`, owner));
  }
}

// The schema has looked at one form only, so another one's fields may hold anything.
function hasOneForm(run: LintRun, predicate: Predicate, at: string): boolean {
  const form = FORMS.find((fields) => fields.every((field) => Object.hasOwn(predicate, field))) ?? [];
  const extra = otherFields(predicate, form);
  if (extra.length === 0) return true;
  const message = `a predicate with ${listNames(form)} takes nothing else, found ${listNames(extra)}`;
  run.report("AMBIGUOUS_PREDICATE", at, message);
  return !FORMS.flat().some((field) => extra.includes(field));
}

function checkComparison(run: LintRun, { op, value }: ComparePredicate, at: string): void {
  const needed = op.endsWith("in") ? "array" : op.includes("than") ? "number" : undefined;
  const found = jsonTypeOf(value);
  if (needed !== undefined && found !== needed)
    run.report("INVALID_COMPARISON", at, `${op} compares with a value of type ${needed}, found ${found}`);
}

function checkPath(run: LintRun, path: string, at: string, owner: StepNode | undefined): void {
  const reference = exactReference(path);
  if (reference !== undefined) {
    checkReference(run, reference, at, owner);
    return;
  }
  const wrapped = `\${${path}}`;
  const hint = exactReference(wrapped) === undefined ? {} : { hint: `write "${wrapped}"` };
  run.report("BARE_PATH", at, `expected exactly one \${...} reference, found "${path}"`, hint);
}
