import {
  anyObject,
  closed,
  count,
  flag,
  mapOf,
  oneOf,
  open,
  ref,
  type SchemaData,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonValue } from "../../json/json.ts";

/** A state machine over prompts. Source: schema 1.9.0, WorkflowConfig; RFC 0005, 0009, 0014. */
export interface WorkflowConfig {
  readonly version: number;
  readonly entry: string;
  readonly states: { readonly [state: string]: WorkflowState };
  readonly engine?: WorkflowEngine;
}

/** Returns whether the workflow completes after the state ran: terminal, or no event leads on (R190, R192). */
export function isEnding({ terminal, on_event: events = {} }: WorkflowState): boolean {
  return terminal === true || Object.keys(events).length === 0;
}

/** Open but for budget. */
export interface WorkflowEngine {
  readonly budget?: WorkflowBudget;
  readonly [key: string]: JsonValue | WorkflowBudget | undefined;
}

/** Absent fields mean no limit. */
export interface WorkflowBudget {
  readonly max_total_visits?: number;
  readonly max_tool_calls?: number;
  readonly max_wall_time_sec?: number;
}

export interface WorkflowState {
  /** Required unless orchestration is "composition". */
  readonly prompt_task?: string;
  readonly description?: string;
  /** Event name to target state. */
  readonly on_event?: { readonly [event: string]: string };
  /** "transient" (when absent) or "persistent". */
  readonly persistence?: string;
  readonly orchestration?: "internal" | "external" | "hybrid" | "composition";
  readonly control?: "user" | "agent";
  readonly composition?: string;
  /** A path or reference, or "none". */
  readonly skills?: string;
  readonly terminal?: boolean;
  readonly max_visits?: number;
  readonly on_max_visits?: string;
  readonly artifacts?: { readonly [artifact: string]: ArtifactDef };
  readonly extensions?: Extensions;
}

export interface ArtifactDef {
  /** A MIME type. */
  readonly type: string;
  readonly description?: string;
  readonly mode?: "replace" | "append";
}

export const workflowDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  WorkflowConfig: closed("version entry states", {
    version: count(),
    entry: text(),
    states: mapOf(ref("WorkflowState"), { minProperties: 1 }),
    engine: open("", { budget: ref("WorkflowBudget") }),
  }),
  WorkflowState: closed(
    "",
    {
      prompt_task: text(),
      description: text(),
      on_event: mapOf(text()),
      persistence: text(),
      orchestration: { ...oneOf("internal", "external", "hybrid", "composition"), default: "internal" },
      control: { ...oneOf("user", "agent"), default: "user" },
      composition: text(),
      skills: text(),
      terminal: flag(false),
      max_visits: count(),
      on_max_visits: text(),
      artifacts: mapOf(ref("ArtifactDef")),
      extensions: anyObject,
    },
    {
      if: { properties: { orchestration: { const: "composition" } }, required: ["orchestration"] },
      then: { required: ["composition"] },
      else: { required: ["prompt_task"] },
    },
  ),
  ArtifactDef: closed("type", {
    type: text(),
    description: text(),
    mode: { ...oneOf("replace", "append"), default: "replace" },
  }),
  WorkflowBudget: closed("", { max_total_visits: count(), max_tool_calls: count(), max_wall_time_sec: count() }),
});
