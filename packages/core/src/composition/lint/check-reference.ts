import type { ReportDetails } from "../../diagnostics/report.ts";
import { unknownName } from "../../diagnostics/suggest.ts";
import { formatPointer } from "../../json/pointer.ts";
import { isBranch, isParallel, type ParallelStep } from "../../schema/sections/composition.ts";
import { eachReferenceText, isReference, parseReferences, type Reference } from "../reference.ts";
import type { StepNode } from "../step-graph.ts";
import type { LintRun } from "./lint-run.ts";

/** hostile: advice about the order of steps needs reachability, which is quadratic; so many steps are passed for it. */
export const MAX_WALK = 100_000;

/** Checks every reference inside a value that must lead somewhere when `owner` starts. */
export function checkReferences(run: LintRun, value: unknown, at: string, owner: StepNode | undefined): void {
  eachReferenceText(value, (text, path) => {
    const place = at + formatPointer(...path);
    for (const part of parseReferences(text)) {
      if (isReference(part)) checkNeeded(run, part, place, owner);
      else if (typeof part === "object")
        run.report("INVALID_REFERENCE", place, `"${part.source}" is no reference: ${part.fault}`, {
          range: part.range,
        });
    }
  });
}

function checkNeeded(run: LintRun, reference: Reference, at: string, owner: StepNode | undefined): void {
  const { step: id, range, source } = reference;
  const isSound = checkReference(run, reference, at, owner);
  if (!isSound || id === undefined || owner === undefined) return;
  if (run.skippable.has(id) && !runsOnlyAfter(run, owner, id))
    run.report("SKIPPABLE_REFERENCE", at, `a branch may skip "${id}", and then ${source} leads to nothing`, { range });
}

/** Checks where a reference leads and whether that step has run; returns whether nothing was found. */
export function checkReference(run: LintRun, reference: Reference, at: string, owner: StepNode | undefined): boolean {
  const { step: id, range, source } = reference;
  if (id === undefined) return true;
  const target = findStep(run, id, at, owner, { range });
  if (target === undefined) return false;
  if (owner === undefined) return true;
  const { report } = run;
  const { step } = target;
  const name = reference.path[0];
  if (hasNotRun(run, target, owner))
    report("LATER_STEP", at, `${source} names a step that has not run when "${owner.step.id}" starts`, { range });
  else if (isBranch(step)) report("NO_STEP_OUTPUT", at, `"${id}" is a branch step, which has no output`, { range });
  else if (isParallel(step) && name !== undefined && name !== step.reduce.into) {
    report("UNRESOLVED_REFERENCE", at, `the output of the parallel step "${id}" holds only "${step.reduce.into}"`, {
      range,
      hint: `write "${outputOf(step)}"`,
    });
  } else if (!comesBefore(run, target, owner)) {
    report("UNORDERED_REFERENCE", at, `nothing says that "${id}" runs before "${owner.step.id}"`, {
      range,
      hint: `add "${id}" to its depends_on`,
    });
  } else return true;
  return false;
}

/** Returns the top-level step of that id; reports when there is none. */
export function findStep(
  run: LintRun,
  id: string,
  at: string,
  owner: StepNode | undefined,
  details?: ReportDetails,
): StepNode | undefined {
  const target = run.graph.nodes.get(id);
  if (target === undefined) {
    const [message, hint] = unknownName("step", id, run.graph.nodes.keys());
    run.report("UNKNOWN_STEP", at, message, { ...details, ...hint });
    return undefined;
  }
  if (target.parent === undefined) return target;
  const { step } = target.parent;
  const hint =
    isParallel(step) && step !== owner?.step ? { hint: `its results are at "${outputOf(step)}"` } : undefined;
  const message = `step "${id}" stands inside the parallel step "${step.id}" and cannot be named`;
  run.report("STEP_OUT_OF_SCOPE", at, message, { ...details, ...hint });
  return undefined;
}

// Steps that wait for each other have no order but the array's.
function hasNotRun(run: LintRun, target: StepNode, owner: StepNode): boolean {
  return run.graph.cycle === undefined ? target.position >= owner.position : target.index >= owner.index;
}

function comesBefore(run: LintRun, target: StepNode, owner: StepNode): boolean {
  const stack = [owner];
  const visited = new Set(stack);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const before of node.before) {
      if (before === target || ++run.walked > MAX_WALK) return true;
      if (before.position < target.position || visited.has(before)) continue;
      visited.add(before);
      stack.push(before);
    }
  }
  return false;
}

/** Returns whether the step, or the one step that it waits for, and so on, waits for nothing but the step of that id. */
function runsOnlyAfter(run: LintRun, owner: StepNode, id: string): boolean {
  let node: StepNode | undefined = owner;
  // hostile: steps may wait for each other in a long ring
  for (let hops = 0; node !== undefined && hops < 64; hops++) {
    const [only, ...more]: readonly string[] = node.step.depends_on ?? [];
    if (only === undefined || more.length > 0) return false;
    if (only === id) return true;
    node = run.graph.nodes.get(only);
  }
  return false;
}

const outputOf = ({ id, reduce }: ParallelStep): string => `\${${id}.output.${reduce.into}}`;
