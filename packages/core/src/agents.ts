/** Agents and skills: who answers first, agents as tools, agent cards, and skills from their text to a request. */
export { agentCalls, agentCallTool } from "./agents/agent-calls.ts";
export { type AgentCard, type AgentCardOptions, createAgentCard } from "./agents/agent-card.ts";
export { type Entry, resolveAgentEntry, resolveEntry } from "./agents/resolve-entry.ts";
export {
  type CollectedSkills,
  collectSkills,
  findSkill,
  type Skill,
  type SkillFile,
  type SkillFiles,
} from "./skills/collect-skills.ts";
export { parseSkill, type SkillDocument, type SkillFileOptions } from "./skills/parse-skill.ts";
export { addSkills, skillIndex, skillsInScope, skillTools } from "./skills/select-skills.ts";
