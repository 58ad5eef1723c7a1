import type { JsonObject, JsonValue } from "../../json/json.ts";
import type { Extensions } from "./pack.ts";

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
