import { textOf } from "../../composition/reference.ts";
import { getOwn, isObject, type JsonValue } from "../../json/json.ts";
import type { WorkflowState } from "../../schema/sections/workflow.ts";
import type { PendingEvent } from "../workflow-run.ts";

/** R278: the output, or its event field, names an event; a single event fires whatever the output is. */
export function mappedEvent(state: WorkflowState, output: JsonValue | undefined): PendingEvent | null {
  const events = state.on_event ?? {};
  const named = isObject(output) ? getOwn(output, "event") : output;
  if (typeof named === "string" && Object.hasOwn(events, named)) return { event: named };
  const [only, ...more] = Object.keys(events);
  return only !== undefined && more.length === 0 ? { event: only } : null;
}

/** Returns what the user reads of an output: its text field, else the output as text. */
export function spokenText(output: JsonValue | undefined): string {
  const text = isObject(output) ? getOwn(output, "text") : undefined;
  return typeof text === "string" ? text : textOf(output ?? null);
}
