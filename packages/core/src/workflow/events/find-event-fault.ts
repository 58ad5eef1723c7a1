import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../../diagnostics/report.ts";
import { didYouMean, listNames } from "../../diagnostics/suggest.ts";
import { getOwn, jsonTypeOf } from "../../json/json.ts";
import type { WorkflowState } from "../../schema/sections/workflow.ts";
import { eventsFor } from "../state-tools.ts";
import type { WorkflowEvent, WorkflowRun } from "../workflow-run.ts";

/** The members of each event that are text, and whether they must be there. */
const TEXTS: { readonly [Type in WorkflowEvent["type"]]: { readonly [member: string]: boolean } } = {
  message: {},
  round: {},
  tool_call: {},
  set_artifact: { name: true },
  event: { event: true, context: false },
  reply: { text: true },
  composition_output: { text: false },
  stop: {},
};

/** Returns why a run refuses an event in its current state, or undefined. */
export function findEventFault(event: WorkflowEvent, run: WorkflowRun, state: WorkflowState): Diagnostic | undefined {
  return findMalformed(event) ?? findUntimely(event, run, state) ?? findForbidden(event, run, state);
}

// hostile: a host may pass on what a model wrote
function findMalformed(event: WorkflowEvent): Diagnostic | undefined {
  const members = getOwn(TEXTS, event?.type);
  if (members === undefined) {
    const message = `there is no such event; its type is one of ${listNames(Object.keys(TEXTS), 10)}`;
    return createDiagnostic("UNEXPECTED_EVENT", "/type", message);
  }
  for (const [name, isRequired] of Object.entries(members)) {
    const value = getOwn(event as { readonly [name: string]: unknown }, name);
    if (typeof value === "string" || (value === undefined && !isRequired)) continue;
    const found = value === undefined ? "nothing" : jsonTypeOf(value);
    return createDiagnostic("WRONG_TYPE", `/${name}`, `found ${found}, expected a string`);
  }
  if (event.type === "set_artifact" && event.value === undefined)
    return createDiagnostic("WRONG_TYPE", "/value", "found nothing, expected a value");
  if (event.type === "event" && event.by !== "agent" && event.by !== "host")
    return createDiagnostic("WRONG_VALUE", "/by", 'expected "agent" or "host"');
  return undefined;
}

function findUntimely(event: WorkflowEvent, run: WorkflowRun, state: WorkflowState): Diagnostic | undefined {
  const { type } = event;
  const startsWork = type === "message" || (type === "event" && event.by === "host");
  const isComposition = state.orchestration === "composition";
  let reason: string | undefined;
  if (startsWork === run.busy && type !== "set_artifact")
    reason = startsWork ? "is at work and has not yielded" : "is not at work";
  else if (type === (isComposition ? "reply" : "composition_output"))
    reason = `runs a ${isComposition ? "composition" : "prompt"}`;
  if (reason === undefined) return undefined;
  return createDiagnostic("UNEXPECTED_EVENT", "/type", `state "${run.state}" ${reason}, so there can be no ${type}`);
}

/** R185: whether the agent, or the host, may fire an event depends on the state. */
function findForbidden(event: WorkflowEvent, run: WorkflowRun, state: WorkflowState): Diagnostic | undefined {
  if (event.type !== "event") return undefined;
  const { by, event: name } = event;
  const allowed = eventsFor(state, by);
  if (allowed.includes(name)) return undefined;
  const known = Object.keys(state.on_event ?? {});
  if (known.includes(name)) {
    const mode = state.terminal === true ? "terminal" : (state.orchestration ?? "internal");
    const message = `the ${by} may not fire "${name}" in state "${run.state}", which is ${mode}`;
    return createDiagnostic("EVENT_NOT_ALLOWED", "/event", message);
  }
  const listed = listNames(allowed.length > 0 ? allowed : known);
  const message = `state "${run.state}" has no event "${name}"; it has ${listed}`;
  return createDiagnostic("UNKNOWN_EVENT", "/event", message, didYouMean(name, known));
}
