import { getOwn } from "../json/json.ts";
import type { AgentDef } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";

/** Something that a model may call by `name`: a tool of the pack, or an agent member (RFC 0007). */
export type Callee =
  | { readonly kind: "tool"; readonly name: string; readonly tool: Tool }
  | { readonly kind: "agent"; readonly name: string; readonly agent: AgentDef };

export interface CalleeSources {
  readonly tools?: PackData["tools"];
  /** `agents.members` of the pack: an entry of the prompt's list that is one of its keys is an agent call. */
  readonly members?: { readonly [promptId: string]: AgentDef } | undefined;
}

/** What offers tools. `id` keeps an agent from calling itself (R149). */
export type ToolPrompt = Pick<Prompt, "tools" | "tool_policy"> & Partial<Pick<Prompt, "id">>;

/**
 * Returns the tools that a prompt offers to a model, in the order of its list: those that the pack defines,
 * less the blocklist (by key or name), each once; none when there is no list or tool_choice is "none".
 * An entry that names one of `members` is an agent call, not a tool. Source: SPEC 4.3, RULINGS 17.
 */
export function offeredTools(
  prompt: ToolPrompt,
  tools: PackData["tools"],
  members?: CalleeSources["members"],
): readonly Tool[] {
  return offeredCallees(prompt, { tools, members }).flatMap((callee) => (callee.kind === "tool" ? [callee.tool] : []));
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
export function resolveCallee(key: string, { tools, members }: CalleeSources): Callee | undefined {
  const agent = getOwn(members, key);
  if (agent !== undefined) return { kind: "agent", name: key, agent };
  const tool = getOwn(tools, key);
  return tool && { kind: "tool", name: tool.name, tool };
}
