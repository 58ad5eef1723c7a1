import type { Report } from "../../diagnostics/report.ts";
import { listNames, unknownName } from "../../diagnostics/suggest.ts";
import type { RuleOptions } from "../../schema/rule-options.ts";
import { type Composition, isBranch, isParallel, type Step } from "../../schema/sections/composition.ts";
import { MAX_WALK } from "./check-reference.ts";
import { checkStep } from "./check-step.ts";
import { type CompositionSlice, type LintRun, startLint } from "./lint-run.ts";

/** Reports what the schema cannot say about the steps of one composition. Source: R242-R273. */
export function checkSteps(
  pack: CompositionSlice,
  composition: Composition,
  pointer: string,
  report: Report,
  options: RuleOptions,
): void {
  const run = startLint(pack, composition, report, options);
  const { steps, output } = composition;
  const at = `${pointer}/steps`;
  checkCycle(run, at);
  if (output !== undefined) checkOutput(run, steps, output, `${pointer}/output`);
  steps.forEach((step, index) => {
    const place = `${at}/${index}`;
    // A duplicate takes its place from the first of its name, so only its own fields are checked.
    const node = run.graph.nodes.get(step.id);
    checkStep(run, step, place, node?.step === step ? node : undefined);
    checkJoin(run, step, steps[index - 1], place);
  });
  if (run.walked > MAX_WALK) {
    report("LIMIT_EXCEEDED", at, "too many steps wait for others to look at the order of all", { severity: "warning" });
  }
}

function checkCycle({ report, graph: { cycle } }: LintRun, at: string): void {
  if (cycle === undefined) return;
  const waits = cycle.length === 1 ? "waits for itself" : "wait for each other";
  report("STEP_CYCLE", at, `${listNames(cycle)} ${waits}`);
}

function checkOutput(run: LintRun, steps: readonly Step[], id: string, at: string): void {
  const step = steps.find((candidate) => candidate.id === id);
  if (step === undefined)
    run.report("UNKNOWN_STEP", at, ...unknownName("top-level step", id, new Set(steps.map((item) => item.id))));
  else if (isBranch(step)) run.report("NO_STEP_OUTPUT", at, `"${id}" is a branch step, which has no output`);
}

function checkJoin(run: LintRun, { id, depends_on }: Step, previous: Step | undefined, at: string): void {
  if (previous === undefined || depends_on !== undefined || !(isBranch(previous) || isParallel(previous))) return;
  // An early branch target has a finding of its own.
  if ((run.graph.nodes.get(id)?.branches.length ?? 0) > 0) return;
  run.report("MISSING_JOIN", at, `"${id}" follows the ${previous.kind} step "${previous.id}" and waits for nothing`, {
    hint: `add "depends_on" with the steps that must have run, such as ["${previous.id}"]`,
  });
}
