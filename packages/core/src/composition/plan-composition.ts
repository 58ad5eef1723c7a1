import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { copyJson } from "../json/copy-json.ts";
import type { JsonValue } from "../json/json.ts";
import type { Composition } from "../schema/sections/composition.ts";
import type { CompositionPlan } from "./composition-plan.ts";
import { CompositionRun } from "./composition-run.ts";
import { unsupportedParts } from "./merge-branches.ts";

export interface CompositionOptions {
  /** Vendor kinds that the executor can run. */
  readonly stepKinds?: readonly string[];
}

/**
 * Returns the plan of a composition that is about to run, with its first steps ready. Steps run one after the
 * other, in the array's order unless depends_on says otherwise; only the steps inside a parallel step run at once.
 * @throws {PackError} UNKNOWN_STEP_KIND, UNKNOWN_REDUCER, STEP_CYCLE, DUPLICATE_STEP, NESTED_BRANCH; LIMIT_EXCEEDED for the input
 */
export function startComposition(
  composition: Composition,
  input: JsonValue,
  options: CompositionOptions = {},
): CompositionPlan {
  if (!Array.isArray(composition?.steps)) throw new TypeError("a composition is one of pack.data.compositions");
  const faults = unsupportedParts(composition, options.stepKinds ?? []);
  const copied = copyJson(input);
  if ("fault" in copied)
    faults.push(createDiagnostic("LIMIT_EXCEEDED", "/input", `the input is refused: ${copied.fault}`));
  if (faults.length > 0 || "fault" in copied) throw new PackError(faults);
  return new CompositionRun({
    version: 1,
    composition,
    input: copied.value,
    status: "running",
    ready: [],
    done: false,
    steps: {},
  }).advance();
}

/**
 * Returns the plan after a ready step produced its output.
 * @throws {TypeError} when the step is not ready: it never ran, or its result came twice
 */
export function completeStep(plan: CompositionPlan, stepId: string, output: JsonValue): CompositionPlan {
  return new CompositionRun(plan).advance({ stepId, output });
}

/**
 * Returns the plan after a ready step failed: ready again while modifiers.retry allows, else the step has failed.
 * A failed step fails the composition; inside a parallel step the others finish first.
 * @throws {TypeError} when the step is not ready
 */
export function failStep(plan: CompositionPlan, stepId: string, reason: string): CompositionPlan {
  return new CompositionRun(plan).advance({ stepId, reason });
}
