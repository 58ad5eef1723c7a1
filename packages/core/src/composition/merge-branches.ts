import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { listNames } from "../diagnostics/suggest.ts";
import { getOwn, type JsonObject, type JsonValue } from "../json/json.ts";
import { type Composition, isBranch, isParallel, isVendorKind, type Reducer } from "../schema/sections/composition.ts";
import { stepGraph } from "./step-graph.ts";

/** Branch ids and outputs in the order of the array, without branches that produced none. */
export type BranchOutputs = readonly (readonly [id: string, output: JsonValue])[];

// R262. "replace" takes the last in array order, not the last to finish, so that a run can be repeated.
const reducers: { readonly [strategy: string]: (outputs: BranchOutputs) => JsonValue | undefined } = {
  append: (outputs) => outputs.flatMap(([, output]) => output),
  replace: (outputs) => outputs.at(-1)?.[1],
  barrier: (outputs) => Object.fromEntries(outputs),
};

/** The strategies that the spec defines. */
export const reducerStrategies: readonly string[] = Object.keys(reducers);

/** Returns the output of a parallel step: the merged value under the name that `into` gives it (R263). */
export function mergeBranches(reduce: Reducer, outputs: BranchOutputs): JsonObject {
  const merged = getOwn(reducers, reduce.strategy)?.(outputs);
  return merged === undefined ? {} : Object.fromEntries([[reduce.into, merged]]);
}

/** Returns why a composition cannot run here; a pack that passed its rules fails only for vendor kinds and strategies. */
export function unsupportedParts(composition: Composition, stepKinds: readonly string[]): Diagnostic[] {
  const { nodes, cycle, duplicate } = stepGraph(composition);
  const faults: Diagnostic[] = [];
  const add = (code: DiagnosticCode, message: string): void => {
    faults.push(createDiagnostic(code, "/steps", message, { severity: "error" }));
  };
  if (duplicate !== undefined) add("DUPLICATE_STEP", `two steps have the id "${duplicate}"`);
  if (cycle !== undefined) add("STEP_CYCLE", `the steps ${listNames(cycle)} wait for each other`);
  for (const { step, parent } of nodes.values()) {
    if (isVendorKind(step.kind) && !stepKinds.includes(step.kind))
      add("UNKNOWN_STEP_KIND", `step "${step.id}" has the kind "${step.kind}", which the executor cannot run`);
    else if (isParallel(step) && !Object.hasOwn(reducers, step.reduce.strategy)) {
      const known = listNames(reducerStrategies);
      add("UNKNOWN_REDUCER", `step "${step.id}" merges with "${step.reduce.strategy}"; known are ${known}`);
    } else if (isBranch(step) && parent !== undefined)
      add("NESTED_BRANCH", `branch step "${step.id}" stands inside a parallel step`);
  }
  return faults;
}
