import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { demandSkills, type Skill, findSkill } from "./collect-skills.ts";
import { isInScope, parseSkillSource } from "./skill-source.ts";

/**
 * Returns the skills that a workflow state may use: all without a scope, none for "none", else those at or
 * below the scope's place. Inline skills have no place. Source: R166.
 * @throws {PackError} UNSAFE_SKILL_PATH, EMPTY_SKILL_PATH, INVALID_SKILL_REFERENCE
 */
export function skillsInScope(skills: readonly Skill[], scope?: string): readonly Skill[] {
  demandSkills(skills);
  if (scope === undefined) return skills;
  if (scope === "none") return [];
  const parsed = parseSkillSource(scope);
  if (parsed.kind === "fault")
    throw new PackError([createDiagnostic(parsed.code, "", `the skill scope cannot be used: ${parsed.reason}`)]);
  return parsed.kind === "inline" ? [] : skills.filter(({ place }) => place !== undefined && isInScope(place, parsed));
}

/** Returns what a model sees of each skill before it is activated: name and description, nothing more. */
export function skillIndex(
  skills: readonly Skill[],
): readonly { readonly name: string; readonly description: string }[] {
  return skills.map(({ name, description }) => ({ name, description }));
}

/**
 * Returns the system text followed by the instructions of preloaded and activated skills and by the index of the
 * others; the system text itself stays as it is, and skills are never read as templates. Source: R167, R169.
 * @throws {PackError} UNKNOWN_SKILL for an activated name that is not among the skills
 */
export function addSkills(
  system: string,
  skills: readonly Skill[],
  options: { readonly activated?: readonly string[] } = {},
): string {
  demandSkills(skills);
  const loaded = new Set(skills.filter((skill) => skill.preload));
  for (const name of options.activated ?? []) loaded.add(findSkill(skills, name));
  const parts = [system];
  for (const skill of loaded) parts.push(`## Skill: ${oneLine(skill.name)}\n\n${skill.instructions}`);
  const rest = skills.filter((skill) => !loaded.has(skill));
  if (rest.length > 0) {
    parts.push(
      `## Available skills\n\n${rest.map((skill) => `- ${oneLine(skill.name)}: ${oneLine(skill.description)}`).join("\n")}`,
    );
  }
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Returns those of a prompt's tools that a skill asks for; a skill never adds a tool. Source: SPEC 4.10. */
export function skillTools(skill: Pick<Skill, "allowedTools">, promptTools: readonly string[]): readonly string[] {
  return skill.allowedTools === undefined
    ? promptTools
    : promptTools.filter((tool) => skill.allowedTools?.includes(tool));
}

// One entry stays one line, so a description cannot pose as another entry or heading.
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
