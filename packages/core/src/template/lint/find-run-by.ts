import { isObject } from "../../json/json.ts";
import type { TemplateSlice, TemplateStep } from "./template-slice.ts";

/** The prompts that states run, directly or in their composition, and those that any composition step runs. */
export interface RunBy {
  readonly state: ReadonlySet<unknown>;
  readonly step: ReadonlySet<unknown>;
}

/** Returns who runs which prompt. */
export function findRunBy({ workflow, compositions = {} }: TemplateSlice): RunBy {
  const states = Object.values(workflow?.states ?? {});
  const state = new Set<unknown>(states.map(({ prompt_task }) => prompt_task));
  const step = new Set<unknown>();
  const used = new Set(states.map(({ composition }) => composition));
  for (const [name, { steps }] of Object.entries(compositions)) {
    for (const one of steps) addPrompts(one, used.has(name) ? [state, step] : [step], 0);
  }
  return { state, step };
}

function addPrompts({ prompt_task, branches }: TemplateStep, sets: readonly Set<unknown>[], level: number): void {
  for (const set of sets) set.add(prompt_task);
  // hostile: branches nest as deep as the document does
  if (level >= 128 || !Array.isArray(branches)) return;
  for (const branch of branches) if (isStep(branch)) addPrompts(branch, sets, level + 1);
}

const isStep = (value: unknown): value is TemplateStep => isObject(value) && typeof value["kind"] === "string";
