import { InputError, PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { namesOf, unknownName } from "../diagnostics/suggest.ts";
import { getOwn, isObject } from "../json/json.ts";
import type { WorkflowConfig, WorkflowState } from "../schema/sections/workflow.ts";
import type { StateEvents, TypedWorkflow, WorkflowRun, WorkflowSettings } from "./workflow-run.ts";

export interface WorkflowOptions<State extends string = string> extends Partial<WorkflowSettings> {
  /** Where an agent that is backed by a state enters; the workflow's entry when absent (R158). */
  readonly state?: State;
  /** The host's time in milliseconds, from which max_wall_time_sec counts. */
  readonly at?: number;
}

const DEFAULTS: WorkflowSettings = { absentControl: "user", maxHistory: 100, maxArtifactLength: 65_536, maxRuns: 32 };

/**
 * Returns a run that has entered its first state and waits for a message or a host event.
 * @throws {PackError} UNSUPPORTED_WORKFLOW_VERSION, or UNKNOWN_STATE for the workflow's entry
 * @throws {InputError} UNKNOWN_STATE for options.state; the message lists the states there are
 * @throws {TypeError} for what is no workflow
 */
export function initialState<States extends StateEvents = StateEvents>(
  workflow: TypedWorkflow<States>,
  options: WorkflowOptions<keyof States & string> = {},
): WorkflowRun<keyof States & string> {
  const { state = workflow?.entry, at, ...settings } = options;
  findState(workflow, state, options.state === undefined ? "/workflow/entry" : "/state");
  const fault = findVersionFault(workflow);
  if (fault !== undefined)
    throw new PackError([createDiagnostic("UNSUPPORTED_WORKFLOW_VERSION", "/workflow/version", fault)]);
  return Object.freeze({
    version: 1,
    status: "running",
    state: state as keyof States & string,
    busy: false,
    startedAt: at ?? null,
    visits: Object.freeze(Object.fromEntries([[state, 1]])),
    totalVisits: 1,
    toolCalls: 0,
    artifacts: Object.freeze({}),
    history: Object.freeze([]),
    pending: null,
    text: Object.freeze([]),
    runs: 0,
    limit: null,
    settings: Object.freeze({ ...DEFAULTS, ...settings }),
  });
}

/**
 * Returns a state by its name.
 * @throws {InputError} UNKNOWN_STATE; a PackError when the pack names it
 * @throws {TypeError} for what is no workflow
 */
export function findState(workflow: WorkflowConfig, name: string, pointer = "/state"): WorkflowState {
  if (!isObject(workflow?.states)) throw new TypeError("a workflow is pack.data.workflow");
  const state = getOwn(workflow.states, name);
  if (state !== undefined) return state;
  const Fault = pointer === "/state" ? InputError : PackError;
  throw new Fault([
    createDiagnostic("UNKNOWN_STATE", pointer, ...unknownName("state", name, namesOf(workflow.states))),
  ]);
}

/** Says that the version is none that the spec's texts use, 1 and 2, which mean the same, or returns undefined (R214). */
export function findVersionFault({ version }: Pick<WorkflowConfig, "version">): string | undefined {
  return version === 1 || version === 2 ? undefined : `workflow version ${version} is not supported; expected 1 or 2`;
}

/**
 * Returns the run as it was before its last `transitions` transitions, waiting in the state that it had then.
 * @throws {InputError} OUT_OF_RANGE when the history is shorter
 */
export function rewindWorkflow(run: WorkflowRun, transitions: number): WorkflowRun {
  const kept = run.history.length - transitions;
  const undone = run.history.slice(kept);
  const first = undone[0];
  if (!Number.isInteger(kept) || kept < 0 || first === undefined) {
    const message = `the run can go back by its last ${run.history.length} transitions, not by ${transitions}`;
    throw new InputError([createDiagnostic("OUT_OF_RANGE", "/transitions", message)]);
  }
  const visits = new Map(Object.entries(run.visits));
  for (const { to } of undone) visits.set(to, (visits.get(to) ?? 0) - 1);
  return Object.freeze({
    ...run,
    status: "running",
    state: first.from,
    busy: false,
    visits: Object.freeze(Object.fromEntries([...visits].filter(([, count]) => count > 0))),
    totalVisits: run.totalVisits - undone.length,
    toolCalls: first.toolCalls,
    artifacts: first.artifacts,
    history: Object.freeze(run.history.slice(0, kept)),
    pending: null,
    text: Object.freeze([]),
    runs: 0,
    limit: null,
  });
}
