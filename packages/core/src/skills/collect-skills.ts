import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { unknownName } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { parseSkill, type SkillDocument } from "./parse-skill.ts";
import { normalizePath } from "./skill-path.ts";
import { type PackageSource, type PathSource, parseSkillSource, sourceKey } from "./skill-source.ts";

/** A SKILL.md that a host has read. */
export interface SkillFile {
  /** Relative to its source: "refunds/SKILL.md"; the bare "SKILL.md" when the source is the skill itself. */
  readonly path: string;
  readonly text: string;
}

/** The SKILL.md files of each source, by its normal form: "skills/billing", "@acme/skills@1.2.0". */
export type SkillFiles = ReadonlyMap<string, readonly SkillFile[]>;

/** A skill that a pack brings, ready to be offered. */
export interface Skill extends SkillDocument {
  /** Its text is in the system prompt from the start. */
  readonly preload: boolean;
  /** Absent for an inline skill. */
  readonly place?: PathSource | PackageSource;
}

export interface CollectedSkills {
  readonly skills: readonly Skill[];
  /** SKILL_NAME_CLASH for every skill that a later one of its name replaces (R168). */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Returns the skills of a pack, given the texts that its host has read, in the order of their sources.
 * @throws {PackError} INVALID_SKILL_FILE, SKILL_UNRESOLVED, UNSAFE_SKILL_PATH: all faults together
 */
export function collectSkills(sources: PackData["skills"], files: SkillFiles = new Map()): CollectedSkills {
  const errors: Diagnostic[] = [];
  const clashes: Diagnostic[] = [];
  const skills = new Map<string, Skill>();
  const add = (skill: Skill, pointer: string): void => {
    if (skills.delete(skill.name)) {
      clashes.push(
        createDiagnostic("SKILL_NAME_CLASH", pointer, `the skill "${skill.name}" replaces an earlier one of that name`),
      );
    }
    skills.set(skill.name, skill);
  };
  if (!Array.isArray(sources ?? [])) throw new TypeError("expected the list of sources: pack.data.skills");
  for (const [index, source] of (sources ?? []).entries()) {
    const pointer = formatPointer("skills", index);
    const parsed = parseSkillSource(source);
    if (parsed.kind === "fault") {
      errors.push(createDiagnostic(parsed.code, pointer, `the skill source cannot be used: ${parsed.reason}`));
    } else if (parsed.kind === "inline") {
      add({ ...parsed.skill, preload: false }, pointer);
    } else {
      const found = files.get(sourceKey(parsed)) ?? [];
      if (found.length === 0)
        errors.push(createDiagnostic("SKILL_UNRESOLVED", pointer, `no skill was found for "${sourceKey(parsed)}"`));
      for (const file of found) {
        try {
          add(
            {
              ...parseSkill(file.text, { path: fullPath(parsed, file) }),
              preload: parsed.preload,
              place: placeOf(parsed, file),
            },
            pointer,
          );
        } catch (error) {
          if (!PackError.isInstance(error)) throw error;
          errors.push(...error.diagnostics);
        }
      }
    }
  }
  if (errors.length > 0) throw new PackError([...errors, ...clashes]);
  return { skills: [...skills.values()], diagnostics: clashes };
}

/** @throws {TypeError} for what collectSkills returns, in the place of its skills */
export function demandSkills(skills: readonly Skill[]): void {
  if (!Array.isArray(skills)) throw new TypeError("expected a list of skills, such as collectSkills(...).skills");
}

/**
 * Returns the skill of a name.
 * @throws {PackError} UNKNOWN_SKILL; the message lists the skills there are
 */
export function findSkill(skills: readonly Skill[], name: string): Skill {
  demandSkills(skills);
  const skill = skills.find((candidate) => candidate.name === name);
  if (skill !== undefined) return skill;
  const names = skills.map((candidate) => candidate.name);
  throw new PackError([createDiagnostic("UNKNOWN_SKILL", "/skills", ...unknownName("skill", name, names))]);
}

// A package's own folder may be called anything, so only folders inside of it name skills.
const fullPath = (source: PathSource | PackageSource, file: SkillFile): string =>
  source.kind === "package"
    ? file.path
    : source.path.endsWith(".md")
      ? source.path
      : normalizePath(`${source.path}/${file.path}`);

function placeOf(source: PathSource | PackageSource, file: SkillFile): PathSource | PackageSource {
  if (source.kind === "package" || source.path.endsWith(".md")) return source;
  return { ...source, path: normalizePath(`${source.path}/${file.path.split("/").slice(0, -1).join("/")}`) };
}
