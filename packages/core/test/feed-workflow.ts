import { initialState, type WorkflowOptions } from "../src/workflow/initial-state.ts";
import type { WorkflowConfig } from "../src/schema/sections/workflow.ts";
import { transition } from "../src/workflow/transition.ts";
import type { WorkflowEffect, WorkflowEvent, WorkflowRun } from "../src/workflow/workflow-run.ts";

export const workflowOf = (states: object, engine?: object): WorkflowConfig =>
  ({ version: 1, entry: "a", states, ...(engine === undefined ? {} : { engine }) }) as WorkflowConfig;
export const state = (on_event: object | undefined, more: object = {}): object => ({
  prompt_task: "p",
  ...(on_event === undefined ? {} : { on_event }),
  ...more,
});
export const end: object = state(undefined, { terminal: true });

/** Feeds events and returns the last run with the effects of the last event. */
export function feed(
  workflow: WorkflowConfig,
  events: readonly WorkflowEvent[],
  options: WorkflowOptions = {},
): { run: WorkflowRun; effects: readonly WorkflowEffect[] } {
  let run = initialState(workflow, options);
  let effects: readonly WorkflowEffect[] = [];
  for (const event of events) [run, effects] = transition(workflow, run, event);
  return { run, effects };
}

export const message: WorkflowEvent = { type: "message" };
export const reply = (text = ""): WorkflowEvent => ({ type: "reply", text });
export const asks = (event: string): WorkflowEvent => ({ type: "event", by: "agent", event });
export const host = (event: string): WorkflowEvent => ({ type: "event", by: "host", event });

export const types = (effects: readonly WorkflowEffect[]): string[] =>
  effects.map((effect) => ("state" in effect ? `${effect.type} ${effect.state}` : effect.type));
export const refused = (effects: readonly WorkflowEffect[]): unknown =>
  effects.map((effect) => (effect.type === "refuse" ? effect.diagnostic : effect));
