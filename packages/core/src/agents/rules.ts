import type { Report } from "../diagnostics/report.ts";
import { namesOf, unknownName } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { AgentDef } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";

const MIME_TYPE = /^(?:\*\/\*|[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+))(?: *;.*)?$/;

type AgentSlice = Pick<PackData, "agents" | "prompts" | "tools" | "workflow">;

/** Checks the entry and the members of the agents. Source: R144-R160. */
export function checkAgentRules(pack: AgentSlice, report: Report): void {
  const { agents, prompts, tools = {} } = pack;
  if (agents === undefined) return;
  const { entry, members } = agents;
  if (!Object.hasOwn(prompts, entry))
    report("UNKNOWN_PROMPT", "/agents/entry", ...unknownName("prompt", entry, namesOf(prompts)));
  else if (!Object.hasOwn(members, entry))
    report("AGENT_ENTRY_NOT_MEMBER", "/agents/entry", ...unknownName("member", entry, namesOf(members)));
  for (const [key, agent] of Object.entries(members)) checkMember(pack, key, agent, report);
  for (const key of Object.keys(tools)) {
    if (!Object.hasOwn(members, key)) continue;
    const message = "the tool is named like an agent, and the name calls the agent";
    report("AGENT_TOOL_CLASH", formatPointer("tools", key), message, { atKey: true });
  }
}

function checkMember(pack: AgentSlice, key: string, agent: AgentDef, report: Report): void {
  const { prompts, workflow } = pack;
  const prompt = getOwn(prompts, key);
  if (prompt === undefined) {
    const [message, hint] = unknownName("prompt", key, namesOf(prompts));
    report("UNKNOWN_PROMPT", pointerTo(key), message, { ...hint, atKey: true });
  } else {
    if (agent.state !== undefined) checkState(workflow, key, agent.state, report);
    if (isBlank(agent.description) && isBlank(prompt.description))
      report(
        "AGENT_WITHOUT_DESCRIPTION",
        pointerTo(key),
        "neither the agent nor its prompt has a description for its card",
      );
  }
  agent.tags?.forEach((tag, index) => {
    if (isBlank(tag)) report("BLANK_AGENT_TAG", pointerTo(key, "tags", index), "the tag is blank");
  });
  checkModes(key, agent, "input_modes", report);
  checkModes(key, agent, "output_modes", report);
}

function checkModes(key: string, agent: AgentDef, field: "input_modes" | "output_modes", report: Report): void {
  const modes = agent[field];
  if (modes?.length === 0)
    report("EMPTY_AGENT_MODES", pointerTo(key, field), 'the list is empty; without it the agent takes "text/plain"');
  modes?.forEach((mode, index) => {
    if (!MIME_TYPE.test(mode)) report("INVALID_AGENT_MODE", pointerTo(key, field, index), `"${mode}" is no MIME type`);
  });
}

function checkState(workflow: AgentSlice["workflow"], key: string, name: string, report: Report): void {
  const pointer = pointerTo(key, "state");
  const state = getOwn(workflow?.states, name);
  if (workflow === undefined)
    report("AGENT_STATE_WITHOUT_WORKFLOW", pointer, "the agent names a state, and the pack has no workflow");
  else if (state === undefined)
    report("UNKNOWN_AGENT_STATE", pointer, ...unknownName("state", name, namesOf(workflow.states)));
  else if (state.prompt_task !== undefined && state.prompt_task !== key) {
    const message = `the card is about the prompt "${key}", and a call runs "${state.prompt_task}"`;
    report("AGENT_PROMPT_DIFFERS", pointer, message);
  }
}

const pointerTo = (key: string, ...path: readonly (string | number)[]): string =>
  formatPointer("agents", "members", key, ...path);

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";
