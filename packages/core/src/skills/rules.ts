import type { Report } from "../diagnostics/report.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { isInScope, type PackageSource, type PathSource, parseSkillSource, sourceKey } from "./skill-source.ts";

/** Checks the skill sources and the skill scopes of the workflow's states. Source: R162-R165, R171. */
export function checkSkillRules(pack: Pick<PackData, "skills" | "workflow">, report: Report): void {
  if (pack.skills === undefined && pack.workflow === undefined) return;
  const places = checkSources(pack.skills ?? [], report);
  for (const [name, { skills: scope }] of Object.entries(pack.workflow?.states ?? {})) {
    if (scope === undefined || scope === "none") continue;
    const pointer = (): string => formatPointer("workflow", "states", name, "skills");
    const parsed = parseSkillSource(scope);
    if (parsed.kind === "fault") {
      report(parsed.code, pointer(), `the skill scope cannot be used: ${parsed.reason}`);
    } else if (
      parsed.kind !== "inline" &&
      !places.some((place) => isInScope(parsed, place) || isInScope(place, parsed))
    ) {
      report(
        "SKILL_SCOPE_OUTSIDE_SOURCES",
        pointer(),
        "the skill scope lies in no source that the pack declares, so the state has no skills",
      );
    }
  }
}

function checkSources(
  sources: NonNullable<PackData["skills"]>,
  report: Report,
): readonly (PathSource | PackageSource)[] {
  const places: (PathSource | PackageSource)[] = [];
  const inline = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const [index, source] of sources.entries()) {
    const pointer = formatPointer("skills", index);
    const parsed = parseSkillSource(source);
    if (parsed.kind === "fault") {
      report(
        parsed.code,
        typeof source === "string" ? pointer : appendPointer(pointer, "path"),
        `the skill source cannot be used: ${parsed.reason}`,
      );
    } else if (parsed.kind === "inline") {
      const { name } = parsed.skill;
      const first = inline.get(name);
      if (first === undefined) inline.set(name, index);
      else
        report(
          "DUPLICATE_SKILL",
          appendPointer(pointer, "name"),
          `there is already an inline skill "${name}"`,
          earlier(first),
        );
    } else {
      const key = sourceKey(parsed);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      else report("DUPLICATE_SKILL_SOURCE", pointer, `the source "${key}" is listed before`, earlier(first));
      places.push(parsed);
    }
  }
  return places;
}

const earlier = (index: number): { related: [{ pointer: string; message: string }] } => ({
  related: [{ pointer: formatPointer("skills", index), message: "the first one" }],
});
