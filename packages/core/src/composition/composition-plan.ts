import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonValue } from "../json/json.ts";
import type { Composition, Step } from "../schema/sections/composition.ts";

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
