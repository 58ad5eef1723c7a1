import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { getOwn, type JsonObject, type JsonValue } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { BranchStep, Composition, Step } from "../schema/sections/composition.ts";
import { copyJson } from "./copy-json.ts";
import { evaluatePredicate } from "./evaluate-predicate.ts";
import { mergeBranches, unsupportedParts } from "./merge-branches.ts";
import { type ReferenceScope, resolveReferences } from "./reference.ts";
import { isBranch, isParallel, isTool, stepGraph, type StepNode } from "./step-graph.ts";

/** A step that an executor is to run now: a prompt, an agent loop, a tool call or a vendor's own kind. */
export interface StepTask {
  readonly stepId: string;
  readonly step: Step;
  /** The step's input, or a tool step's args, with every reference resolved; absent when the step has none. */
  readonly input?: JsonValue;
  /** 1 for the first attempt; modifiers.retry.max_attempts is the last. */
  readonly attempt: number;
}

/** What became of a step so far. A step that did not start has no record. */
export interface StepRecord {
  readonly status: "running" | "completed" | "skipped" | "failed";
  readonly attempts: number;
  readonly output?: JsonValue;
  /** The step that a branch step took, or null for none. */
  readonly taken?: string | null;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

/** One run of a composition: plain frozen JSON, which can be stored between any two steps. */
export interface CompositionPlan {
  readonly version: 1;
  readonly composition: Composition;
  readonly input: JsonValue;
  readonly status: "running" | "completed" | "failed";
  /** Steps to run now, in any order or at once; more than one only inside parallel steps. */
  readonly ready: readonly StepTask[];
  /** True when nothing is left to run. */
  readonly done: boolean;
  /** The result, when completed; absent when no step that ran produces output. */
  readonly output?: JsonValue;
  /** Why it failed; the pointer starts at the composition. */
  readonly failure?: Diagnostic;
  readonly steps: { readonly [stepId: string]: StepRecord };
}

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
  const faults = unsupportedParts(composition, options.stepKinds ?? []);
  const copied = copyJson(input);
  if ("fault" in copied)
    faults.push(createDiagnostic("LIMIT_EXCEEDED", "/input", `the input is refused: ${copied.fault}`));
  if (faults.length > 0 || "fault" in copied) throw new PackError(faults);
  return advance({
    version: 1,
    composition,
    input: copied.value,
    status: "running",
    ready: [],
    done: false,
    steps: {},
  });
}

/**
 * Returns the plan after a ready step produced its output.
 * @throws {TypeError} when the step is not ready: it never ran, or its result came twice
 */
export function completeStep(plan: CompositionPlan, stepId: string, output: JsonValue): CompositionPlan {
  return advance(plan, { stepId, output });
}

/**
 * Returns the plan after a ready step failed: ready again while modifiers.retry allows, else the step has failed.
 * A failed step fails the composition; inside a parallel step the others finish first.
 * @throws {TypeError} when the step is not ready
 */
export function failStep(plan: CompositionPlan, stepId: string, reason: string): CompositionPlan {
  return advance(plan, { stepId, reason });
}

type StepResult = { readonly stepId: string } & ({ readonly output: JsonValue } | { readonly reason: string });

