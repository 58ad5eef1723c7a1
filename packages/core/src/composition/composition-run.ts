import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { listNames } from "../diagnostics/suggest.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { copyJson } from "../json/copy-json.ts";
import { getOwn, type JsonObject, type JsonValue } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import { type BranchStep, isBranch, isParallel, isTool, type ParallelStep } from "../schema/sections/composition.ts";
import type { CompositionPlan, StepRecord, StepTask } from "./composition-plan.ts";
import { evaluatePredicate } from "./evaluate-predicate.ts";
import { mergeBranches } from "./merge-branches.ts";
import { type ReferenceScope, resolveReferences } from "./reference.ts";
import { pointerOf, stepGraph, type StepGraph, type StepNode } from "./step-graph.ts";

/** What became of a ready step. */
export type StepResult = { readonly stepId: string } & ({ readonly output: JsonValue } | { readonly reason: string });

/** A plan that is thawed for one advance. */
export class CompositionRun {
  readonly #plan: CompositionPlan;
  readonly #graph: StepGraph;
  readonly #records: Map<string, StepRecord>;
  readonly #scope: ReferenceScope;
  readonly #ready: StepTask[];
  #failure: Diagnostic | undefined;

  constructor(plan: CompositionPlan) {
    this.#plan = plan;
    this.#graph = stepGraph(plan.composition);
    this.#records = new Map(Object.entries(plan.steps));
    this.#scope = { input: plan.input, output: (id) => this.#records.get(id)?.output };
    this.#ready = [...plan.ready];
  }

  /**
   * Takes a result, starts what can start and returns the frozen plan.
   * @throws {TypeError} when the step is not ready
   */
  advance(result?: StepResult): CompositionPlan {
    if (result !== undefined) this.#take(result);
    this.#startNext();
    return this.#freeze();
  }

