import { textOf } from "../composition/reference.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn, isObject, type JsonValue, jsonTypeOf } from "../json/json.ts";
import type { WorkflowConfig, WorkflowState } from "../schema/sections/workflow.ts";
import { eventsFor, isEnding } from "./state-tools.ts";
import type {
  ExhaustedLimit,
  PendingEvent,
  StateEvents,
  TransitionRecord,
  TypedWorkflow,
  WorkflowEffect,
  WorkflowEvent,
  WorkflowRun,
} from "./workflow-run.ts";
import { writeArtifact } from "./artifacts.ts";

type EventOf<Type extends WorkflowEvent["type"]> = Extract<WorkflowEvent, { readonly type: Type }>;
const NOTHING: readonly never[] = Object.freeze([]);

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
  if (run.status !== "running") {
    const message = `the workflow has ended (${run.status}) in state "${run.state}"`;
    return [run, [refusal("WORKFLOW_ENDED", "", message)]];
  }
  return handleEvent(workflow, run, event) as Step<keyof States & string>;
}

function handleEvent(workflow: WorkflowConfig, before: WorkflowRun, event: WorkflowEvent): Step {
  const { at } = event;
  const budget = workflow.engine?.budget ?? {};
  const effects: WorkflowEffect[] = [];
  let run: WorkflowRun = before.startedAt === null && at !== undefined ? { ...before, startedAt: at } : before;
  let state = stateOf(before.state);

  refuseMalformed();
  if (effects.length === 0) refuseUntimely();
  if (effects.length === 0) handle();
  return [effects[0]?.type === "refuse" ? before : Object.freeze(run), Object.freeze(effects)];

  function stateOf(name: string): WorkflowState {
    const found = getOwn(workflow.states, name);
    if (found !== undefined) return found;
    throw new TypeError(`the workflow has no state ${quoteName(name)}; the run belongs to another workflow`);
  }

  function change(changes: Partial<WorkflowRun>): void {
    run = { ...run, ...changes };
  }

  function refuse(code: DiagnosticCode, pointer: string, message: string, details?: { hint?: string }): void {
    effects.push(refusal(code, pointer, message, details));
  }

  // hostile: a host may pass on what a model wrote
  function refuseMalformed(): void {
    const members = getOwn(TEXTS, event.type);
    if (members === undefined) {
      const message = `there is no such event; its type is one of ${listNames(Object.keys(TEXTS), 10)}`;
      return refuse("UNEXPECTED_EVENT", "/type", message);
    }
    for (const [name, isRequired] of Object.entries(members)) {
      const value = getOwn(event as { readonly [name: string]: unknown }, name);
      if (typeof value === "string" || (value === undefined && !isRequired)) continue;
      const found = value === undefined ? "nothing" : jsonTypeOf(value);
      return refuse("WRONG_TYPE", `/${name}`, `found ${found}, expected a string`);
    }
    if (event.type === "set_artifact" && event.value === undefined)
      return refuse("WRONG_TYPE", "/value", "found nothing, expected a value");
    if (event.type === "event" && event.by !== "agent" && event.by !== "host")
      refuse("WRONG_VALUE", "/by", 'expected "agent" or "host"');
  }

  function refuseUntimely(): void {
    const { type } = event;
    const startsWork = type === "message" || (type === "event" && event.by === "host");
    const isComposition = state.orchestration === "composition";
    const unexpected = (reason: string): void =>
      refuse("UNEXPECTED_EVENT", "/type", `state "${run.state}" ${reason}, so there can be no ${type}`);
    if (startsWork === run.busy && type !== "set_artifact")
      unexpected(startsWork ? "is at work and has not yielded" : "is not at work");
    else if ((type === "reply" && isComposition) || (type === "composition_output" && !isComposition))
      unexpected(`runs a ${isComposition ? "composition" : "prompt"}`);
  }

  function handle(): void {
    switch (event.type) {
      case "message":
        change({ busy: true, runs: 0 });
        return runState();
      case "round":
        isLate();
        return;
      case "tool_call":
        return countToolCall();
      case "set_artifact":
        return setArtifact(event);
      case "event":
        return fire(event);
      case "reply":
        say(event.text);
        return settle(run.pending, "agent");
      case "composition_output":
        say(event.text ?? spokenText(event.output));
        return settle(mappedEvent(state, event.output), "composition");
      case "stop":
        change({ busy: false, pending: null, text: NOTHING });
    }
  }

  // Wall time is checked before new work only: what was already done is never thrown away.
  function isLate(): boolean {
    const limit = budget.max_wall_time_sec;
    if (limit === undefined || run.startedAt === null || at === undefined) return false;
    if (at - run.startedAt <= limit * 1000) return false;
    exhaust("max_wall_time_sec");
    return true;
  }

  function countToolCall(): void {
    if (isLate()) return;
    if (run.toolCalls >= (budget.max_tool_calls ?? Infinity)) exhaust("max_tool_calls");
    else change({ toolCalls: run.toolCalls + 1 });
  }

  function setArtifact({ name, value }: EventOf<"set_artifact">): void {
    const declared = state.artifacts ?? {};
    const definition = getOwn(declared, name);
    if (definition === undefined) {
      const names = Object.keys(declared);
      const message = `state "${run.state}" declares no artifact "${name}"; it declares ${listNames(names)}`;
      return refuse("UNKNOWN_ARTIFACT", "/name", message, didYouMean(name, names));
    }
    const { artifacts, settings } = run;
    const written = writeArtifact(definition, getOwn(artifacts, name), value, settings.maxArtifactLength);
    if ("value" in written) change({ artifacts: withEntry(artifacts, name, written.value) });
    else refuse("INVALID_ARTIFACT", "/value", `artifact "${name}" is refused: ${written.fault}`);
  }

  function fire({ by, event: name, context }: EventOf<"event">): void {
    const allowed = eventsFor(state, by);
    if (!allowed.includes(name)) return refuseEvent(by, name, allowed);
    if (isLate()) return;
    const fired = { event: name, ...(context === undefined ? {} : { context }) };
    // A model may change its mind within one reply: the last event counts.
    if (by === "agent") return change({ pending: Object.freeze(fired) });
    change({ runs: 0 });
    if (!enter(fired, "host")) return;
    if (isEnding(state) || state.orchestration === "composition") runState();
    else change({ busy: false });
  }

  function refuseEvent(by: "agent" | "host", name: string, allowed: readonly string[]): void {
    const known = Object.keys(state.on_event ?? {});
    if (known.includes(name)) {
      const mode = state.terminal === true ? "terminal" : (state.orchestration ?? "internal");
      const message = `the ${by} may not fire "${name}" in state "${run.state}", which is ${mode}`;
      return refuse("EVENT_NOT_ALLOWED", "/event", message);
    }
    const listed = listNames(allowed.length > 0 ? allowed : known);
    const message = `state "${run.state}" has no event "${name}"; it has ${listed}`;
    refuse("UNKNOWN_EVENT", "/event", message, didYouMean(name, known));
  }

  /** After the current state did its work: end, go on, or give the turn back. */
  function settle(pending: PendingEvent | null, by: "agent" | "composition"): void {
    change({ pending: null });
    if (isEnding(state)) end("completed");
    else if (pending === null) giveTurn(by === "composition" ? "host" : "user");
    else if (enter(pending, by)) {
      if (isEnding(state) || keepsTurn(state)) runState();
      else giveTurn();
    }
  }

  function keepsTurn({ control, orchestration }: WorkflowState): boolean {
    const absent = orchestration === "external" ? "user" : run.settings.absentControl;
    return orchestration === "composition" || (control ?? absent) === "agent";
  }

  /** Runs the current state, unless wall time or the host's cap on states for one message is spent. */
  function runState(): void {
    if (isLate()) return;
    const { state: name, runs, settings } = run;
    if (runs >= settings.maxRuns) return giveTurn();
    change({ busy: true, runs: runs + 1 });
    const { orchestration, composition = "", prompt_task: promptTask = "" } = state;
    effects.push(
      orchestration === "composition"
        ? { type: "run_composition", state: name, composition }
        : { type: "run_prompt", state: name, promptTask },
    );
  }

  /** Enters an event's target, or the first state with a visit left that it redirects to; else ends the run. */
  function enter(fired: PendingEvent, by: TransitionRecord["by"]): boolean {
    const { visits, totalVisits, state: from, history, artifacts, toolCalls, settings } = run;
    const redirectedFrom: string[] = [];
    let to = getOwn(state.on_event, fired.event);
    for (;;) {
      const target = to === undefined || redirectedFrom.includes(to) ? undefined : getOwn(workflow.states, to);
      if (to === undefined || target === undefined) return exhaust("max_visits");
      if ((getOwn(visits, to) ?? 0) < (target.max_visits ?? Infinity)) break;
      redirectedFrom.push(to);
      to = target.on_max_visits;
    }
    if (totalVisits >= (budget.max_total_visits ?? Infinity)) return exhaust("max_total_visits");
    const record: TransitionRecord = Object.freeze({
      from,
      to,
      event: fired.event,
      by,
      ...(redirectedFrom.length === 0 ? {} : { redirectedFrom: Object.freeze(redirectedFrom) }),
      ...(at === undefined ? {} : { at }),
      artifacts,
      toolCalls,
    });
    state = stateOf(to);
    change({
      state: to,
      visits: withEntry(visits, to, (getOwn(visits, to) ?? 0) + 1),
      totalVisits: totalVisits + 1,
      history: settings.maxHistory < 1 ? NOTHING : Object.freeze([...history, record].slice(-settings.maxHistory)),
    });
    effects.push({
      type: "enter",
      state: to,
      history: state.persistence === "persistent" ? "keep" : "reset",
      ...(fired.context === undefined ? {} : { context: fired.context }),
    });
    return true;
  }

  function say(text: string): void {
    if (text !== "") change({ text: Object.freeze([...run.text, Object.freeze({ state: run.state, text })]) });
  }

  function giveTurn(waitingFor: "user" | "host" = "user"): void {
    const { state: name, text: parts } = run;
    effects.push({ type: "yield", state: name, waitingFor, text: joined(parts), parts });
    change({ busy: false, text: NOTHING });
  }

  function exhaust(limit: ExhaustedLimit): false {
    end("budget_exhausted", limit);
    return false;
  }

  function end(status: "completed" | "budget_exhausted", limit?: ExhaustedLimit): void {
    const { artifacts, text: parts } = run;
    const reason = limit === undefined ? {} : { limit };
    effects.push({ type: "end", status, ...reason, artifacts, text: joined(parts), parts });
    change({ status, busy: false, pending: null, text: NOTHING, limit: limit ?? null });
  }
}

// R278: the output, or its event field, names an event; a single event fires whatever the output is.
function mappedEvent(state: WorkflowState, output: JsonValue | undefined): PendingEvent | null {
  const events = state.on_event ?? {};
  const named = isObject(output) ? getOwn(output, "event") : output;
  if (typeof named === "string" && Object.hasOwn(events, named)) return { event: named };
  const [only, ...more] = Object.keys(events);
  return only !== undefined && more.length === 0 ? { event: only } : null;
}

function spokenText(output: JsonValue | undefined): string {
  const text = isObject(output) ? getOwn(output, "text") : undefined;
  return typeof text === "string" ? text : textOf(output ?? null);
}

const joined = (parts: readonly { readonly text: string }[]): string => parts.map(({ text }) => text).join("\n\n");

function withEntry<T>(record: { readonly [key: string]: T }, key: string, value: T): { readonly [key: string]: T } {
  return Object.freeze(Object.fromEntries([...Object.entries(record), [key, value]]));
}

function refusal(
  code: DiagnosticCode,
  pointer: string,
  message: string,
  details: { hint?: string } = {},
): WorkflowEffect {
  return { type: "refuse", diagnostic: createDiagnostic(code, pointer, message, details) };
}
