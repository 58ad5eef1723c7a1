import type { Report, ReportDetails } from "../diagnostics/report.ts";
import { didYouMean, listNames, unknownName } from "../diagnostics/suggest.ts";
import { getOwn, jsonTypeOf } from "../json/json.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type {
  AgentStep,
  BranchStep,
  ComparePredicate,
  Composition,
  ParallelStep,
  Predicate,
  Step,
  StepModifiers,
} from "../schema/sections/composition.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { reducerStrategies } from "./merge-branches.ts";
import { eachReferenceText, exactReference, isReference, parseReferences, type Reference } from "./reference.ts";
import {
  isAgent,
  isBranch,
  isParallel,
  isPrompting,
  isTool,
  isVendorKind,
  stepGraph,
  type StepNode,
} from "./step-graph.ts";

const COMMON = ["id", "kind", "description", "depends_on", "modifiers"];
const PROMPTING = [...COMMON, "prompt_task", "provider", "input", "output_schema"];
const FIELDS: { readonly [kind: string]: readonly string[] } = {
  prompt: PROMPTING,
  agent: [...PROMPTING, "tools", "termination"],
  tool: [...COMMON, "tool", "args"],
  branch: [...COMMON, "predicate", "then", "else"],
  parallel: [...COMMON, "branches", "reduce"],
};
const FORMS = [["all_of"], ["any_of"], ["not"], ["path", "exists"], ["path", "op", "value"]];

// Advice about the order of steps needs reachability, which a hostile pack makes quadratic: it stops here.
const MAX_WALK = 100_000;

/** What the rules of compositions read of a pack. */
export type CompositionSlice = Pick<PackData, "compositions" | "prompts" | "tools" | "evals" | "workflow">;

