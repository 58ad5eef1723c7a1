import { getOwn } from "../json/json.ts";
import type { AgentDef, AgentsConfig } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";

/** Something that a model may call by `name`: a tool of the pack, or an agent member (RFC 0007). */
export type Callee =
  | { readonly kind: "tool"; readonly name: string; readonly tool: Tool }
  | { readonly kind: "agent"; readonly name: string; readonly agent: AgentDef };

/** The sections of a pack that a prompt's list of tools names. */
export interface CalleeSources {
  readonly tools?: PackData["tools"];
  /** An entry of the prompt's list that is the key of a member is an agent call. */
  readonly agents?: Pick<AgentsConfig, "members"> | undefined;
}

/** What offers tools. `id` keeps an agent from calling itself (R149). */
export type ToolPrompt = Pick<Prompt, "tools" | "tool_policy"> & Partial<Pick<Prompt, "id">>;

/**
 * Returns the tools that a prompt offers to a model, in the order of its list: those that the pack defines,
 * less the blocklist (by key or name), each once; none when there is no list or tool_choice is "none".
 * An entry that names a member of the agents is an agent call, not a tool. Source: SPEC 4.3, RULINGS 17.
 */
export function offeredTools(prompt: ToolPrompt, sources: CalleeSources): readonly Tool[] {
  return offeredCallees(prompt, sources).flatMap((callee) => (callee.kind === "tool" ? [callee.tool] : []));
}

/** Returns everything that a prompt offers to a model, tools and agent members, each name once. Source: SPEC 4.3, R023, R147. */
export function offeredCallees(prompt: ToolPrompt, sources: CalleeSources): readonly Callee[] {
  const { tool_choice, blocklist = [] } = prompt.tool_policy ?? {};
  if (tool_choice === "none") return [];
  const blocked = new Set(blocklist);
  const offered = new Map<string, Callee>();
  for (const key of prompt.tools ?? []) {
    const callee = resolveCallee(key, sources);
    if (callee === undefined || blocked.has(key) || blocked.has(callee.name)) continue;
    if (callee.kind === "agent" && key === prompt.id) continue;
    if (!offered.has(callee.name)) offered.set(callee.name, callee);
  }
  return [...offered.values()];
}

/** Returns what an entry of a prompt's tools list names; an agent member wins over a tool (R147). */
export function resolveCallee(key: string, { tools, agents }: CalleeSources): Callee | undefined {
  const agent = getOwn(agents?.members, key);
  if (agent !== undefined) return { kind: "agent", name: key, agent };
  const tool = getOwn(tools, key);
  return tool && { kind: "tool", name: tool.name, tool };
}
