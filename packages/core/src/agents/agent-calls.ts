import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { namesOf, unknownName } from "../diagnostics/suggest.ts";
import type { ToolDefinition } from "../messages/message.ts";
import { getOwn } from "../json/json.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { demandData, findAgent } from "./agent-card.ts";

/**
 * Returns the members that a prompt may call, in the order of its tools: a tool named like a member is an agent call,
 * even when the pack defines a tool of that name. The tool policy counts; an agent never calls itself. Source: R147, R149.
 * @throws {PackError} UNKNOWN_PROMPT; the message lists the ids there are
 */
export function agentCalls(pack: Pick<PackData, "prompts" | "agents">, promptId: string): readonly string[] {
  demandData(pack);
  const prompt = getOwn(pack.prompts, promptId);
  if (prompt === undefined) {
    const [message, details] = unknownName("prompt", promptId, namesOf(pack.prompts));
    throw new PackError([createDiagnostic("UNKNOWN_PROMPT", "/prompts", message, details)]);
  }
  const { tools = [], tool_policy: policy } = prompt;
  if (policy?.tool_choice === "none") return [];
  const members = pack.agents?.members ?? {};
  const called = tools.filter(
    (name) => Object.hasOwn(members, name) && name !== promptId && policy?.blocklist?.includes(name) !== true,
  );
  return [...new Set(called)];
}

/**
 * Returns what a model is told about calling a member: one text argument, `query`. Source: SPEC 4.9.
 * @throws {PackError} UNKNOWN_AGENT
 */
export function agentCallTool(pack: Pick<PackData, "prompts" | "agents">, member: string): ToolDefinition {
  const { agent, prompt } = findAgent(pack, member);
  return {
    name: member,
    description: agent.description ?? prompt.description ?? prompt.name,
    parameters: {
      type: "object",
      properties: { query: { type: "string" } },
      required: ["query"],
      additionalProperties: false,
    },
  };
}