/** Reports what the schema cannot say about the steps of one composition. Source: R242-R273. */
export function checkSteps(
  pack: CompositionSlice,
  composition: Composition,
  pointer: string,
  report: Report,
  options: RuleOptions,
): void {
  const { steps, output } = composition;
  const { nodes, order, cycle } = stepGraph(composition);
  const seen = new Map<string, string>();
  const skippable = new Set<string>();
  for (const { step, branches } of order) {
    const dependencies = step.depends_on ?? [];
    if (branches.length > 0 || (dependencies.length > 0 && dependencies.every((id) => skippable.has(id))))
      skippable.add(step.id);
  }
  let walked = 0;
  let evalIds: Set<string> | undefined;

  if (cycle !== undefined) {
    const waits = cycle.length === 1 ? "waits for itself" : "wait for each other";
    report("STEP_CYCLE", `${pointer}/steps`, `${listNames(cycle)} ${waits}`);
  }
  if (output !== undefined) checkOutput(output, `${pointer}/output`);
  checkList(steps, `${pointer}/steps`);

  function checkOutput(id: string, at: string): void {
    const step = steps.find((candidate) => candidate.id === id);
    if (step === undefined) {
      report("UNKNOWN_STEP", at, ...unknownName("top-level step", id, new Set(steps.map((item) => item.id))));
    } else if (isBranch(step)) report("NO_STEP_OUTPUT", at, `"${id}" is a branch step, which has no output`);
  }

  function checkList(list: readonly Step[], at: string): void {
    list.forEach((step, index) => {
      const place = `${at}/${index}`;
      // A duplicate takes its place from the first of its name, so only its own fields are checked.
      const node = nodes.get(step.id);
      checkStep(step, place, node?.step === step ? node : undefined, false);
      checkJoin(step, list[index - 1], place);
    });
  }

  function checkId({ id }: Step, at: string): void {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, at);
    else {
      report("DUPLICATE_STEP", `${at}/id`, `a step with the id "${id}" exists already`, {
        related: [{ pointer: `${first}/id`, message: "the first one" }],
      });
    }
    if (id === "input")
      report("RESERVED_STEP_ID", `${at}/id`, '"input" is the composition\'s input; expected another id');
  }

  function checkJoin({ id, depends_on }: Step, previous: Step | undefined, at: string): void {
    if (previous === undefined || depends_on !== undefined || !(isBranch(previous) || isParallel(previous))) return;
    // An early branch target has a finding of its own.
    if ((nodes.get(id)?.branches.length ?? 0) > 0) return;
    report("MISSING_JOIN", at, `"${id}" follows the ${previous.kind} step "${previous.id}" and waits for nothing`, {
      hint: `add "depends_on" with the steps that must have run, such as ["${previous.id}"]`,
    });
  }

  // `owner` is the top-level step around this one, or the step itself.
  function checkStep(step: Step, at: string, owner: StepNode | undefined, nested: boolean): void {
    checkId(step, at);
    step.depends_on?.forEach((id, index) => findTopLevel(id, `${at}/depends_on/${index}`, owner));
    if (step.modifiers !== undefined) checkModifiers(step.modifiers, `${at}/modifiers`);
    const known = getOwn(FIELDS, step.kind);
    if (known === undefined) {
      if (options.stepKinds?.includes(step.kind) === true) return;
      const message = `"${step.kind}" is a vendor's own kind; only runtimes that know it run this composition`;
      report("UNKNOWN_STEP_KIND", `${at}/kind`, message);
      return;
    }
    checkFields(step, at, known);
    if (isPrompting(step)) {
      checkKey("prompt", pack.prompts, step.prompt_task, `${at}/prompt_task`);
      checkSchemaReference(step.output_schema, `${at}/output_schema`, report);
      checkReferences(step.input, `${at}/input`, owner);
      if (isAgent(step)) checkAgent(step, at);
    } else if (isTool(step)) {
      checkKey("tool", pack.tools, step.tool, `${at}/tool`);
      checkReferences(step.args, `${at}/args`, owner);
    } else if (isBranch(step)) checkBranch(step, at, owner, nested);
    else if (isParallel(step)) checkParallel(step, at, owner, nested);
  }

  function checkKey(noun: "prompt" | "tool", record: object | undefined, key: string, at: string): boolean {
    if (record !== undefined && Object.hasOwn(record, key)) return true;
    report(
      noun === "tool" ? "UNKNOWN_TOOL" : "UNKNOWN_PROMPT",
      at,
      ...unknownName(noun, key, Object.keys(record ?? {})),
    );
    return false;
  }

  function checkAgent({ prompt_task: task, tools, termination }: AgentStep, at: string): void {
    const ofPrompt = getOwn(pack.prompts, task)?.tools ?? [];
    tools?.forEach((key, index) => {
      const place = `${at}/tools/${index}`;
      if (checkKey("tool", pack.tools, key, place) && !ofPrompt.includes(key))
        report("STEP_TOOL_NOT_IN_PROMPT", place, `the prompt "${task}" does not list the tool "${key}"`);
    });
    const place = `${at}/termination`;
    const { tool_called: called } = termination;
    const callable = tools ?? ofPrompt;
    if (called !== undefined && !callable.includes(called))
      report("UNREACHABLE_TERMINATION", `${place}/tool_called`, ...unknownName("callable tool", called, callable));
    checkFields(termination, place, ["max_steps", "tool_called"]);
  }

  function checkBranch(step: BranchStep, at: string, owner: StepNode | undefined, nested: boolean): void {
    checkPredicate(step.predicate, `${at}/predicate`, owner);
    if (nested) {
      report("NESTED_BRANCH", at, `branch step "${step.id}" stands inside a parallel step; branches work only outside`);
      return;
    }
    for (const arm of ["then", "else"] as const) {
      const id = step[arm];
      const target = id === undefined ? undefined : findTopLevel(id, `${at}/${arm}`, owner);
      if (target === undefined || owner === undefined || target.index > owner.index) continue;
      report("EARLY_BRANCH_TARGET", `${at}/${arm}`, `the target "${id}" must stand after its branch step "${step.id}"`);
    }
  }

  function checkParallel(step: ParallelStep, at: string, owner: StepNode | undefined, nested: boolean): void {
    const { strategy, into } = step.reduce;
    const place = `${at}/reduce`;
    if (nested) {
      const message = `parallel step "${step.id}" stands inside another; the spec does not say what that means`;
      report("NESTED_PARALLEL", at, message);
    }
    if (!reducerStrategies.includes(strategy) && !isVendorKind(strategy))
      report("UNKNOWN_REDUCER", `${place}/strategy`, ...unknownName("strategy", strategy, reducerStrategies));
    if (into === "")
      report("EMPTY_REDUCER_NAME", `${place}/into`, "expected the name of the merged value, found empty text");
    checkFields(step.reduce, place, ["strategy", "into"]);
    step.branches.forEach((branch, index) => checkStep(branch, `${at}/branches/${index}`, owner, true));
  }

  function checkModifiers(modifiers: StepModifiers, at: string): void {
    checkFields(modifiers, at, ["retry", "eval"]);
    modifiers.eval?.forEach((id, index) => {
      evalIds ??= new Set(pack.evals?.map((item) => item.id));
      if (!evalIds.has(id)) report("UNKNOWN_EVAL", `${at}/eval/${index}`, ...unknownName("pack eval", id, evalIds));
    });
  }

  function checkFields(record: object, at: string, known: readonly string[]): void {
    for (const key of otherFields(record, known)) {
      // A provider on a step that calls no model is reported by providers/.
      if (key === "provider") continue;
      const meant = didYouMean(key, known);
      const wrong = meant.hint !== undefined || Object.values(FIELDS).some((fields) => fields.includes(key));
      const message = `"${key}" is no field here; there are ${listNames(known)}`;
      const code = wrong ? "WRONG_STEP_FIELD" : "UNKNOWN_STEP_FIELD";
      report(code, appendPointer(at, key), message, { atKey: true, ...meant });
    }
  }

  function checkPredicate(predicate: Predicate, at: string, owner: StepNode | undefined): void {
    const form = FORMS.find((fields) => fields.every((field) => Object.hasOwn(predicate, field))) ?? [];
    const extra = otherFields(predicate, form);
    if (extra.length > 0) {
      const message = `a predicate with ${listNames(form)} takes nothing else, found ${listNames(extra)}`;
      report("AMBIGUOUS_PREDICATE", at, message);
      // The schema has looked at one form only, so another one's fields may hold anything.
      if (FORMS.flat().some((field) => extra.includes(field))) return;
    }
    if ("path" in predicate) {
      checkPath(predicate.path, `${at}/path`, owner);
      if ("op" in predicate) checkComparison(predicate, `${at}/value`);
    } else if ("not" in predicate) checkPredicate(predicate.not, `${at}/not`, owner);
    else {
      const isAll = "all_of" in predicate;
      const parts = isAll ? predicate.all_of : predicate.any_of;
      const place = `${at}/${isAll ? "all_of" : "any_of"}`;
      if (parts.length === 0) report("EMPTY_PREDICATE", place, `over no predicates this is always ${isAll}`);
      parts.forEach((part, index) => checkPredicate(part, `${place}/${index}`, owner));
    }
  }

  function checkComparison({ op, value }: ComparePredicate, at: string): void {
    const needed = op.endsWith("in") ? "array" : op.includes("than") ? "number" : undefined;
    const found = jsonTypeOf(value);
    if (needed !== undefined && found !== needed)
      report("INVALID_COMPARISON", at, `${op} compares with a value of type ${needed}, found ${found}`);
  }

  function checkPath(path: string, at: string, owner: StepNode | undefined): void {
    const reference = exactReference(path);
    if (reference !== undefined) return checkReference(reference, at, owner, false);
    const wrapped = `\${${path}}`;
    const hint = exactReference(wrapped) === undefined ? {} : { hint: `write "${wrapped}"` };
    report("BARE_PATH", at, `expected exactly one \${...} reference, found "${path}"`, hint);
  }

  function checkReferences(value: unknown, at: string, owner: StepNode | undefined): void {
    eachReferenceText(value, (text, path) => {
      const place = at + formatPointer(...path);
      for (const part of parseReferences(text)) {
        if (isReference(part)) checkReference(part, place, owner, true);
        else if (typeof part === "object")
          report("INVALID_REFERENCE", place, `"${part.source}" is no reference: ${part.fault}`, { range: part.range });
      }
    });
  }

  function checkReference(reference: Reference, at: string, owner: StepNode | undefined, needed: boolean): void {
    const { step: id, range, source } = reference;
    const target = id === undefined ? undefined : findTopLevel(id, at, owner, { range });
    if (id === undefined || target === undefined || owner === undefined) return;
    const { step } = target;
    const name = reference.path[0];
    if (cycle === undefined ? target.position >= owner.position : target.index >= owner.index) {
      report("LATER_STEP", at, `${source} names a step that has not run when "${owner.step.id}" starts`, { range });
    } else if (isBranch(step)) {
      report("NO_STEP_OUTPUT", at, `"${id}" is a branch step, which has no output`, { range });
    } else if (isParallel(step) && name !== undefined && name !== step.reduce.into) {
      report("UNRESOLVED_REFERENCE", at, `the output of the parallel step "${id}" holds only "${step.reduce.into}"`, {
        range,
        hint: `write "${outputOf(step)}"`,
      });
    } else if (!comesBefore(target, owner)) {
      report("UNORDERED_REFERENCE", at, `nothing says that "${id}" runs before "${owner.step.id}"`, {
        range,
        hint: `add "${id}" to its depends_on`,
      });
    } else if (needed && skippable.has(id) && !runsOnlyAfter(owner, id)) {
      report("SKIPPABLE_REFERENCE", at, `a branch may skip "${id}", and then ${source} leads to nothing`, { range });
    }
  }

  function findTopLevel(
    id: string,
    at: string,
    owner: StepNode | undefined,
    details?: ReportDetails,
  ): StepNode | undefined {
    const target = nodes.get(id);
    if (target !== undefined && target.parent === undefined) return target;
    if (target?.parent === undefined) {
      const [message, hint] = unknownName("step", id, nodes.keys());
      report("UNKNOWN_STEP", at, message, { ...details, ...hint });
    } else {
      const { step } = target.parent;
      const hint =
        isParallel(step) && step !== owner?.step ? { hint: `its results are at "${outputOf(step)}"` } : undefined;
      const message = `step "${id}" stands inside the parallel step "${step.id}" and cannot be named`;
      report("STEP_OUT_OF_SCOPE", at, message, { ...details, ...hint });
    }
    return undefined;
  }

  function comesBefore(target: StepNode, owner: StepNode): boolean {
    const stack = [owner];
    const visited = new Set(stack);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (const before of node.before) {
        if (before === target || ++walked > MAX_WALK) return true;
        if (before.position < target.position || visited.has(before)) continue;
        visited.add(before);
        stack.push(before);
      }
    }
    return false;
  }

  function runsOnlyAfter(owner: StepNode, id: string): boolean {
    let node: StepNode | undefined = owner;
    for (let hops = 0; node !== undefined && hops < 64; hops++) {
      const [only, ...more]: readonly string[] = node.step.depends_on ?? [];
      if (only === undefined || more.length > 0) return false;
      if (only === id) return true;
      node = nodes.get(only);
    }
    return false;
  }
}

const outputOf = ({ id, reduce }: ParallelStep): string => `\${${id}.output.${reduce.into}}`;

// Annotation: RFC 0016 leaves extensions, x- and namespaced fields open.
const otherFields = (record: object, known: readonly string[]): readonly string[] =>
  Object.keys(record).filter(
    (key) => !known.includes(key) && key !== "extensions" && !key.startsWith("x-") && !/[.:/]/.test(key),
  );

/** Reports a schema reference that could leave the pack's folder (R275). */
export function checkSchemaReference(reference: string | undefined, pointer: string, report: Report): void {
  if (reference === undefined || reference.startsWith("#")) return;
  // hostile: a schema file's content goes to a model, so it must not come from anywhere else
  if (!/^[\\/]|^[A-Za-z][A-Za-z0-9+.-]*:|\\|%2e|(?:^|\/)\.\.(?:\/|$)/i.test(reference)) return;
  report(
    "UNSAFE_SCHEMA_REFERENCE",
    pointer,
    `"${reference}" may leave the pack's folder; expected a fragment or a relative path without ".."`,
  );
}
