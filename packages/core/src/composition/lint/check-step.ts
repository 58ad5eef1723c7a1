import { namesOf, unknownName } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import {
  type AgentStep,
  type BranchStep,
  isAgent,
  isBranch,
  isParallel,
  isPrompting,
  isTool,
  isVendorKind,
  type ParallelStep,
  type Step,
  type StepModifiers,
} from "../../schema/sections/composition.ts";
import { reducerStrategies } from "../merge-branches.ts";
import type { StepNode } from "../step-graph.ts";
import { checkFields, STEP_FIELDS } from "./check-fields.ts";
import { checkPredicate } from "./check-predicate.ts";
import { checkReferences, findStep } from "./check-reference.ts";
import { checkSchemaReference } from "./check-schema-reference.ts";
import type { LintRun } from "./lint-run.ts";

/**
 * Checks one step and the steps inside it. `owner` is the top-level step around it, or the step itself; `around` is the
 * parallel step that it stands in.
 */
export function checkStep(
  run: LintRun,
  step: Step,
  at: string,
  owner: StepNode | undefined,
  around?: ParallelStep,
): void {
  checkId(run, step.id, at);
  step.depends_on?.forEach((id, index) => findStep(run, id, `${at}/depends_on/${index}`, owner));
  if (step.modifiers !== undefined) checkModifiers(run, step.modifiers, `${at}/modifiers`);
  const known = getOwn(STEP_FIELDS, step.kind);
  if (known === undefined) return checkVendorKind(run, step.kind, at);
  checkFields(run, step, at, known);
  if (isPrompting(step)) {
    checkKey(run, "prompt", step.prompt_task, `${at}/prompt_task`);
    checkSchemaReference(step.output_schema, `${at}/output_schema`, run.report);
    checkReferences(run, step.input, `${at}/input`, owner);
    if (isAgent(step)) checkAgent(run, step, at);
  } else if (isTool(step)) {
    checkKey(run, "tool", step.tool, `${at}/tool`);
    checkReferences(run, step.args, `${at}/args`, owner);
  } else if (isBranch(step)) checkBranch(run, step, at, owner, around);
  else if (isParallel(step)) checkParallel(run, step, at, owner, around);
}

function checkId(run: LintRun, id: string, at: string): void {
  const first = run.seen.get(id);
  if (first === undefined) run.seen.set(id, at);
  else {
    run.report("DUPLICATE_STEP", `${at}/id`, `a step with the id "${id}" exists already`, {
      related: [{ pointer: `${first}/id`, message: "the first one" }],
    });
  }
  if (id === "input")
    run.report("RESERVED_STEP_ID", `${at}/id`, '"input" is the composition\'s input; expected another id');
}

function checkModifiers(run: LintRun, modifiers: StepModifiers, at: string): void {
  checkFields(run, modifiers, at, ["retry", "eval"]);
  modifiers.eval?.forEach((id, index) => {
    const known = (run.evalIds ??= new Set(run.pack.evals?.map((item) => item.id)));
    if (!known.has(id)) run.report("UNKNOWN_EVAL", `${at}/eval/${index}`, ...unknownName("pack eval", id, known));
  });
}

function checkVendorKind(run: LintRun, kind: string, at: string): void {
  if (run.stepKinds?.includes(kind) === true) return;
  const message = `"${kind}" is a vendor's own kind; only runtimes that know it run this composition`;
  run.report("UNKNOWN_STEP_KIND", `${at}/kind`, message);
}

/** Returns whether the pack has a prompt or a tool of that key. */
function checkKey(run: LintRun, noun: "prompt" | "tool", key: string, at: string): boolean {
  const record = noun === "tool" ? run.pack.tools : run.pack.prompts;
  if (record !== undefined && Object.hasOwn(record, key)) return true;
  const code = noun === "tool" ? "UNKNOWN_TOOL" : "UNKNOWN_PROMPT";
  run.report(code, at, ...unknownName(noun, key, namesOf(record)));
  return false;
}

function checkAgent(run: LintRun, { prompt_task: task, tools, termination }: AgentStep, at: string): void {
  const ofPrompt = getOwn(run.pack.prompts, task)?.tools ?? [];
  tools?.forEach((key, index) => {
    const place = `${at}/tools/${index}`;
    if (checkKey(run, "tool", key, place) && !ofPrompt.includes(key))
      run.report("STEP_TOOL_NOT_IN_PROMPT", place, `the prompt "${task}" does not list the tool "${key}"`);
  });
  const place = `${at}/termination`;
  const { tool_called: called } = termination;
  const callable = tools ?? ofPrompt;
  if (called !== undefined && !callable.includes(called))
    run.report("UNREACHABLE_TERMINATION", `${place}/tool_called`, ...unknownName("callable tool", called, callable));
  checkFields(run, termination, place, ["max_steps", "tool_called"]);
}

function checkBranch(
  run: LintRun,
  step: BranchStep,
  at: string,
  owner: StepNode | undefined,
  around: ParallelStep | undefined,
): void {
  checkPredicate(run, step.predicate, `${at}/predicate`, owner);
  if (around !== undefined) {
    const message = `branch step "${step.id}" stands inside a parallel step; branches work only outside`;
    return run.report("NESTED_BRANCH", at, message);
  }
  for (const arm of ["then", "else"] as const) {
    const id = step[arm];
    const place = `${at}/${arm}`;
    const target = id === undefined ? undefined : findStep(run, id, place, owner);
    if (target === undefined || owner === undefined || target.index > owner.index) continue;
    run.report("EARLY_BRANCH_TARGET", place, `the target "${id}" must stand after its branch step "${step.id}"`);
  }
}

function checkParallel(
  run: LintRun,
  step: ParallelStep,
  at: string,
  owner: StepNode | undefined,
  around: ParallelStep | undefined,
): void {
  const { id, reduce, branches } = step;
  const { strategy, into } = reduce;
  const place = `${at}/reduce`;
  if (around !== undefined) {
    const message = `parallel step "${id}" stands inside another; the spec does not say what that means`;
    run.report("NESTED_PARALLEL", at, message);
  }
  if (!reducerStrategies.includes(strategy) && !isVendorKind(strategy))
    run.report("UNKNOWN_REDUCER", `${place}/strategy`, ...unknownName("strategy", strategy, reducerStrategies));
  if (into === "")
    run.report("EMPTY_REDUCER_NAME", `${place}/into`, "expected the name of the merged value, found empty text");
  checkFields(run, reduce, place, ["strategy", "into"]);
  branches.forEach((branch, index) => checkStep(run, branch, `${at}/branches/${index}`, owner, step));
}
