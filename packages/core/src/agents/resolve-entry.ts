import type { PackData } from "../schema/sections/pack.ts";
import { demandData, findAgent } from "./agent-card.ts";

/** What runs first: a workflow from a state, or one prompt. */
export type Entry =
  | { readonly kind: "state"; readonly state: string }
  | { readonly kind: "prompt"; readonly prompt: string };

/** Returns where a pack starts: workflow.entry, else agents.entry, else its only prompt, else undefined. Source: R154. */
export function resolveEntry(pack: Pick<PackData, "prompts" | "workflow" | "agents">): Entry | undefined {
  demandData(pack);
  if (pack.workflow !== undefined) return { kind: "state", state: pack.workflow.entry };
  if (pack.agents !== undefined) return resolveAgentEntry(pack, pack.agents.entry);
  const [prompt, second] = Object.keys(pack.prompts);
  return prompt === undefined || second !== undefined ? undefined : { kind: "prompt", prompt };
}

/**
 * Returns where a call of a member starts: at its state with a fresh workflow run, else its prompt once. Source: R158.
 * @throws {PackError} UNKNOWN_AGENT
 */
export function resolveAgentEntry(pack: Pick<PackData, "prompts" | "agents">, member: string): Entry {
  const { agent } = findAgent(pack, member);
  return agent.state === undefined ? { kind: "prompt", prompt: member } : { kind: "state", state: agent.state };
}
