import type { ValueChange } from "./compare-values.ts";

export type Bump = "none" | "patch" | "minor" | "major";

const BUMPS: readonly Bump[] = ["none", "patch", "minor", "major"];

export const isLess = (a: Bump, b: Bump): boolean => BUMPS.indexOf(a) < BUMPS.indexOf(b);

const SECTIONS = /^(?:tools|compositions|evals|skills|workflow|agents)$/;

/** Returns the bump that a change needs: major when a caller must change something, minor when it can do more. */
export function neededBump({ kind, pointer, after }: ValueChange): Bump {
  const path = pointer.split("/").slice(1);
  const [section = "", , field, , leaf] = path;
  if (pointer === "/version" || pointer === "/$schema" || section === "compilation") return "none";
  if (pointer === "/id") return "major";
  if (path.length === 1 && SECTIONS.test(section))
    return kind === "added" ? "minor" : kind === "removed" ? "major" : "patch";
  const isMember = path.length === 2 && /^(?:prompts|tools|compositions|evals|skills)$/.test(section);
  if (isMember) return kind === "added" ? "minor" : kind === "removed" ? "major" : "patch";
  if (section === "prompts" && field === "variables") {
    if (path.length === 4)
      return kind === "removed" || (after as { required?: boolean } | undefined)?.required === true ? "major" : "minor";
    if (leaf === "type" || leaf === "name" || (leaf === "required" && after === true)) return "major";
    return "patch";
  }
  if (section === "prompts" && path.length === 3 && field === "variables") return "minor";
  if (section === "prompts" && field === "tools") return kind === "added" ? "minor" : "patch";
  if (section === "tools" && field === "parameters") {
    const isRequired = path[3] === "required";
    if (isRequired) return kind === "added" ? "major" : "minor";
    return kind === "removed" || leaf === undefined || path[5] === "type"
      ? kind === "added"
        ? "minor"
        : "major"
      : "patch";
  }
  if (section === "tools" && field === "name") return "major";
  if (section === "workflow" || section === "agents")
    return kind === "removed" ? "major" : kind === "added" ? "minor" : "patch";
  return "patch";
}

/** Returns the greatest bump. */
export function greatest(bumps: Iterable<Bump>): Bump {
  return BUMPS[Math.max(0, ...Array.from(bumps, (bump) => BUMPS.indexOf(bump)))] ?? "none";
}

/** Returns the bump between two versions; "none" for the same or an older one. Below 1.0.0 a minor bump may break. */
export function givenBump(before: string, after: string): Bump {
  const [old, now] = [parse(before), parse(after)];
  const at = old.findIndex((part, index) => part !== now[index]);
  if (at < 0) return before !== after && isRelease(after) && !isRelease(before) ? "patch" : "none";
  if ((now[at] ?? 0) < (old[at] ?? 0)) return "none";
  const bump = (["major", "minor", "patch"] as const)[at] ?? "none";
  return old[0] === 0 && now[0] === 0 && bump === "minor" ? "major" : bump;
}

const parse = (version: string): number[] => (/^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
const isRelease = (version: string): boolean => !version.includes("-");
