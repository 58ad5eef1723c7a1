import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { SkillSource } from "../../packages/core/src/schema/sections/agents.ts";
import { collectSkills, type SkillFile } from "../../packages/core/src/skills/collect-skills.ts";
import { parseSkill } from "../../packages/core/src/skills/parse-skill.ts";
import { checkSkillRules } from "../../packages/core/src/skills/rules.ts";
import { addSkills, skillsInScope, skillTools } from "../../packages/core/src/skills/select-skills.ts";
import { parseSkillSource } from "../../packages/core/src/skills/skill-source.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface Sources {
  readonly sources: readonly SkillSource[];
  readonly files?: { readonly [source: string]: readonly SkillFile[] };
}

const collect = ({ sources, files = {} }: Sources) => collectSkills(sources, new Map(Object.entries(files))).skills;

/** Our library behind the ops of the section "skills". */
export const skills: VectorImplementation = {
  check: ({ sources, scope }: Sources & { scope?: string }) => {
    const { findings, report } = collectFindings();
    const state = scope === undefined ? {} : { skills: scope };
    checkSkillRules({ skills: sources, workflow: { version: 1, entry: "a", states: { a: state } } }, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  source: ({ source }: { source: SkillSource }) => {
    const parsed = parseSkillSource(source);
    return parsed.kind === "fault" ? { error: parsed.code } : parsed;
  },
  document: ({ text, path }: { text: string; path?: string }) => {
    try {
      return parseSkill(text, path === undefined ? {} : { path });
    } catch (error) {
      if (!PackError.isInstance(error)) throw error;
      return {
        error: error.code,
        lines: [...new Set(error.diagnostics.map((one) => one.span?.start.line ?? 0))].sort(
          (left, right) => left - right,
        ),
      };
    }
  },
  scope: ({ scope, ...rest }: Sources & { scope?: string }) =>
    skillsInScope(collect(rest), scope).map((skill) => skill.name),
  system: ({ system, activated, ...rest }: Sources & { system: string; activated?: readonly string[] }) => {
    const found = collect(rest);
    const text = addSkills(system, found, activated === undefined ? {} : { activated });
    return {
      keepsSystem: text.startsWith(system),
      loaded: found.filter((skill) => text.includes(skill.instructions)).map((skill) => skill.name),
    };
  },
  tools: ({ allowed, tools }: { allowed?: readonly string[]; tools: readonly string[] }) =>
    skillTools(allowed === undefined ? {} : { allowedTools: allowed }, tools),
};