/** Takes the result of a ready step, starts what can start and returns the frozen plan. */
function advance(plan: CompositionPlan, result?: StepResult): CompositionPlan {
  const { version, composition, input } = plan;
  const { nodes, order } = stepGraph(composition);
  const records = new Map(Object.entries(plan.steps));
  const ready = [...plan.ready];
  const scope: ReferenceScope = { input, output: (step) => records.get(step)?.output };
  let failure: Diagnostic | undefined;

  if (result !== undefined) {
    const node = takeReady(result.stepId);
    if ("reason" in result) fail(node, result.reason);
    else complete(node, result.output);
  }
  for (const node of order) {
    if (failure !== undefined) break;
    if (!records.has(node.step.id)) start(node);
    if (records.get(node.step.id)?.status === "running") break;
  }
  const running = order.some(({ step }) => !["completed", "skipped"].includes(records.get(step.id)?.status ?? ""));
  const output = running || failure !== undefined ? undefined : findOutput();
  return Object.freeze({
    version,
    composition,
    input,
    status: failure !== undefined ? "failed" : running ? "running" : "completed",
    ready: Object.freeze(failure === undefined ? ready : []),
    done: failure !== undefined || !running,
    ...(output === undefined ? {} : { output }),
    ...(failure === undefined ? {} : { failure: Object.freeze(failure) }),
    steps: Object.freeze(Object.fromEntries(records)),
  });

  function takeReady(stepId: string): StepNode {
    const node = nodes.get(stepId);
    const index = ready.findIndex((task) => task.stepId === stepId);
    if (node === undefined || index === -1) throw new TypeError(`step ${quoteName(stepId)} is not ready`);
    ready.splice(index, 1);
    return node;
  }

  function complete(node: StepNode, value: JsonValue): void {
    const copied = copyJson(value);
    if ("fault" in copied) return fail(node, `its output is refused: ${copied.fault}`);
    set(node, { status: "completed", attempts: attemptsOf(node), output: copied.value });
    if (node.parent !== undefined) settleParallel(node.parent);
  }

  function fail(node: StepNode, reason: string): void {
    const attempts = attemptsOf(node);
    const { id, modifiers } = node.step;
    if (attempts < (modifiers?.retry?.max_attempts ?? 1)) return begin(node, attempts + 1);
    set(node, { status: "failed", attempts, reason });
    if (node.parent !== undefined) settleParallel(node.parent);
    else stop("STEP_FAILED", pointerOf(node), `step "${id}" failed: ${reason}`);
  }

  function start(node: StepNode): void {
    if (isSkipped(node)) set(node, { status: "skipped", attempts: 0 });
    else if (isBranch(node.step)) takeBranch(node, node.step);
    else begin(node, 1);
  }

  // R272: excluded by a branch, or everything that it depends on was skipped. A skipped branch takes nothing.
  function isSkipped({ step, branches }: StepNode): boolean {
    const dependencies = step.depends_on ?? [];
    return (
      branches.some(({ id }) => records.get(id)?.taken !== step.id) ||
      (dependencies.length > 0 && dependencies.every((id) => records.get(id)?.status === "skipped"))
    );
  }

  function takeBranch(node: StepNode, step: BranchStep): void {
    const holds = evaluatePredicate(step.predicate, scope);
    if (typeof holds === "boolean")
      set(node, { status: "completed", attempts: 1, taken: holds ? step.then : (step.else ?? null) });
    else {
      const message = `the predicate of "${step.id}" has no answer: ${holds.fault}`;
      stop("PREDICATE_FAILED", `${pointerOf(node)}/predicate`, message);
    }
  }

  function begin(node: StepNode, attempt: number): void {
    const { step } = node;
    set(node, { status: "running", attempts: attempt });
    if (isParallel(step)) {
      const inner = step.branches.map((branch) => nodes.get(branch.id)).filter((found) => found !== undefined);
      for (const branch of inner) records.delete(branch.step.id);
      inner.forEach(start);
      return settleParallel(node);
    }
    const field = isTool(step) ? "args" : "input";
    const value = getOwn(step as unknown as JsonObject, field);
    if (value === undefined) return offer(step, attempt);
    const at = `${pointerOf(node)}/${field}`;
    const resolved = resolveReferences(value, scope);
    if ("reference" in resolved) {
      const { fault, path, reference } = resolved;
      const [code, effect] =
        fault === "missing"
          ? (["UNRESOLVED_REFERENCE", "leads to nothing"] as const)
          : (["LIMIT_EXCEEDED", "makes the text too long"] as const);
      return stop(code, at + formatPointer(...path), `${reference.source} in step "${step.id}" ${effect}`);
    }
    const copied = copyJson(resolved.value);
    if ("value" in copied) offer(step, attempt, copied.value);
    else stop("LIMIT_EXCEEDED", at, `the ${field} of step "${step.id}" is refused: ${copied.fault}`);
  }

  function offer(step: Step, attempt: number, value?: JsonValue): void {
    ready.push(Object.freeze({ stepId: step.id, step, ...(value === undefined ? {} : { input: value }), attempt }));
  }

  function settleParallel(node: StepNode): void {
    if (!isParallel(node.step) || failure !== undefined) return;
    const settled = node.step.branches.map(({ id }) => [id, records.get(id)] as const);
    if (settled.some(([, record]) => record === undefined || record.status === "running")) return;
    const failed = settled.filter(([, record]) => record?.status === "failed");
    if (failed.length > 0)
      return fail(node, failed.map(([id, record]) => `branch "${id}" failed: ${record?.reason ?? ""}`).join("; "));
    const outputs = settled.flatMap(([id, record]) =>
      record?.output === undefined ? [] : [[id, record.output] as const],
    );
    complete(node, mergeBranches(node.step.reduce, outputs));
  }

  function findOutput(): JsonValue | undefined {
    const { output: named, steps } = composition;
    if (named === undefined) return steps.map(({ id }) => scope.output(id)).findLast((value) => value !== undefined);
    const found = scope.output(named);
    if (found === undefined) stop("MISSING_OUTPUT", "/output", `the output step "${named}" did not produce output`);
    return found;
  }

  function stop(code: DiagnosticCode, pointer: string, message: string): void {
    failure ??= createDiagnostic(code, pointer, message);
  }

  function set(node: StepNode, record: StepRecord): void {
    records.set(node.step.id, Object.freeze(record));
  }

  function attemptsOf(node: StepNode): number {
    return records.get(node.step.id)?.attempts ?? 0;
  }
}

function pointerOf({ parent, index }: StepNode): string {
  return parent === undefined ? `/steps/${index}` : `${pointerOf(parent)}/branches/${index}`;
}