  #take(result: StepResult): void {
    const { stepId } = result;
    const node = this.#graph.nodes.get(stepId);
    const index = this.#ready.findIndex((task) => task.stepId === stepId);
    if (node === undefined || index === -1) {
      const ready = this.#ready.map((task) => task.stepId);
      throw new TypeError(`the step ${quoteName(stepId)} is not ready; ready is ${listNames(ready)}`);
    }
    this.#ready.splice(index, 1);
    if ("reason" in result) this.#fail(node, result.reason);
    else this.#complete(node, result.output);
  }

  /** Starts the steps whose turn it is, up to the first that somebody must run. */
  #startNext(): void {
    for (const node of this.#graph.order) {
      const { id } = node.step;
      if (this.#failure !== undefined) return;
      if (!this.#records.has(id)) this.#start(node);
      if (this.#records.get(id)?.status === "running") return;
    }
  }

  #freeze(): CompositionPlan {
    const { version, composition, input } = this.#plan;
    const isRunning = this.#graph.order.some(
      ({ step }) => !["completed", "skipped"].includes(this.#records.get(step.id)?.status ?? ""),
    );
    const output = isRunning || this.#failure !== undefined ? undefined : this.#findOutput();
    const failure = this.#failure;
    return Object.freeze({
      version,
      composition,
      input,
      status: failure !== undefined ? "failed" : isRunning ? "running" : "completed",
      ready: Object.freeze(failure === undefined ? this.#ready : []),
      done: failure !== undefined || !isRunning,
      ...(output === undefined ? {} : { output }),
      ...(failure === undefined ? {} : { failure: Object.freeze(failure) }),
      steps: Object.freeze(Object.fromEntries(this.#records)),
    });
  }

  #complete(node: StepNode, output: JsonValue): void {
    const attempts = this.#records.get(node.step.id)?.attempts ?? 0;
    const copied = copyJson(output);
    if ("fault" in copied) return this.#fail(node, `its output is refused: ${copied.fault}`);
    this.#set(node, { status: "completed", attempts, output: copied.value });
    this.#settle(node.parent);
  }

  #fail(node: StepNode, reason: string): void {
    const { id, modifiers } = node.step;
    const attempts = this.#records.get(id)?.attempts ?? 0;
    if (attempts < (modifiers?.retry?.max_attempts ?? 1)) return this.#begin(node, attempts + 1);
    this.#set(node, { status: "failed", attempts, reason });
    if (node.parent === undefined)
      this.#failure ??= createDiagnostic("STEP_FAILED", pointerOf(node), `step "${id}" failed: ${reason}`);
    this.#settle(node.parent);
  }

  #start(node: StepNode): void {
    if (this.#isSkipped(node)) this.#set(node, { status: "skipped", attempts: 0 });
    else if (isBranch(node.step)) this.#takeBranch(node, node.step);
    else this.#begin(node, 1);
  }

  // R272: excluded by a branch, or everything that it depends on was skipped. A skipped branch takes nothing.
  #isSkipped({ step, branches }: StepNode): boolean {
    const dependencies = step.depends_on ?? [];
    return (
      branches.some(({ id }) => this.#records.get(id)?.taken !== step.id) ||
      (dependencies.length > 0 && dependencies.every((id) => this.#records.get(id)?.status === "skipped"))
    );
  }

  #takeBranch(node: StepNode, step: BranchStep): void {
    const holds = evaluatePredicate(step.predicate, this.#scope);
    if (typeof holds === "boolean") {
      this.#set(node, { status: "completed", attempts: 1, taken: holds ? step.then : (step.else ?? null) });
      return;
    }
    const message = `the predicate of "${step.id}" has no answer: ${holds.fault}`;
    this.#failure ??= createDiagnostic("PREDICATE_FAILED", `${pointerOf(node)}/predicate`, message);
  }

  #begin(node: StepNode, attempt: number): void {
    const { step } = node;
    this.#set(node, { status: "running", attempts: attempt });
    if (isParallel(step)) return this.#beginParallel(node, step);
    const resolved = resolveInput(node, this.#scope);
    if ("code" in resolved) this.#failure ??= resolved;
    else this.#ready.push(Object.freeze({ stepId: step.id, step, ...resolved, attempt }));
  }

  #beginParallel(node: StepNode, { branches }: ParallelStep): void {
    const inner = branches.map(({ id }) => this.#graph.nodes.get(id)).filter((found) => found !== undefined);
    for (const { step } of inner) this.#records.delete(step.id);
    for (const branch of inner) this.#start(branch);
    this.#settle(node);
  }

  /** Completes or fails a parallel step once all its branches have ended. */
  #settle(node: StepNode | undefined): void {
    if (node === undefined || !isParallel(node.step) || this.#failure !== undefined) return;
    const settled = node.step.branches.map(({ id }) => [id, this.#records.get(id)] as const);
    if (settled.some(([, record]) => record === undefined || record.status === "running")) return;
    const failed = settled.filter(([, record]) => record?.status === "failed");
    if (failed.length > 0)
      return this.#fail(
        node,
        failed.map(([id, record]) => `branch "${id}" failed: ${record?.reason ?? ""}`).join("; "),
      );
    const outputs = settled.flatMap(([id, record]) =>
      record?.output === undefined ? [] : [[id, record.output] as const],
    );
    this.#complete(node, mergeBranches(node.step.reduce, outputs));
  }

  #findOutput(): JsonValue | undefined {
    const { output: named, steps } = this.#plan.composition;
    const scope = this.#scope;
    if (named === undefined) return steps.map(({ id }) => scope.output(id)).findLast((value) => value !== undefined);
    const found = scope.output(named);
    const message = `the output step "${named}" did not produce output`;
    if (found === undefined) this.#failure ??= createDiagnostic("MISSING_OUTPUT", "/output", message);
    return found;
  }

  #set({ step }: StepNode, record: StepRecord): void {
    this.#records.set(step.id, Object.freeze(record));
  }
}

/** Returns the input of a step with every reference resolved, nothing when it has none, or why there is none. */
function resolveInput(node: StepNode, scope: ReferenceScope): { readonly input?: JsonValue } | Diagnostic {
  const { step } = node;
  const field = isTool(step) ? "args" : "input";
  const value = getOwn(step as unknown as JsonObject, field);
  if (value === undefined) return {};
  const at = `${pointerOf(node)}/${field}`;
  const resolved = resolveReferences(value, scope);
  if ("reference" in resolved) {
    const { fault, path, reference } = resolved;
    const place = at + formatPointer(...path);
    const cause = `${reference.source} in step "${step.id}"`;
    return fault === "missing"
      ? createDiagnostic("UNRESOLVED_REFERENCE", place, `${cause} leads to nothing`)
      : createDiagnostic("LIMIT_EXCEEDED", place, `${cause} makes the text too long`);
  }
  const copied = copyJson(resolved.value);
  if ("value" in copied) return { input: copied.value };
  return createDiagnostic("LIMIT_EXCEEDED", at, `the ${field} of step "${step.id}" is refused: ${copied.fault}`);
}
