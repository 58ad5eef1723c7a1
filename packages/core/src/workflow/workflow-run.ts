import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonValue } from "../json/json.ts";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";

/** A workflow that carries its states and their events, for the compiler only. */
export type TypedWorkflow<States extends StateEvents> = WorkflowConfig & { readonly "~states"?: States };
export interface StateEvents {
  readonly [state: string]: string;
}

/** One execution of a workflow: plain frozen JSON, which can be stored between any two events. */
export interface WorkflowRun<State extends string = string> {
  readonly version: 1;
  readonly status: "running" | "completed" | "budget_exhausted";
  /** The current state; after the end the last one. */
  readonly state: State;
  /** True from the message or event that starts work until the run yields or ends. */
  readonly busy: boolean;
  /** Milliseconds on the host's clock, from the first event that carried a time. */
  readonly startedAt: number | null;
  /** How often each state was entered. */
  readonly visits: { readonly [state: string]: number };
  readonly totalVisits: number;
  readonly toolCalls: number;
  /** One value for each artifact that was set. */
  readonly artifacts: { readonly [artifact: string]: JsonValue };
  /** The newest transitions, the oldest first. */
  readonly history: readonly TransitionRecord[];
  /** The event that the agent asked for; it happens when the agent's reply is complete. */
  readonly pending: PendingEvent | null;
  /** What the states said since the last yield. */
  readonly text: readonly StateText[];
  /** States that ran since the last message or host event. */
  readonly runs: number;
  /** Which limit ended the run. */
  readonly limit: ExhaustedLimit | null;
  readonly settings: WorkflowSettings;
}

export interface PendingEvent {
  readonly event: string;
  readonly context?: string;
}

export interface StateText {
  readonly state: string;
  readonly text: string;
}

export type ExhaustedLimit = "max_total_visits" | "max_tool_calls" | "max_wall_time_sec" | "max_visits";

/** A transition and what there was right before it. Source: R208, R209. */
export interface TransitionRecord {
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly by: "agent" | "host" | "composition";
  /** States that had no visit left, the event's own target first. */
  readonly redirectedFrom?: readonly string[];
  readonly at?: number;
  readonly artifacts: { readonly [artifact: string]: JsonValue };
  readonly toolCalls: number;
}

export interface WorkflowSettings {
  /** What an absent control means: "user" as RFC 0014 says, "agent" as PromptKit does. */
  readonly absentControl: "user" | "agent";
  /** Transitions kept for time travel. */
  readonly maxHistory: number;
  /** Characters of one artifact, as compact JSON where it is no text. */
  readonly maxArtifactLength: number;
  /** States that run for one message before the run yields. */
  readonly maxRuns: number;
}

/** What happened. `at` is the host's time in milliseconds; wall time is measured only between events that carry it. */
export type WorkflowEvent<Name extends string = string> = { readonly at?: number } & (
  | { readonly type: "message" }
  | { readonly type: "round" }
  | { readonly type: "tool_call" }
  | { readonly type: "set_artifact"; readonly name: string; readonly value: JsonValue }
  | { readonly type: "event"; readonly by: "agent" | "host"; readonly event: Name; readonly context?: string }
  | { readonly type: "reply"; readonly text: string }
  | { readonly type: "composition_output"; readonly output?: JsonValue; readonly text?: string }
  | { readonly type: "stop" }
);

/** What the host does next, in this order. */
export type WorkflowEffect =
  | {
      readonly type: "enter";
      readonly state: string;
      /** "reset" starts the state with an empty conversation, "keep" goes on with it (R181). */
      readonly history: "reset" | "keep";
      readonly context?: string;
    }
  | { readonly type: "run_prompt"; readonly state: string; readonly promptTask: string }
  | { readonly type: "run_composition"; readonly state: string; readonly composition: string }
  | {
      readonly type: "yield";
      readonly state: string;
      /** "host" when only the host can move the run on. */
      readonly waitingFor: "user" | "host";
      /** The parts joined with a blank line. */
      readonly text: string;
      readonly parts: readonly StateText[];
    }
  | {
      readonly type: "end";
      readonly status: "completed" | "budget_exhausted";
      readonly limit?: ExhaustedLimit;
      readonly artifacts: { readonly [artifact: string]: JsonValue };
      readonly text: string;
      readonly parts: readonly StateText[];
    }
  /**
   * Nothing changed: WORKFLOW_ENDED, WRONG_TYPE, WRONG_VALUE, UNEXPECTED_EVENT, UNKNOWN_EVENT, EVENT_NOT_ALLOWED, UNKNOWN_ARTIFACT or
   * INVALID_ARTIFACT.
   */
  | { readonly type: "refuse"; readonly diagnostic: Diagnostic };
