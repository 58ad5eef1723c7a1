import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn, isObject } from "../json/json.ts";
import type { AgentDef } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";

/** What an agent publishes about itself. Source: A2A protocol 1.0, AgentCard; every required field is here. */
export interface AgentCard {
  readonly name: string;
  readonly description: string;
  readonly supportedInterfaces: readonly AgentInterface[];
  readonly version: string;
  readonly capabilities: AgentCapabilities;
  readonly defaultInputModes: readonly string[];
  readonly defaultOutputModes: readonly string[];
  readonly skills: readonly AgentSkill[];
}

export interface AgentInterface {
  readonly url: string;
  /** "JSONRPC", "GRPC" or "HTTP+JSON", or another that both sides know. */
  readonly protocolBinding: string;
  readonly protocolVersion: string;
}

export interface AgentCapabilities {
  readonly streaming?: boolean;
  readonly pushNotifications?: boolean;
  readonly extendedAgentCard?: boolean;
}

export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

export interface AgentCardOptions {
  /** Where the agent answers: absolute, http or https. */
  readonly url: string;
  /** "JSONRPC" when absent. */
  readonly protocolBinding?: string;
  /** What the host's server can do; nothing when absent. */
  readonly capabilities?: AgentCapabilities;
}

/**
 * Returns the A2A agent card of a member: texts from the member or its prompt, one skill with the member's key as id.
 * Source: R152, SPEC 4.9.
 * @throws {PackError} UNKNOWN_AGENT; the message lists the members there are
 */
export function createAgentCard(
  pack: Pick<PackData, "version" | "prompts" | "agents">,
  member: string,
  options: AgentCardOptions,
): AgentCard {
  const { agent, prompt } = findAgent(pack, member);
  if (typeof options?.url !== "string") throw new TypeError("a card needs the url where the agent answers");
  const { protocol } = new URL(options.url);
  if (protocol !== "https:" && protocol !== "http:") throw new TypeError("the url of an agent is http or https");
  const name = prompt.name;
  // A card needs a description; a prompt's name is the closest thing that its author wrote.
  const description =
    [agent.description, prompt.description].find((text) => text !== undefined && text.trim() !== "") ?? name;
  return {
    name,
    description,
    supportedInterfaces: [
      { url: options.url, protocolBinding: options.protocolBinding ?? "JSONRPC", protocolVersion: "1.0" },
    ],
    version: prompt.version === "" ? pack.version : prompt.version,
    capabilities: { ...options.capabilities },
    defaultInputModes: modes(agent.input_modes),
    defaultOutputModes: modes(agent.output_modes),
    skills: [{ id: member, name, description, tags: [...(agent.tags ?? [])] }],
  };
}

/** @throws {TypeError} for a Pack in its data's place, whose members would all be missing */
export function demandData(data: Pick<PackData, "prompts">): void {
  if (!isObject(data?.prompts)) throw new TypeError("expected the data of a pack: pack.data");
}

/**
 * Returns a member and its prompt.
 * @throws {PackError} UNKNOWN_AGENT; prompts outside of the members are internal (R153)
 */
export function findAgent(
  pack: Pick<PackData, "prompts" | "agents">,
  member: string,
): { readonly agent: AgentDef; readonly prompt: Prompt } {
  demandData(pack);
  const agent = getOwn(pack.agents?.members, member);
  const prompt = getOwn(pack.prompts, member);
  if (agent !== undefined && prompt !== undefined) return { agent, prompt };
  const known = Object.keys(pack.agents?.members ?? {});
  const message = `the pack has no agent "${member}"; it has ${listNames(known)}`;
  throw new PackError([createDiagnostic("UNKNOWN_AGENT", "/agents/members", message, didYouMean(member, known))]);
}

const modes = (declared: readonly string[] = []): readonly string[] =>
  declared.length > 0 ? [...declared] : ["text/plain"];
