import type { InlineSkill, SkillSource } from "../schema/sections/agents.ts";
import { findPathFault, isWithin, normalizePath } from "./skill-path.ts";

export interface PathSource {
  readonly kind: "path";
  /** Relative to the pack file, normalised: "skills/billing". */
  readonly path: string;
  readonly preload: boolean;
}

export interface PackageSource {
  readonly kind: "package";
  /** "@scope/name"; only the host decides where it lives. */
  readonly name: string;
  readonly version?: string;
  readonly preload: boolean;
}

export interface InlineSource {
  readonly kind: "inline";
  readonly skill: InlineSkill;
}

export interface SkillSourceFault {
  readonly kind: "fault";
  readonly code: "EMPTY_SKILL_PATH" | "UNSAFE_SKILL_PATH" | "INVALID_SKILL_REFERENCE";
  readonly reason: string;
}

export type ParsedSkillSource = PathSource | PackageSource | InlineSource | SkillSourceFault;

const REFERENCE = /^(@[a-z0-9][a-z0-9_-]{0,63}\/[a-z0-9][a-z0-9_.-]{0,63})(?:@([0-9A-Za-z][0-9A-Za-z.+-]{0,63}))?$/;

/** Returns a source in its one normal form, or what is wrong with it. Source: RFC 0008, R162, R164, R171. */
export function parseSkillSource(source: SkillSource): ParsedSkillSource {
  if (typeof source !== "string" && "name" in source) return { kind: "inline", skill: source };
  const path = typeof source === "string" ? source : source.path;
  const preload = typeof source !== "string" && source.preload === true;
  if (path.trim() === "") return fault("EMPTY_SKILL_PATH", "it is empty");
  if (path.startsWith("@")) {
    const [, name, version] = REFERENCE.exec(path) ?? [];
    if (name === undefined) return fault("INVALID_SKILL_REFERENCE", "it is not @scope/name or @scope/name@version");
    return { kind: "package", name, ...(version === undefined ? {} : { version }), preload };
  }
  const reason = findPathFault(path);
  return reason === undefined
    ? { kind: "path", path: normalizePath(path), preload }
    : fault("UNSAFE_SKILL_PATH", reason);
}

/** Returns the text under which a source's files are handed in: its path, or its reference as "@scope/name[@version]". */
export function sourceKey(source: PathSource | PackageSource): string {
  if (source.kind === "path") return source.path;
  return source.version === undefined ? source.name : `${source.name}@${source.version}`;
}

/** Returns whether a skill of `place` belongs to the subset that `scope` names. Source: R166. */
export function isInScope(place: PathSource | PackageSource, scope: PathSource | PackageSource): boolean {
  if (scope.kind === "path") return place.kind === "path" && isWithin(place.path, scope.path);
  return (
    place.kind === "package" &&
    place.name === scope.name &&
    (scope.version === undefined || place.version === scope.version)
  );
}

const fault = (code: SkillSourceFault["code"], reason: string): SkillSourceFault => ({ kind: "fault", code, reason });
