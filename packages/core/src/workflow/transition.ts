import { textOf } from "../composition/reference.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn, isObject, type JsonValue } from "../json/json.ts";
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
  return new Machine(workflow, run, event.at).handle(event);
}

class Machine {
  readonly #workflow: WorkflowConfig;
  readonly #before: WorkflowRun;
  readonly #at: number | undefined;
  #run: WorkflowRun;
  readonly #effects: WorkflowEffect[] = [];

  constructor(workflow: WorkflowConfig, run: WorkflowRun, at: number | undefined) {
    this.#workflow = workflow;
    this.#before = run;
    this.#at = at;
    this.#run = run.startedAt === null && at !== undefined ? { ...run, startedAt: at } : run;
  }

  handle(event: WorkflowEvent): Step {
    const fault = this.#faultOf(event);
    if (fault !== undefined) return [this.#before, [fault]];
    switch (event.type) {
      case "message":
        this.#change({ busy: true, runs: 0 });
        this.#runState();
        break;
      case "round":
        this.#isLate();
        break;
      case "tool_call":
        this.#countToolCall();
        break;
      case "set_artifact":
        this.#setArtifact(event);
        break;
      case "event":
        this.#fire(event);
        break;
      case "reply":
        this.#say(event.text);
        this.#settle(this.#run.pending, "agent");
        break;
      case "composition_output":
        this.#say(event.text ?? spokenText(event.output));
        this.#settle(mappedEvent(this.#state, event.output), "composition");
        break;
      case "stop":
        this.#change({ busy: false, pending: null, text: NOTHING });
    }
    const [first] = this.#effects;
    if (first?.type === "refuse") return [this.#before, [first]];
    return [Object.freeze(this.#run), Object.freeze(this.#effects)];
  }

  #faultOf({ type, ...event }: WorkflowEvent): WorkflowEffect | undefined {
    const isHost = type === "event" && "by" in event && event.by === "host";
    const startsWork = type === "message" || isHost;
    if (startsWork === this.#run.busy && type !== "set_artifact") {
      const message = startsWork
        ? `state "${this.#run.state}" is at work; a ${type} is possible when it has yielded`
        : `state "${this.#run.state}" is not at work, so there can be no ${type}`;
      return refusal("UNEXPECTED_EVENT", "/type", message);
    }
    const isComposition = this.#state.orchestration === "composition";
    if ((type === "reply" && isComposition) || (type === "composition_output" && !isComposition)) {
      const message = `state "${this.#run.state}" runs a ${isComposition ? "composition" : "prompt"}, so there can be no ${type}`;
      return refusal("UNEXPECTED_EVENT", "/type", message);
    }
    return undefined;
  }

  // Wall time is checked before new work only: what was already done is never thrown away.
  #isLate(): boolean {
    const limit = this.#workflow.engine?.budget?.max_wall_time_sec;
    const { startedAt } = this.#run;
    if (limit === undefined || startedAt === null || this.#at === undefined) return false;
    if (this.#at - startedAt <= limit * 1000) return false;
    this.#exhaust("max_wall_time_sec");
    return true;
  }

  #countToolCall(): void {
    if (this.#isLate()) return;
    const { toolCalls } = this.#run;
    if (toolCalls >= (this.#workflow.engine?.budget?.max_tool_calls ?? Infinity)) this.#exhaust("max_tool_calls");
    else this.#change({ toolCalls: toolCalls + 1 });
  }

  #setArtifact({ name, value }: EventOf<"set_artifact">): void {
    const declared = this.#state.artifacts ?? {};
    const definition = getOwn(declared, name);
    if (definition === undefined) {
      const names = Object.keys(declared);
      const message = `state "${this.#run.state}" declares no artifact "${name}"; it declares ${listNames(names)}`;
      this.#effects.push(refusal("UNKNOWN_ARTIFACT", "/name", message, didYouMean(name, names)));
      return;
    }
    const { artifacts, settings } = this.#run;
    const written = writeArtifact(definition, getOwn(artifacts, name), value, settings.maxArtifactLength);
    if ("value" in written) this.#change({ artifacts: withEntry(artifacts, name, written.value) });
    else this.#effects.push(refusal("INVALID_ARTIFACT", "/value", `artifact "${name}" is refused: ${written.fault}`));
  }

  #fire({ by, event, context }: EventOf<"event">): void {
    const allowed = eventsFor(this.#state, by);
    if (!allowed.includes(event)) {
      this.#effects.push(this.#refuseEvent(by, event, allowed));
      return;
    }
    if (this.#isLate()) return;
    const fired = { event, ...(context === undefined ? {} : { context }) };
    // A model may change its mind within one reply: the last event counts.
    if (by === "agent") this.#change({ pending: Object.freeze(fired) });
    else {
      this.#change({ runs: 0 });
      if (!this.#enter(fired, "host")) return;
      if (isEnding(this.#state) || this.#state.orchestration === "composition") this.#runState();
      else this.#change({ busy: false });
    }
  }

  #refuseEvent(by: "agent" | "host", event: string, allowed: readonly string[]): WorkflowEffect {
    const { state } = this.#run;
    const known = Object.keys(this.#state.on_event ?? {});
    const isKnown = known.includes(event);
    return isKnown
      ? refusal(
          "EVENT_NOT_ALLOWED",
          "/event",
          `the ${by} may not fire "${event}" in state "${state}", which is ${this.#state.terminal === true ? "terminal" : (this.#state.orchestration ?? "internal")}`,
        )
      : refusal(
          "UNKNOWN_EVENT",
          "/event",
          `state "${state}" has no event "${event}"; it has ${listNames(allowed.length > 0 ? allowed : known)}`,
          didYouMean(event, known),
        );
  }

  /** After the current state did its work: end, go on, or give the turn back. */
  #settle(pending: PendingEvent | null, by: "agent" | "composition"): void {
    this.#change({ pending: null });
    if (isEnding(this.#state)) this.#end("completed");
    else if (pending === null) this.#yield(by === "composition" ? "host" : "user");
    else if (this.#enter(pending, by)) {
      if (isEnding(this.#state) || this.#keepsTurn(this.#state)) this.#runState();
      else this.#yield();
    }
  }

  #keepsTurn({ control, orchestration }: WorkflowState): boolean {
    const absent = orchestration === "external" ? "user" : this.#run.settings.absentControl;
    return orchestration === "composition" || (control ?? absent) === "agent";
  }

  /** Runs the current state, unless wall time or the host's cap on states for one message is spent. */
  #runState(): void {
    if (this.#isLate()) return;
    const { state, runs, settings } = this.#run;
    if (runs >= settings.maxRuns) {
      this.#yield();
      return;
    }
    this.#change({ busy: true, runs: runs + 1 });
    const { orchestration, composition, prompt_task: promptTask } = this.#state;
    if (orchestration === "composition")
      this.#effects.push({ type: "run_composition", state, composition: composition ?? "" });
    else this.#effects.push({ type: "run_prompt", state, promptTask: promptTask ?? "" });
  }

  /** Enters an event's target, or the first state with a visit left that it redirects to; else ends the run. */
  #enter(fired: PendingEvent, by: TransitionRecord["by"]): boolean {
    const { visits, totalVisits, state: from, history, artifacts, toolCalls, settings } = this.#run;
    const redirectedFrom: string[] = [];
    let to = getOwn(this.#state.on_event, fired.event);
    for (;;) {
      const target = to === undefined || redirectedFrom.includes(to) ? undefined : getOwn(this.#workflow.states, to);
      if (to === undefined || target === undefined) return this.#exhaust("max_visits");
      if ((getOwn(visits, to) ?? 0) < (target.max_visits ?? Infinity)) break;
      redirectedFrom.push(to);
      to = target.on_max_visits;
    }
    if (totalVisits >= (this.#workflow.engine?.budget?.max_total_visits ?? Infinity))
      return this.#exhaust("max_total_visits");
    const record: TransitionRecord = Object.freeze({
      from,
      to,
      event: fired.event,
      by,
      ...(redirectedFrom.length === 0 ? {} : { redirectedFrom: Object.freeze(redirectedFrom) }),
      ...(this.#at === undefined ? {} : { at: this.#at }),
      artifacts,
      toolCalls,
    });
    this.#change({
      state: to,
      visits: withEntry(visits, to, (getOwn(visits, to) ?? 0) + 1),
      totalVisits: totalVisits + 1,
      history: settings.maxHistory < 1 ? NOTHING : Object.freeze([...history, record].slice(-settings.maxHistory)),
    });
    this.#effects.push({
      type: "enter",
      state: to,
      history: this.#state.persistence === "persistent" ? "keep" : "reset",
      ...(fired.context === undefined ? {} : { context: fired.context }),
    });
    return true;
  }

  #say(text: string): void {
    const { state, text: parts } = this.#run;
    if (text !== "") this.#change({ text: Object.freeze([...parts, Object.freeze({ state, text })]) });
  }

  #yield(waitingFor: "user" | "host" = "user"): void {
    const { state, text: parts } = this.#run;
    this.#effects.push({ type: "yield", state, waitingFor, text: joined(parts), parts });
    this.#change({ busy: false, text: NOTHING });
  }

  #exhaust(limit: ExhaustedLimit): false {
    this.#end("budget_exhausted", limit);
    return false;
  }

  #end(status: "completed" | "budget_exhausted", limit?: ExhaustedLimit): void {
    const { artifacts, text: parts } = this.#run;
    this.#effects.push({
      type: "end",
      status,
      ...(limit === undefined ? {} : { limit }),
      artifacts,
      text: joined(parts),
      parts,
    });
    this.#change({ status, busy: false, pending: null, text: NOTHING, limit: limit ?? null });
  }

  #change(changes: Partial<WorkflowRun>): void {
    this.#run = { ...this.#run, ...changes };
  }

  get #state(): WorkflowState {
    const state = getOwn(this.#workflow.states, this.#run.state);
    if (state === undefined)
      throw new TypeError(`the workflow has no state ${quoteName(this.#run.state)}; the run belongs to another workflow`);
    return state;
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
