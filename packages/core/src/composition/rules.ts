import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Composition } from "../schema/sections/composition.ts";
import { checkSchemaReference, checkSteps, type CompositionSlice } from "./check-steps.ts";
import { isBranch, isParallel, stepGraph } from "./step-graph.ts";

/** Reports what the schema cannot say about compositions. Source: R235-R281. */
export function checkCompositionRules(pack: CompositionSlice, report: Report, options: RuleOptions = {}): void {
  const { compositions } = pack;
  if (compositions === undefined) return;
  const used = new Set(Object.values(pack.workflow?.states ?? {}).map((state) => state.composition));
  for (const [name, composition] of Object.entries(compositions)) {
    const pointer = formatPointer("compositions", name);
    // Runtimes name their own tools and channels with two underscores: workflow__transition, mcp__server__tool.
    if (/^[A-Za-z0-9]+__/.test(name)) {
      report(
        "RESERVED_COMPOSITION_NAME",
        pointer,
        `"${name}" is reserved for runtimes, as every name with a prefix and two underscores`,
        { atKey: true },
      );
    }
    if (!used.has(name)) {
      report("UNREFERENCED_COMPOSITION", pointer, `no workflow state runs the composition "${name}"`, { atKey: true });
    }
    checkComposition(composition, pointer, report);
    checkSteps(pack, composition, pointer, report, options);
  }
}

function checkComposition(composition: Composition, pointer: string, report: Report): void {
  checkSchemaReference(composition.input_schema, `${pointer}/input_schema`, report);
  checkSchemaReference(composition.output_schema, `${pointer}/output_schema`, report);
  const { nodes, cycle } = stepGraph(composition);
  if (cycle !== undefined) {
    const message =
      cycle.length === 1
        ? `the step ${listNames(cycle)} waits for itself`
        : `the steps ${listNames(cycle)} wait for each other`;
    report("STEP_CYCLE", `${pointer}/steps`, message);
  }
  checkOutput(composition, pointer, report);
  composition.steps.forEach((step, index) => {
    const previous = composition.steps[index - 1];
    if (previous === undefined || step.depends_on !== undefined || !(isBranch(previous) || isParallel(previous)))
      return;
    if ((nodes.get(step.id)?.branches.length ?? 0) > 0) return;
    // An early branch target has a finding of its own.
    report(
      "MISSING_JOIN",
      appendPointer(`${pointer}/steps`, index),
      `step "${step.id}" follows the ${previous.kind} step "${previous.id}" without saying what it waits for`,
      {
        hint: `add "depends_on" with the steps that must have run, such as ["${previous.id}"]`,
      },
    );
  });
}

function checkOutput({ output, steps }: Composition, pointer: string, report: Report): void {
  if (output === undefined) return;
  const step = steps.find(({ id }) => id === output);
  if (step === undefined) {
    const ids = steps.map(({ id }) => id);
    report(
      "UNKNOWN_STEP",
      `${pointer}/output`,
      `the output names the step "${output}"; outside of parallel steps there are ${listNames(ids)}`,
      didYouMean(output, ids),
    );
  } else if (isBranch(step)) {
    report("NO_STEP_OUTPUT", `${pointer}/output`, `the output names the branch step "${output}", which has no output`);
  }
}
