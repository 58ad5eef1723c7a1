import { quoteName } from "../../diagnostics/quote-name.ts";
import { getOwn } from "../../json/json.ts";
import type { WorkflowConfig, WorkflowState } from "../../schema/sections/workflow.ts";
import type { ExhaustedLimit, PendingEvent, TransitionRecord, WorkflowEffect, WorkflowRun } from "../workflow-run.ts";

const NOTHING: readonly never[] = Object.freeze([]);

/** A run that is open for one event, and what the host is to do next. */
export class OpenRun {
  readonly #workflow: WorkflowConfig;
  /** The host's time of the event. */
  readonly #at: number | undefined;
  run: WorkflowRun;
  readonly effects: WorkflowEffect[] = [];

  constructor(workflow: WorkflowConfig, run: WorkflowRun, at: number | undefined) {
    this.#workflow = workflow;
    this.#at = at;
    this.run = run.startedAt === null && at !== undefined ? { ...run, startedAt: at } : run;
  }

  /** @throws {TypeError} when the run belongs to another workflow */
  get state(): WorkflowState {
    const { state } = this.run;
    const found = getOwn(this.#workflow.states, state);
    if (found !== undefined) return found;
    throw new TypeError(`the workflow has no state ${quoteName(state)}; the run belongs to another workflow`);
  }

  change(changes: Partial<WorkflowRun>): void {
    this.run = { ...this.run, ...changes };
  }

  say(text: string): void {
    const { text: parts, state } = this.run;
    if (text !== "") this.change({ text: Object.freeze([...parts, Object.freeze({ state, text })]) });
  }

  /** Waits for the user or the host, who gets what the states said. */
  giveTurn(waitingFor: "user" | "host"): void {
    const { state, text: parts } = this.run;
    this.effects.push({ type: "yield", state, waitingFor, text: joined(parts), parts });
    this.change({ busy: false, text: NOTHING });
  }

  /** Leaves the work of the current state undone. */
  stop(): void {
    this.change({ busy: false, pending: null, text: NOTHING });
  }

  /** Runs the current state, unless wall time or the host's cap on states for one message is spent. */
  runState(): void {
    if (this.isLate()) return;
    const { state, runs, settings } = this.run;
    if (runs >= settings.maxRuns) return this.giveTurn("user");
    this.change({ busy: true, runs: runs + 1 });
    const { orchestration, composition = "", prompt_task: promptTask = "" } = this.state;
    this.effects.push(
      orchestration === "composition"
        ? { type: "run_composition", state, composition }
        : { type: "run_prompt", state, promptTask },
    );
  }

  /**
   * Enters the target of an event, or the first state with a visit left that it redirects to, and returns true; without
   * such a state, or a visit left in the budget, ends the run.
   */
  enter(fired: PendingEvent, by: TransitionRecord["by"]): boolean {
    const { state: from, visits, totalVisits, artifacts, toolCalls } = this.run;
    const { to, redirectedFrom } = this.#findRoom(fired.event);
    if (to === undefined) return this.#exhaust("max_visits");
    if (totalVisits >= this.#limitOf("max_total_visits")) return this.#exhaust("max_total_visits");
    const at = this.#at;
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
    this.change({
      state: to,
      visits: withEntry(visits, to, (getOwn(visits, to) ?? 0) + 1),
      totalVisits: totalVisits + 1,
      history: historyWith(this.run, record),
    });
    this.effects.push({
      type: "enter",
      state: to,
      history: this.state.persistence === "persistent" ? "keep" : "reset",
      ...(fired.context === undefined ? {} : { context: fired.context }),
    });
    return true;
  }

  /** Follows the redirects of states without a visit left. */
  #findRoom(event: string): { readonly to: string | undefined; readonly redirectedFrom: readonly string[] } {
    const redirectedFrom: string[] = [];
    let to = getOwn(this.state.on_event, event);
    while (to !== undefined) {
      const target = redirectedFrom.includes(to) ? undefined : getOwn(this.#workflow.states, to);
      if (target !== undefined && (getOwn(this.run.visits, to) ?? 0) < (target.max_visits ?? Infinity)) break;
      redirectedFrom.push(to);
      to = target?.on_max_visits;
    }
    return { to, redirectedFrom };
  }

  /** Counts a call of a tool, unless a budget is spent. */
  countToolCall(): void {
    if (this.isLate()) return;
    const { toolCalls } = this.run;
    if (toolCalls >= this.#limitOf("max_tool_calls")) this.#exhaust("max_tool_calls");
    else this.change({ toolCalls: toolCalls + 1 });
  }

  /**
   * Ends the run when its wall time is spent, and returns whether it is. Asked before new work only: what was already
   * done is never thrown away.
   */
  isLate(): boolean {
    const { startedAt } = this.run;
    if (startedAt === null || this.#at === undefined) return false;
    if (this.#at - startedAt <= this.#limitOf("max_wall_time_sec") * 1000) return false;
    this.#exhaust("max_wall_time_sec");
    return true;
  }

  /** Returns what a budget allows. */
  #limitOf(limit: Exclude<ExhaustedLimit, "max_visits">): number {
    return this.#workflow.engine?.budget?.[limit] ?? Infinity;
  }

  /** Ends the run at a limit; false says that it does not go on. */
  #exhaust(limit: ExhaustedLimit): false {
    this.end("budget_exhausted", limit);
    return false;
  }

  end(status: "completed" | "budget_exhausted", limit?: ExhaustedLimit): void {
    const { artifacts, text: parts } = this.run;
    const reason = limit === undefined ? {} : { limit };
    this.effects.push({ type: "end", status, ...reason, artifacts, text: joined(parts), parts });
    this.change({ status, busy: false, pending: null, text: NOTHING, limit: limit ?? null });
  }
}

const joined = (parts: readonly { readonly text: string }[]): string => parts.map(({ text }) => text).join("\n\n");

/** Returns the frozen record with one more entry. */
export function withEntry<T>(
  record: { readonly [key: string]: T },
  key: string,
  value: T,
): { readonly [key: string]: T } {
  return Object.freeze(Object.fromEntries([...Object.entries(record), [key, value]]));
}

function historyWith({ history, settings }: WorkflowRun, record: TransitionRecord): WorkflowRun["history"] {
  return settings.maxHistory < 1 ? NOTHING : Object.freeze([...history, record].slice(-settings.maxHistory));
}
