import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { AgentDef } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";

const MIME_TYPE = /^(?:\*\/\*|[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+))(?: *;.*)?$/;

type AgentPack = Pick<PackData, "agents" | "prompts" | "tools" | "workflow">;

/** Checks the entry and the members of the agents. Source: R144-R160. */
export function checkAgentRules(pack: AgentPack, report: Report): void {
  const { agents, prompts, tools = {} } = pack;
  if (agents === undefined) return;
  const { entry, members } = agents;
  if (!Object.hasOwn(prompts, entry)) {
    unknownPrompt(pack, report, "/agents/entry", entry);
  } else if (!Object.hasOwn(members, entry)) {
    const names = Object.keys(members);
    report(
      "AGENT_ENTRY_NOT_MEMBER",
      "/agents/entry",
      `"${entry}" is no member; the members are ${listNames(names)}`,
      didYouMean(entry, names),
    );
  }
  for (const [key, agent] of Object.entries(members)) {
    if (Object.hasOwn(prompts, key)) checkState(pack, key, agent, report);
    else unknownPrompt(pack, report, formatPointer("agents", "members", key), key, true);
    checkCardTexts(pack, key, agent, report);
  }
  for (const key of Object.keys(tools)) {
    if (!Object.hasOwn(members, key)) continue;
    report(
      "AGENT_TOOL_CLASH",
      formatPointer("tools", key),
      "the tool is named like an agent, and the name calls the agent",
      { atKey: true },
    );
  }
}

function unknownPrompt({ prompts }: AgentPack, report: Report, pointer: string, name: string, atKey = false): void {
  const names = Object.keys(prompts);
  report("UNKNOWN_PROMPT", pointer, `"${name}" names no prompt; the pack has ${listNames(names)}`, {
    ...didYouMean(name, names),
    atKey,
  });
}

function checkState({ workflow }: AgentPack, key: string, { state: name }: AgentDef, report: Report): void {
  if (name === undefined) return;
  const pointer = formatPointer("agents", "members", key, "state");
  if (workflow === undefined)
    return report("AGENT_STATE_WITHOUT_WORKFLOW", pointer, "the agent names a state, and the pack has no workflow");
  const state = getOwn(workflow.states, name);
  const names = Object.keys(workflow.states);
  if (state === undefined) {
    report(
      "UNKNOWN_AGENT_STATE",
      pointer,
      `"${name}" names no state; the workflow has ${listNames(names)}`,
      didYouMean(name, names),
    );
  } else if (state.prompt_task !== undefined && state.prompt_task !== key) {
    report(
      "AGENT_PROMPT_DIFFERS",
      pointer,
      `the card is about the prompt "${key}", and a call runs "${state.prompt_task}"`,
    );
  }
}

function checkCardTexts({ prompts }: AgentPack, key: string, agent: AgentDef, report: Report): void {
  const at = (...rest: (string | number)[]): string => formatPointer("agents", "members", key, ...rest);
  const prompt = getOwn(prompts, key);
  if (isBlank(agent.description) && prompt !== undefined && isBlank(prompt.description)) {
    report("AGENT_WITHOUT_DESCRIPTION", at(), "neither the agent nor its prompt has a description for the agent card");
  }
  for (const [index, tag] of (agent.tags ?? []).entries()) {
    if (isBlank(tag)) report("BLANK_AGENT_TAG", at("tags", index), "the tag is blank");
  }
  for (const field of ["input_modes", "output_modes"] as const) {
    const modes = agent[field];
    if (modes?.length === 0)
      report("EMPTY_AGENT_MODES", at(field), `the list is empty; without it the agent takes "text/plain"`);
    for (const [index, mode] of (modes ?? []).entries()) {
      if (!MIME_TYPE.test(mode)) report("INVALID_AGENT_MODE", at(field, index), `"${mode}" is no MIME type`);
    }
  }
}

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";
