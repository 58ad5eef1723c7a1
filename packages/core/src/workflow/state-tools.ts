import { parseDocument } from "../document/parse-document.ts";
import type { ToolCall, ToolDefinition } from "../messages/message.ts";
import { isEnding, type WorkflowConfig, type WorkflowState } from "../schema/sections/workflow.ts";
import { isObject, type JsonObject } from "../json/json.ts";
import { isJsonType } from "./artifacts.ts";
import { findState } from "./initial-state.ts";
import type { WorkflowEvent } from "./workflow-run.ts";

/** The tool by which a model fires an event of its state. Source: RFC 0014, R216. */
export const transitionTool = "workflow__transition";
/** The tool by which a model sets an artifact of its state. Source: R212. */
export const artifactTool = "workflow__set_artifact";

/** Returns the events that the agent, or the host, may fire in a state (R185). */
export function eventsFor(state: WorkflowState, by: "agent" | "host"): readonly string[] {
  if (isEnding(state)) return [];
  const mode = state.orchestration ?? "internal";
  const allowed = by === "agent" ? mode === "internal" || mode === "hybrid" : mode !== "internal";
  return allowed ? Object.keys(state.on_event ?? {}) : [];
}

/**
 * Returns the workflow's own tools that a model gets in a state, beside those of the prompt.
 * @throws {InputError} UNKNOWN_STATE; the message lists the states there are
 */
export function stateTools(workflow: WorkflowConfig, stateName: string): readonly ToolDefinition[] {
  const state = findState(workflow, stateName);
  if (state.orchestration === "composition") return [];
  const tools: ToolDefinition[] = [];
  const events = eventsFor(state, "agent");
  if (events.length > 0) {
    tools.push({
      name: transitionTool,
      description: "Moves the conversation on to another state, after your reply.",
      parameters: parametersOf({ event: { type: "string", enum: events }, context: { type: "string" } }, ["event"]),
    });
  }
  const artifacts = Object.entries(state.artifacts ?? {});
  if (artifacts.length > 0) {
    const value = artifacts.every(([, { type }]) => !isJsonType(type)) ? { type: "string" } : {};
    const described = artifacts.map(
      ([name, { type, description, mode }]) =>
        `${name} (${type}, ${mode ?? "replace"})${description === undefined ? "" : `: ${description}`}`,
    );
    tools.push({
      name: artifactTool,
      description: `Stores a small result for later states. ${described.join("; ")}`,
      parameters: parametersOf({ name: { type: "string", enum: artifacts.map(([name]) => name) }, value }, [
        "name",
        "value",
      ]),
    });
  }
  return tools;
}

/**
 * Returns the event that a call of one of these tools stands for, or undefined for a call of another tool. What a model
 * got wrong in the arguments stays wrong in the event: transition refuses it, and says why.
 */
export function eventOfCall({
  name,
  arguments: text,
}: Pick<ToolCall, "name" | "arguments">): WorkflowEvent | undefined {
  if (name !== transitionTool && name !== artifactTool) return undefined;
  const { data } = parseDocument(text);
  const args = isObject(data) ? data : {};
  const { event, context, name: artifact, value } = args;
  const written =
    name === transitionTool
      ? { type: "event", by: "agent", event, ...(context === undefined ? {} : { context }) }
      : { type: "set_artifact", name: artifact, value };
  return written as WorkflowEvent;
}

function parametersOf(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: "object", properties, required, additionalProperties: false };
}
