import { quoteName } from "../../diagnostics/quote-name.ts";
import { didYouMean, listNames, namesOf, unknownName } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { formatPointer } from "../../json/pointer.ts";
import { isEnding, type WorkflowState } from "../../schema/sections/workflow.ts";
import { type LintRun, reportState } from "./lint-run.ts";

type Events = readonly (readonly [event: string, target: string])[];

const PERSISTENCES = ["transient", "persistent"];

/** Checks one state by itself, and that what it names is there. */
export function checkState(run: LintRun, name: string, state: WorkflowState): void {
  const events = Object.entries(state.on_event ?? {});
  checkWork(run, name, state);
  for (const [event, target] of events) {
    checkTarget(run, target, "states", name, "on_event", event);
    if (!/^[A-Z][A-Za-z0-9]*$/.test(event)) run.oddEvents.push([name, event]);
  }
  checkRedirect(run, name, state);
  checkPersistence(run, name, state);
  checkEnd(run, name, state, events);
  checkControl(run, name, state);
}

/** Checks that a state is there; the path leads from the workflow to its name. */
export function checkTarget(run: LintRun, target: string, ...path: readonly string[]): void {
  if (Object.hasOwn(run.workflow.states, target)) return;
  const [message, hint] = unknownName("state", target, namesOf(run.workflow.states));
  const note = Object.hasOwn(run.pack.prompts, target) ? `; ${quoteName(target)} is a prompt` : "";
  run.report("UNKNOWN_STATE", formatPointer("workflow", ...path), `${message}${note}`, hint);
}

function checkWork(run: LintRun, name: string, state: WorkflowState): void {
  const { composition, prompt_task: task, orchestration = "internal" } = state;
  const { prompts, compositions } = run.pack;
  if (orchestration === "composition") {
    if (task !== undefined)
      reportState(run, "IGNORED_PROMPT_TASK", [name, "prompt_task"], "a state that runs a composition runs no prompt");
    if (composition !== undefined && getOwn(compositions, composition) === undefined) {
      const unknown = unknownName("composition", composition, namesOf(compositions));
      reportState(run, "UNKNOWN_COMPOSITION", [name, "composition"], ...unknown);
    }
    return;
  }
  if (composition !== undefined) {
    const message = `only a state with orchestration composition runs one; this one is ${orchestration}`;
    reportState(run, "MISPLACED_COMPOSITION", [name, "composition"], message);
  }
  if (task !== undefined && !Object.hasOwn(prompts, task))
    reportState(run, "UNKNOWN_PROMPT", [name, "prompt_task"], ...unknownName("prompt", task, namesOf(prompts)));
}

function checkRedirect(run: LintRun, name: string, { on_max_visits: redirect, max_visits }: WorkflowState): void {
  if (redirect === undefined) return;
  checkTarget(run, redirect, "states", name, "on_max_visits");
  if (max_visits === undefined)
    reportState(run, "UNUSED_REDIRECT", [name, "on_max_visits"], "without max_visits this never applies");
}

function checkPersistence(run: LintRun, name: string, { persistence = "transient" }: WorkflowState): void {
  if (PERSISTENCES.includes(persistence)) return;
  const message = `expected "transient" or "persistent", found ${quoteName(persistence)}`;
  reportState(run, "UNKNOWN_PERSISTENCE", [name, "persistence"], message, didYouMean(persistence, PERSISTENCES));
}

function checkEnd(run: LintRun, name: string, state: WorkflowState, events: Events): void {
  if (state.terminal === true) {
    if (events.length === 0) return;
    const found = listNames(events.map(([event]) => event));
    reportState(run, "TERMINAL_WITH_EVENTS", [name, "on_event"], `the state is terminal, so ${found} never happen`);
  } else if (events.length === 0 && state.max_visits === undefined) {
    reportState(run, "DEAD_END_STATE", [name], `state "${name}" has no events, so the workflow ends here`, {
      hint: 'write "terminal": true',
      ...(state.on_event === undefined ? {} : { severity: "info" }),
    });
  }
}

function checkControl(run: LintRun, name: string, state: WorkflowState): void {
  const { control, orchestration } = state;
  if (isEnding(state)) {
    if (control === "agent")
      reportState(run, "INERT_CONTROL", [name, "control"], "control has no effect where the workflow ends");
  } else if (control !== undefined && (orchestration === "external" || orchestration === "composition")) {
    const message = `control has no effect where orchestration is ${orchestration}`;
    reportState(run, "INERT_CONTROL", [name, "control"], message, { severity: "info" });
  }
}
