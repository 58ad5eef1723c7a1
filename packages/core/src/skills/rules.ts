import type { Report } from "../diagnostics/report.ts";
import { formatPointer } from "../json/pointer.ts";
import type { SkillSource } from "../schema/sections/agents.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { isInScope, type PackageSource, type PathSource, parseSkillSource, sourceKey } from "./skill-source.ts";

/** Checks the skill sources and the skill scopes of the workflow's states. Source: R162-R165, R171. */
export function checkSkillRules(
  { skills = [], workflow }: Pick<PackData, "skills" | "workflow">,
  report: Report,
): void {
  const places: (PathSource | PackageSource)[] = [];
  const seen = new Map<string, number>();
  for (const [index, source] of skills.entries()) checkSource(source, index);
  for (const [name, { skills: scope }] of Object.entries(workflow?.states ?? {})) {
    if (scope !== undefined && scope !== "none") checkScope(scope, name);
  }

  function checkSource(source: SkillSource, index: number): void {
    const pointer = formatPointer("skills", index);
    const parsed = parseSkillSource(source);
    if (parsed.kind === "fault") {
      const place = typeof source === "string" ? pointer : `${pointer}/path`;
      return report(parsed.code, place, `the skill source cannot be used: ${parsed.reason}`);
    }
    const isInline = parsed.kind === "inline";
    const name = isInline ? parsed.skill.name : sourceKey(parsed);
    if (!isInline) places.push(parsed);
    const key = `${isInline} ${name}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else {
      const related = [{ pointer: formatPointer("skills", first), message: "the first one" }];
      if (isInline)
        report("DUPLICATE_SKILL", `${pointer}/name`, `there is already an inline skill "${name}"`, { related });
      else report("DUPLICATE_SKILL_SOURCE", pointer, `the source "${name}" is listed before`, { related });
    }
  }

  function checkScope(scope: string, state: string): void {
    const parsed = parseSkillSource(scope);
    const at = (): string => formatPointer("workflow", "states", state, "skills");
    if (parsed.kind === "fault") report(parsed.code, at(), `the skill scope cannot be used: ${parsed.reason}`);
    else if (
      parsed.kind !== "inline" &&
      !places.some((place) => isInScope(parsed, place) || isInScope(place, parsed))
    ) {
      const message = "the skill scope lies in no source that the pack declares, so the state has no skills";
      report("SKILL_SCOPE_OUTSIDE_SOURCES", at(), message);
    }
  }
}
