import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";
import { findEventFault } from "./events/find-event-fault.ts";
import { OpenRun } from "./events/open-run.ts";
import { takeEvent } from "./events/take-event.ts";
import type { StateEvents, TypedWorkflow, WorkflowEffect, WorkflowEvent, WorkflowRun } from "./workflow-run.ts";

type Step<State extends string = string> = readonly [WorkflowRun<State>, readonly WorkflowEffect[]];

/**
 * Returns the run after an event, and what the host does next. Pure: a refused event changes nothing and
 * comes back as a `refuse` effect, and every budget allows exactly its number: the next one ends the run.
 * Source: SPEC 4.6, RULINGS 28.
 */
export function transition<States extends StateEvents = StateEvents>(
  workflow: TypedWorkflow<States>,
  run: WorkflowRun<keyof States & string>,
  event: WorkflowEvent<States[keyof States]>,
): Step<keyof States & string> {
  return handleEvent(workflow, run, event) as Step<keyof States & string>;
}

function handleEvent(workflow: WorkflowConfig, run: WorkflowRun, event: WorkflowEvent): Step {
  if (run?.status === undefined) throw new TypeError("a run is what initialState returns");
  if (run.status !== "running") {
    const message = `the workflow has ended (${run.status}) in state "${run.state}"`;
    return refuse(run, createDiagnostic("WORKFLOW_ENDED", "", message));
  }
  const open = new OpenRun(workflow, run, event?.at);
  const fault = findEventFault(event, run, open.state) ?? takeEvent(open, event);
  return fault === undefined ? [Object.freeze(open.run), Object.freeze(open.effects)] : refuse(run, fault);
}

function refuse(run: WorkflowRun, diagnostic: Diagnostic): Step {
  return [run, Object.freeze([{ type: "refuse", diagnostic }])];
}
