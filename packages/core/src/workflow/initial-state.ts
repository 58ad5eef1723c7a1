import { InputError, PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";
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
 */
export function initialState<States extends StateEvents = StateEvents>(
  workflow: TypedWorkflow<States>,
  options: WorkflowOptions<keyof States & string> = {},
): WorkflowRun<keyof States & string> {
  const fault = findVersionFault(workflow);
  if (fault !== undefined)
    throw new PackError([createDiagnostic("UNSUPPORTED_WORKFLOW_VERSION", "/workflow/version", fault)]);
  const { state = workflow.entry, at, ...settings } = options;
  if (getOwn(workflow.states, state) === undefined) {
    const names = Object.keys(workflow.states);
    const message = `the workflow has no state "${state}"; it has ${listNames(names)}`;
    const pointer = options.state === undefined ? "/workflow/entry" : "/state";
    const diagnostic = createDiagnostic("UNKNOWN_STATE", pointer, message, didYouMean(state, names));
    throw options.state === undefined ? new PackError([diagnostic]) : new InputError([diagnostic]);
  }
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
    const message = `expected 1 to ${run.history.length} transitions, found ${transitions}`;
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
