import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames, suggest } from "../diagnostics/suggest.ts";
import { getOwn, isObject, jsonTypeOf } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type {
  AgentStep,
  BranchStep,
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
const PROMPTING = ["prompt_task", "provider", "input", "output_schema"];
const FIELDS: { readonly [kind: string]: readonly string[] } = {
  prompt: [...COMMON, ...PROMPTING],
  agent: [...COMMON, ...PROMPTING, "tools", "termination"],
  tool: [...COMMON, "tool", "args"],
  branch: [...COMMON, "predicate", "then", "else"],
  parallel: [...COMMON, "branches", "reduce"],
};
const ALL_FIELDS = new Set(Object.values(FIELDS).flat());
const VARIANTS = [["all_of"], ["any_of"], ["not"], ["path", "exists"], ["path", "op", "value"]];

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

  checkList(composition.steps, `${pointer}/steps`, undefined);

  function checkList(steps: readonly Step[], list: string, parent: StepNode | undefined): void {
    steps.forEach((step, index) => {
      const at = `${list}/${index}`;
      checkId(step, at);
      // A duplicate takes its place from the first of its name, so only its own fields are checked.
      const node = nodes.get(step.id);
      checkStep(step, at, parent ?? (node?.step === step ? node : undefined), parent !== undefined);
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

  // `owner` is the top-level step around this one, or the step itself.
  function checkStep(step: Step, at: string, owner: StepNode | undefined, nested: boolean): void {
    step.depends_on?.forEach((id, index) => findTopLevel(id, `${at}/depends_on/${index}`, owner));
    checkModifiers(step.modifiers, `${at}/modifiers`);
    if (isVendorKind(step.kind)) {
      if (options.stepKinds?.includes(step.kind) !== true) {
        report(
          "UNKNOWN_STEP_KIND",
          `${at}/kind`,
          `"${step.kind}" is a vendor's own kind; only runtimes that know it run this composition`,
        );
      }
      return;
    }
    checkFields(step, at, FIELDS[step.kind] ?? COMMON, ` of ${step.kind} steps`);
    if (isPrompting(step)) {
      checkPromptTask(step.prompt_task, `${at}/prompt_task`);
      checkSchemaReference(step.output_schema, `${at}/output_schema`, report);
      checkReferences(step.input, `${at}/input`, owner);
    }
    if (isAgent(step)) checkAgent(step, at);
    else if (isTool(step)) {
      checkTool(step.tool, `${at}/tool`);
      checkReferences(step.args, `${at}/args`, owner);
    } else if (isBranch(step)) checkBranch(step, at, owner, nested);
    else if (isParallel(step)) checkParallel(step, at, owner, nested);
  }

  function checkPromptTask(task: string, at: string): void {
    if (getOwn(pack.prompts, task) !== undefined) return;
    const ids = Object.keys(pack.prompts);
    report("UNKNOWN_PROMPT", at, `the pack has no prompt "${task}"; it has ${listNames(ids)}`, didYouMean(task, ids));
  }

  function checkTool(key: string, at: string): boolean {
    if (getOwn(pack.tools, key) !== undefined) return true;
    const keys = Object.keys(pack.tools ?? {});
    report("UNKNOWN_TOOL", at, `the pack has no tool "${key}"; it has ${listNames(keys)}`, didYouMean(key, keys));
    return false;
  }

  function checkAgent(step: AgentStep, at: string): void {
    const ofPrompt = getOwn(pack.prompts, step.prompt_task)?.tools ?? [];
    step.tools?.forEach((key, index) => {
      const place = `${at}/tools/${index}`;
      if (checkTool(key, place) && !ofPrompt.includes(key)) {
        report("STEP_TOOL_NOT_IN_PROMPT", place, `the prompt "${step.prompt_task}" does not list the tool "${key}"`);
      }
    });
    const { tool_called: called } = step.termination;
    const callable = step.tools ?? ofPrompt;
    if (called !== undefined && !callable.includes(called)) {
      report(
        "UNREACHABLE_TERMINATION",
        `${at}/termination/tool_called`,
        `the step cannot call "${called}"; it has ${listNames(callable)}`,
        didYouMean(called, callable),
      );
    }
    checkFields(step.termination, `${at}/termination`, ["max_steps", "tool_called"], " of termination");
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
    if (nested)
      report(
        "NESTED_PARALLEL",
        at,
        `parallel step "${step.id}" stands inside another; the spec does not say what that means`,
      );
    if (!reducerStrategies.includes(strategy) && !isVendorKind(strategy)) {
      const message = `the strategy "${strategy}" is unknown; there are ${listNames(reducerStrategies)}`;
      report("UNKNOWN_REDUCER", `${at}/reduce/strategy`, message, didYouMean(strategy, reducerStrategies));
    }
    if (into === "")
      report("EMPTY_REDUCER_NAME", `${at}/reduce/into`, "expected the name of the merged value, found empty text");
    checkFields(step.reduce, `${at}/reduce`, ["strategy", "into"], " of reduce");
    checkList(step.branches, `${at}/branches`, owner);
  }

  function checkModifiers(modifiers: StepModifiers | undefined, at: string): void {
    if (modifiers === undefined) return;
    checkFields(modifiers, at, ["retry", "eval"], " of modifiers");
    modifiers.eval?.forEach((id, index) => {
      evalIds ??= new Set((pack.evals ?? []).map((item) => item.id));
      if (evalIds.has(id)) return;
      report(
        "UNKNOWN_EVAL",
        `${at}/eval/${index}`,
        `the pack has no eval "${id}"; it has ${listNames(evalIds)}`,
        didYouMean(id, evalIds),
      );
    });
  }

  function checkFields(record: object, at: string, known: readonly string[], where: string): void {
    for (const key of Object.keys(record)) {
      // Annotation: RFC 0016 leaves these open.
      // A provider on a step that calls no model is reported by providers/.
      if (known.includes(key) || key === "provider" || key === "extensions" || /^x-|[.:/]/.test(key)) continue;
      const match = suggest(key, known);
      const wrong = match !== undefined || ALL_FIELDS.has(key);
      report(
        wrong ? "WRONG_STEP_FIELD" : "UNKNOWN_STEP_FIELD",
        at + formatPointer(key),
        `"${key}" is no field${where}; there are ${listNames(known)}`,
        {
          atKey: true,
          ...(match === undefined ? {} : { hint: `did you mean "${match}"?` }),
        },
      );
    }
  }

  function checkPredicate(predicate: Predicate, at: string, owner: StepNode | undefined): void {
    const keys = Object.keys(predicate);
    const variant = VARIANTS.find((fields) => fields.every((field) => keys.includes(field))) ?? [];
    const extra = keys.filter((key) => !variant.includes(key) && key !== "extensions" && !/^x-|[.:/]/.test(key));
    if (extra.length > 0) {
      report(
        "AMBIGUOUS_PREDICATE",
        at,
        `a predicate with ${listNames(variant)} takes nothing else, found ${listNames(extra)}`,
      );
    }
    const field = "all_of" in predicate ? "all_of" : "any_of";
    const list = "all_of" in predicate ? predicate.all_of : "any_of" in predicate ? predicate.any_of : undefined;
    if (list?.length === 0)
      report("EMPTY_PREDICATE", `${at}/${field}`, `an empty ${field} is always ${field === "all_of"}`);
    list?.forEach((part, index) => checkPredicate(part, `${at}/${field}/${index}`, owner));
    if ("not" in predicate) checkPredicate(predicate.not, `${at}/not`, owner);
    if (!("path" in predicate)) return;
    checkPath(predicate.path, `${at}/path`, owner);
    if (!("op" in predicate)) return;
    const { op, value } = predicate;
    const isSet = op === "in" || op === "not_in";
    if (isSet ? Array.isArray(value) : op.endsWith("equals") && !op.includes("than")) return;
    if (!isSet && typeof value === "number") return;
    report(
      "INVALID_COMPARISON",
      `${at}/value`,
      `${op} compares with ${isSet ? "an array" : "a number"}, found ${jsonTypeOf(value)}`,
    );
  }

  function checkPath(path: string, at: string, owner: StepNode | undefined): void {
    const reference = exactReference(path);
    if (reference !== undefined) checkReference(reference, at, owner, false);
    else {
      const wrapped = `\${${path}}`;
      const hint = exactReference(wrapped) === undefined ? {} : { hint: `write "${wrapped}"` };
      report("BARE_PATH", at, `expected exactly one \${...} reference, found "${path}"`, hint);
    }
  }

  function checkReferences(value: unknown, at: string, owner: StepNode | undefined): void {
    if (typeof value !== "string" && !isObject(value)) return;
    eachReferenceText(value, (text, path) => {
      const place = at + formatPointer(...path);
      for (const part of parseReferences(text)) {
        if (isReference(part)) checkReference(part, place, owner, true);
        else if (typeof part === "object") {
          report("INVALID_REFERENCE", place, `"${part.source}" is no reference: ${part.fault}`, { range: part.range });
        }
      }
    });
  }

  function checkReference(reference: Reference, at: string, owner: StepNode | undefined, needed: boolean): void {
    const { step: id, range, source } = reference;
    if (id === undefined) return;
    const target = findTopLevel(id, at, owner, range);
    if (target === undefined || owner === undefined) return;
    const { step } = target;
    const name = reference.path[0];
    if (cycle === undefined ? target.position >= owner.position : target.index >= owner.index) {
      report("LATER_STEP", at, `${source} names a step that has not run when "${owner.step.id}" starts`, { range });
    } else if (isBranch(step)) {
      report("NO_STEP_OUTPUT", at, `${source} names a branch step, which has no output`, { range });
    } else if (isParallel(step) && name !== undefined && name !== step.reduce.into) {
      report("UNRESOLVED_REFERENCE", at, `the output of the parallel step "${id}" holds only "${step.reduce.into}"`, {
        range,
        hint: `write "\${${id}.output.${step.reduce.into}}"`,
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
    range?: Reference["range"],
  ): StepNode | undefined {
    const target = nodes.get(id);
    const details = range === undefined ? {} : { range };
    if (target === undefined) {
      report("UNKNOWN_STEP", at, `the composition has no step "${id}"; it has ${listNames(nodes.keys())}`, {
        ...details,
        ...didYouMean(id, nodes.keys()),
      });
      return undefined;
    }
    if (target.parent === undefined) return target;
    const { step } = target.parent;
    const hint =
      isParallel(step) && step.id !== owner?.step.id
        ? { hint: `its results are at "\${${step.id}.output.${step.reduce.into}}"` }
        : {};
    report("STEP_OUT_OF_SCOPE", at, `step "${id}" stands inside the parallel step "${step.id}" and cannot be named`, {
      ...details,
      ...hint,
    });
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
