import type { Report } from "../../diagnostics/report.ts";
import type { RuleOptions } from "../../schema/rule-options.ts";
import type { Composition } from "../../schema/sections/composition.ts";
import type { PackData } from "../../schema/sections/pack.ts";
import { stepGraph, type StepGraph, type StepNode } from "../step-graph.ts";

/** What the rules of compositions read of a pack. */
export type CompositionSlice = Pick<PackData, "compositions" | "prompts" | "tools" | "evals" | "workflow">;

/** One check of one composition. */
export interface LintRun {
  readonly pack: CompositionSlice;
  readonly report: Report;
  readonly graph: StepGraph;
  readonly stepKinds: RuleOptions["stepKinds"];
  /** Ids of the steps that a branch may leave out. */
  readonly skippable: ReadonlySet<string>;
  /** Step id to the pointer of the first step that has it. */
  readonly seen: Map<string, string>;
  /** Gathered when the first step names one. */
  evalIds: ReadonlySet<string> | undefined;
  /** Steps that were passed in search of the order of references. */
  walked: number;
}

/** Begins the check of a composition. */
export function startLint(
  pack: CompositionSlice,
  composition: Composition,
  report: Report,
  { stepKinds }: RuleOptions,
): LintRun {
  const graph = stepGraph(composition);
  const skippable = findSkippable(graph.order);
  return { pack, report, graph, stepKinds, skippable, seen: new Map(), evalIds: undefined, walked: 0 };
}

// R272: the targets of branches, and what depends on nothing but such steps.
function findSkippable(order: readonly StepNode[]): Set<string> {
  const skippable = new Set<string>();
  for (const { step, branches } of order) {
    const dependencies = step.depends_on ?? [];
    if (branches.length > 0 || (dependencies.length > 0 && dependencies.every((id) => skippable.has(id))))
      skippable.add(step.id);
  }
  return skippable;
}
