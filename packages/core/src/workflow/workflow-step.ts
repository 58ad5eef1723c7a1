import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { InputError } from "../diagnostics/errors.ts";
import type { ToolCall, ToolDefinition } from "../messages/message.ts";
import { initialState } from "./initial-state.ts";
import { eventOfCall, stateTools } from "./state-tools.ts";
import { transition } from "./transition.ts";
import type { StateEvents, TypedWorkflow, WorkflowEffect, WorkflowEvent, WorkflowRun } from "./workflow-run.ts";

/** Where a workflow stands for a host that keeps all messages in one list. Plain JSON. */
export interface WorkflowProgress<State extends string = string> {
  readonly run: WorkflowRun<State>;
  /** What the workflow waits for, or how it ended; null while a state has work to do. */
  readonly outcome: Extract<WorkflowEffect, { readonly type: "yield" | "end" }> | null;
  /** The context that the state was entered with, and the index of the message where its conversation begins. */
  readonly work: { readonly context?: string; readonly from: number };
}

/** The work of one state. */
export interface WorkflowTask<State extends string = string, PromptTask extends string = string> {
  readonly state: State;
  /** What to run: the id of a prompt, or the name of a composition. */
  readonly promptTask?: PromptTask;
  readonly composition?: string;
  /** What the transition said about the work. */
  readonly context?: string;
  readonly artifacts: WorkflowRun["artifacts"];
}

export interface WorkflowStepOptions {
  /** The host's clock in milliseconds; without one, max_wall_time_sec is not measured. */
  readonly now?: () => number;
}

/**
 * Goes on with a workflow from where it stood, or begins it: `receive` what the user or the host says, and while `progress.run`
 * is busy do the `task` of its state. Source: SPEC 4.6, RULINGS 28.
 *
 * @throws {PackError} UNSUPPORTED_WORKFLOW_VERSION, UNKNOWN_STATE, when it begins
 */
export function resumeWorkflow<States extends StateEvents = StateEvents>(
  workflow: TypedWorkflow<States>,
  progress?: WorkflowProgress<keyof States & string>,
  options: WorkflowStepOptions = {},
): WorkflowStep<keyof States & string> {
  return new WorkflowStep(workflow, progress, options);
}

/** A workflow between two events, with what the host has to keep of them. */
export class WorkflowStep<State extends string = string> {
  /** Store it, and go on with it in another process. */
  progress: WorkflowProgress<State>;
  readonly #workflow: TypedWorkflow<StateEvents>;
  readonly #now: (() => number) | undefined;

  constructor(
    workflow: TypedWorkflow<StateEvents>,
    progress: WorkflowProgress<State> | undefined,
    { now }: WorkflowStepOptions,
  ) {
    this.#workflow = workflow;
    this.#now = now;
    const start = () => initialState(workflow, now && { at: now() }) as WorkflowRun<State>;
    this.progress = { run: progress?.run ?? start(), outcome: null, work: progress?.work ?? { from: 0 } };
  }

  get task(): WorkflowTask<State> {
    const { run, work } = this.progress;
    const { prompt_task: promptTask, composition } = this.#workflow.states[run.state] ?? {};
    return {
      state: run.state,
      ...(promptTask !== undefined && { promptTask }),
      ...(composition !== undefined && { composition }),
      ...(work.context !== undefined && { context: work.context }),
      artifacts: run.artifacts,
    };
  }

  /** The workflow's own tools: a model gets them beside those of the prompt. */
  get tools(): readonly ToolDefinition[] {
    return stateTools(this.#workflow, this.progress.run.state);
  }

  /**
   * Takes a message of the user, or an event of the host; `length` is how many messages there are with it.
   *
   * @throws {InputError} WORKFLOW_ENDED, UNKNOWN_EVENT, EVENT_NOT_ALLOWED
   */
  receive(event: { readonly event: string; readonly context?: string } | undefined, length: number): void {
    // work that failed left its state busy
    if (this.progress.run.busy) this.#apply({ type: "stop" }, length);
    this.progress = { ...this.progress, outcome: null };
    const given: WorkflowEvent = event ? { type: "event", by: "host", ...event } : { type: "message" };
    const refused = this.#apply(given, length);
    if (refused !== undefined) throw new InputError([refused]);
  }

  /**
   * Takes a tool call of the model: one of `tools` moves the workflow, any other counts against its budget.
   * Returns why it was refused: answer the model with it.
   */
  call(call: Pick<ToolCall, "name" | "arguments">): Diagnostic | undefined {
    const isOwn = this.tools.some(({ name }) => name === call.name);
    return this.#apply((isOwn ? eventOfCall(call) : undefined) ?? { type: "tool_call" }, 0);
  }

  /** Takes what the state said in the end; `length` is how many messages there are with it. */
  reply(text: string, length: number): void {
    const { orchestration } = this.#workflow.states[this.progress.run.state] ?? {};
    this.#apply({ type: orchestration === "composition" ? "composition_output" : "reply", text }, length);
  }

  #apply(event: WorkflowEvent, length: number): Diagnostic | undefined {
    // what a state says after its budget has ended the run is not heard
    if (this.progress.outcome?.type === "end") return undefined;
    const at = this.#now && { at: this.#now() };
    const [run, effects] = transition(this.#workflow, this.progress.run as WorkflowRun, { ...event, ...at });
    let outcome: WorkflowProgress["outcome"] = this.progress.outcome;
    let { work } = this.progress;
    for (const effect of effects) {
      if (effect.type === "refuse") return effect.diagnostic;
      if (effect.type === "yield" || effect.type === "end") outcome = effect;
      if (effect.type !== "enter") continue;
      const from = effect.history === "reset" ? length : work.from;
      work = { from, ...(effect.context !== undefined && { context: effect.context }) };
    }
    this.progress = { run: run as WorkflowRun<State>, outcome, work };
    return undefined;
  }
}
