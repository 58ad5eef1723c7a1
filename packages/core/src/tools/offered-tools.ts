import { getOwn } from "../json/json.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";

/**
 * Returns the tools that a prompt offers to a model, in the order of its list: those that the pack defines,
 * less the blocklist (by key or name), each once; none when there is no list or tool_choice is "none".
 * Source: SPEC 4.3, RULINGS 17.
 */
export function offeredTools(
  prompt: Pick<Prompt, "tools" | "tool_policy">,
  tools: PackData["tools"],
): readonly Tool[] {
  const { tool_choice, blocklist = [] } = prompt.tool_policy ?? {};
  if (tool_choice === "none") return [];
  const offered = new Set<Tool>();
  for (const key of prompt.tools ?? []) {
    const tool = getOwn(tools, key);
    if (tool === undefined || blocklist.includes(key) || blocklist.includes(tool.name)) continue;
    offered.add(tool);
  }
  return [...offered];
}
