import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { getOwn, type JsonObject, type JsonValue } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { Composition, Step } from "../schema/sections/composition.ts";
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
  if (faults.length > 0) throw new PackError(faults);
  return new Run({
    version: 1,
    composition,
    input: "value" in copied ? copied.value : null,
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
  const run = new Run(plan);
  const node = run.take(stepId);
  run.complete(node, output);
  return run.advance();
}

/**
 * Returns the plan after a ready step failed: ready again while modifiers.retry allows, else the step has failed.
 * A failed step fails the composition; inside a parallel step the others finish first.
 * @throws {TypeError} when the step is not ready
 */
export function failStep(plan: CompositionPlan, stepId: string, reason: string): CompositionPlan {
  const run = new Run(plan);
  run.fail(run.take(stepId), reason);
  return run.advance();
}

/** One change of a plan: a private, mutable copy until `advance` freezes it. */
class Run {
  readonly #plan: CompositionPlan;
  readonly #nodes: ReadonlyMap<string, StepNode>;
  readonly #order: readonly StepNode[];
  readonly #records: Map<string, StepRecord>;
  #ready: StepTask[];
  #failure: Diagnostic | undefined;

  constructor(plan: CompositionPlan) {
    const graph = stepGraph(plan.composition);
    this.#plan = plan;
    this.#nodes = graph.nodes;
    this.#order = graph.order;
    this.#records = new Map(Object.entries(plan.steps));
    this.#ready = [...plan.ready];
  }

  /** Takes a step off the ready list. */
  take(stepId: string): StepNode {
    const node = this.#nodes.get(stepId);
    const index = this.#ready.findIndex((task) => task.stepId === stepId);
    if (node === undefined || index === -1) throw new TypeError(`step ${quoteName(stepId)} is not ready`);
    this.#ready.splice(index, 1);
    return node;
  }

  complete(node: StepNode, output: JsonValue): void {
    const copied = copyJson(output);
    if ("fault" in copied) {
      this.fail(node, `its output is refused: ${copied.fault}`);
      return;
    }
    this.#set(node, { status: "completed", attempts: this.#attempts(node), output: copied.value });
    if (node.parent !== undefined) this.#settleParallel(node.parent);
  }

  fail(node: StepNode, reason: string): void {
    const attempts = this.#attempts(node);
    if (attempts < (node.step.modifiers?.retry?.max_attempts ?? 1)) {
      this.#begin(node, attempts + 1);
      return;
    }
    this.#set(node, { status: "failed", attempts, reason });
    if (node.parent !== undefined) this.#settleParallel(node.parent);
    else this.#stop("STEP_FAILED", [node.step.id], `step "${node.step.id}" failed: ${reason}`);
  }

  /** Starts what can start and returns the frozen plan. */
  advance(): CompositionPlan {
    for (const node of this.#order) {
      if (this.#failure !== undefined) break;
      if (!this.#records.has(node.step.id)) this.#start(node);
      if (this.#records.get(node.step.id)?.status === "running") break;
    }
    const running = this.#order.some((node) => !this.#isSettled(node));
    const output = running || this.#failure !== undefined ? undefined : this.#result();
    const { version, composition, input } = this.#plan;
    return Object.freeze({
      version,
      composition,
      input,
      status: this.#failure !== undefined ? "failed" : running ? "running" : "completed",
      ready: Object.freeze(this.#failure === undefined ? this.#ready : []),
      done: this.#failure !== undefined || !running,
      ...(output === undefined ? {} : { output }),
      ...(this.#failure === undefined ? {} : { failure: Object.freeze(this.#failure) }),
      steps: Object.freeze(Object.fromEntries(this.#records)),
    });
  }

  #start(node: StepNode): void {
    if (this.#isSkipped(node)) this.#set(node, { status: "skipped", attempts: 0 });
    else if (isBranch(node.step)) this.#takeBranch(node);
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

  #takeBranch(node: StepNode): void {
    if (!isBranch(node.step)) return;
    const holds = evaluatePredicate(node.step.predicate, this.#scope);
    if (typeof holds !== "boolean") {
      this.#stop(
        "PREDICATE_FAILED",
        [node.step.id, "predicate"],
        `the predicate of "${node.step.id}" has no answer: ${holds.fault}`,
      );
      return;
    }
    const taken = holds ? node.step.then : (node.step.else ?? null);
    this.#set(node, { status: "completed", attempts: 1, taken });
  }

  #begin(node: StepNode, attempt: number): void {
    const { step } = node;
    this.#set(node, { status: "running", attempts: attempt });
    if (isParallel(step)) {
      const inner = step.branches.map((branch) => this.#nodes.get(branch.id)).filter((found) => found !== undefined);
      for (const branch of inner) this.#records.delete(branch.step.id);
      for (const branch of inner) this.#start(branch);
      this.#settleParallel(node);
      return;
    }
    const field = isTool(step) ? "args" : "input";
    const value = getOwn(step as unknown as JsonObject, field);
    if (value === undefined) {
      this.#offer({ stepId: step.id, step, attempt });
      return;
    }
    const resolved = resolveReferences(value, this.#scope);
    if ("reference" in resolved) {
      const { fault, path, reference } = resolved;
      this.#stop(
        fault === "missing" ? "UNRESOLVED_REFERENCE" : "LIMIT_EXCEEDED",
        [step.id, field, ...path],
        `${reference.source} in step "${step.id}" ${fault === "missing" ? "leads to nothing" : "makes the text too long"}`,
      );
      return;
    }
    const copied = copyJson(resolved.value);
    if ("value" in copied) this.#offer({ stepId: step.id, step, input: copied.value, attempt });
    else
      this.#stop("LIMIT_EXCEEDED", [step.id, field], `the ${field} of step "${step.id}" is refused: ${copied.fault}`);
  }

  #offer(task: StepTask): void {
    this.#ready.push(Object.freeze(task));
  }

  #settleParallel(node: StepNode): void {
    if (!isParallel(node.step) || this.#failure !== undefined) return;
    const records = node.step.branches.map(({ id }) => [id, this.#records.get(id)] as const);
    if (records.some(([, record]) => record === undefined || record.status === "running")) return;
    const failed = records.filter(([, record]) => record?.status === "failed");
    if (failed.length > 0) {
      this.fail(node, failed.map(([id, record]) => `branch "${id}" failed: ${record?.reason ?? ""}`).join("; "));
      return;
    }
    const outputs = records.flatMap(([id, record]) =>
      record?.output === undefined ? [] : [[id, record.output] as const],
    );
    this.complete(node, mergeBranches(node.step.reduce, outputs));
  }

  #result(): JsonValue | undefined {
    const { output: named, steps } = this.#plan.composition;
    if (named === undefined)
      return steps.map(({ id }) => this.#records.get(id)?.output).findLast((value) => value !== undefined);
    const output = this.#records.get(named)?.output;
    if (output === undefined)
      this.#stop("MISSING_OUTPUT", [], `the output step "${named}" did not produce output`, "/output");
    return output;
  }

  #stop(code: DiagnosticCode, at: readonly (string | number)[], message: string, pointer?: string): void {
    const [stepId, ...path] = at;
    this.#failure ??= createDiagnostic(code, pointer ?? this.#pointerOf(stepId) + formatPointer(...path), message);
  }

  #pointerOf(stepId: string | number | undefined): string {
    const node = typeof stepId === "string" ? this.#nodes.get(stepId) : undefined;
    if (node === undefined) return "";
    return node.parent === undefined
      ? formatPointer("steps", node.index)
      : `${this.#pointerOf(node.parent.step.id)}${formatPointer("branches", node.index)}`;
  }

  get #scope(): ReferenceScope {
    return { input: this.#plan.input, output: (step) => this.#records.get(step)?.output };
  }

  #set(node: StepNode, record: StepRecord): void {
    this.#records.set(node.step.id, Object.freeze(record));
  }

  #attempts(node: StepNode): number {
    return this.#records.get(node.step.id)?.attempts ?? 0;
  }

  #isSettled(node: StepNode): boolean {
    const status = this.#records.get(node.step.id)?.status;
    return status === "completed" || status === "skipped";
  }
}
