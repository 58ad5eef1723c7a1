import {
  anyObject,
  anything,
  closed,
  count,
  flag,
  list,
  NAME,
  oneOf,
  open,
  ref,
  type SchemaData,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";

/** A step graph that a workflow state runs. Source: schema 1.9.0, Composition; RFC 0010. */
export interface Composition {
  readonly version: 1;
  readonly description?: string;
  readonly input_schema?: string;
  readonly output_schema?: string;
  /** The step whose output is the result; the last one when absent. */
  readonly output?: string;
  readonly steps: readonly Step[];
  readonly engine?: JsonObject;
  readonly extensions?: Extensions;
}

export type Step = PromptStep | AgentStep | ToolStep | BranchStep | ParallelStep | VendorStep;

/** What every kind of step has. Steps are open: unknown keys pass the schema and are linted. */
export interface StepBase {
  readonly id: string;
  readonly description?: string;
  readonly depends_on?: readonly string[];
  readonly modifiers?: StepModifiers;
}

export interface PromptStep extends StepBase {
  readonly kind: "prompt";
  readonly prompt_task: string;
  readonly provider?: string;
  readonly input?: StepInput;
  readonly output_schema?: string;
}

export interface AgentStep extends StepBase {
  readonly kind: "agent";
  readonly prompt_task: string;
  readonly provider?: string;
  readonly input?: StepInput;
  readonly tools?: readonly string[];
  readonly termination: Termination;
  readonly output_schema?: string;
}

export interface ToolStep extends StepBase {
  readonly kind: "tool";
  readonly tool: string;
  readonly args?: JsonObject;
}

export interface BranchStep extends StepBase {
  readonly kind: "branch";
  readonly predicate: Predicate;
  readonly then: string;
  readonly else?: string;
}

export interface ParallelStep extends StepBase {
  readonly kind: "parallel";
  readonly branches: readonly Step[];
  readonly reduce: Reducer;
}

/** A kind of its vendor's own, such as "acme.judge"; its other fields are the vendor's. */
export interface VendorStep extends StepBase {
  readonly kind: `${string}.${string}`;
  readonly [key: string]: unknown;
}

/** A literal or one `${...}` reference as text, or an object that holds them at any depth. */
export type StepInput = string | JsonObject;

export type Predicate =
  | ComparePredicate
  | ExistsPredicate
  | { readonly all_of: readonly Predicate[] }
  | { readonly any_of: readonly Predicate[] }
  | { readonly not: Predicate };

export interface ComparePredicate {
  readonly path: string;
  readonly op: CompareOperator;
  readonly value: JsonValue;
}

export type CompareOperator =
  | "equals"
  | "not_equals"
  | "in"
  | "not_in"
  | "less_than"
  | "less_than_or_equals"
  | "greater_than"
  | "greater_than_or_equals";

export interface ExistsPredicate {
  readonly path: string;
  readonly exists: boolean;
}

/** Known strategies: "append", "replace", "barrier". */
export interface Reducer {
  readonly strategy: string;
  readonly into: string;
}

export interface StepModifiers {
  readonly retry?: { readonly max_attempts?: number };
  /** Ids of pack evals. */
  readonly eval?: readonly string[];
  readonly [key: string]: unknown;
}

/** At least one of the two. */
export interface Termination {
  readonly max_steps?: number;
  readonly tool_called?: string;
}

// A vendor kind has a dot, which TypeScript cannot tell from the five kinds of the spec.
export const isParallel = (step: Step): step is ParallelStep => step.kind === "parallel";
export const isBranch = (step: Step): step is BranchStep => step.kind === "branch";
export const isTool = (step: Step): step is ToolStep => step.kind === "tool";
export const isAgent = (step: Step): step is AgentStep => step.kind === "agent";
export const isPrompting = (step: Step): step is PromptStep | AgentStep =>
  step.kind === "prompt" || step.kind === "agent";

/** Returns the steps inside a parallel step, else nothing. */
export const stepsInside = (step: Step): readonly Step[] => (isParallel(step) ? step.branches : []);

/** Returns whether the kind is one of a vendor's own, such as "acme.judge". */
export const isVendorKind = (kind: string): boolean => kind.includes(".");

const step = (kind: string, required: string, properties: { readonly [name: string]: SchemaData }): SchemaData => ({
  required: `kind ${required}`.split(" "),
  properties: { kind: { const: kind }, ...properties },
});
const calls = { prompt_task: text(), provider: text(), input: ref("StepInput"), output_schema: text() };

export const compositionDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  Composition: closed("version steps", {
    version: { type: "integer", const: 1 },
    description: text(),
    input_schema: text(),
    output_schema: text(),
    output: text(),
    steps: list(ref("Step"), { minItems: 1 }),
    engine: anyObject,
    extensions: anyObject,
  }),
  Step: open(
    "id kind",
    {
      id: text({ pattern: NAME }),
      kind: text(),
      description: text(),
      depends_on: list(text()),
      modifiers: ref("StepModifiers"),
    },
    { oneOf: ["PromptStep", "AgentStep", "ToolStep", "BranchStep", "ParallelStep", "ExtensionStep"].map(ref) },
  ),
  PromptStep: step("prompt", "prompt_task", calls),
  AgentStep: step("agent", "prompt_task termination", {
    ...calls,
    tools: list(text()),
    termination: ref("TerminationPredicate"),
  }),
  ToolStep: step("tool", "tool", { tool: text(), args: anyObject }),
  BranchStep: step("branch", "predicate then", { predicate: ref("Predicate"), then: text(), else: text() }),
  ParallelStep: step("parallel", "branches reduce", {
    branches: list(ref("Step"), { minItems: 2 }),
    reduce: ref("Reducer"),
  }),
  ExtensionStep: {
    required: ["kind"],
    properties: { kind: text({ pattern: "^[a-z][a-z0-9_-]*\\.[a-z][a-z0-9_.-]*$" }) },
  },
  Predicate: {
    oneOf: ["ComparePredicate", "ExistsPredicate", "AllOfPredicate", "AnyOfPredicate", "NotPredicate"].map(ref),
  },
  ComparePredicate: open("path op value", {
    path: text(),
    op: oneOf(
      "equals",
      "not_equals",
      "in",
      "not_in",
      "less_than",
      "less_than_or_equals",
      "greater_than",
      "greater_than_or_equals",
    ),
    value: anything,
  }),
  ExistsPredicate: open("path exists", { path: text(), exists: flag() }),
  AllOfPredicate: open("all_of", { all_of: list(ref("Predicate")) }),
  AnyOfPredicate: open("any_of", { any_of: list(ref("Predicate")) }),
  NotPredicate: open("not", { not: ref("Predicate") }),
  Reducer: open("strategy into", { strategy: text(), into: text() }),
  StepModifiers: open("", { retry: open("", { max_attempts: count() }), eval: list(text()) }),
  TerminationPredicate: open(
    "",
    { max_steps: count(), tool_called: text() },
    { anyOf: [{ required: ["max_steps"] }, { required: ["tool_called"] }] },
  ),
  StepInput: { oneOf: [text(), anyObject] },
});
