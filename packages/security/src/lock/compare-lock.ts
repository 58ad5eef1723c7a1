import { pointTo } from "../ground/pointer.ts";
import type { Digests, LockEntry } from "./lock-file.ts";

/** One thing that is not as it was locked. */
export interface LockChange {
  readonly code: "TOOL_CHANGED" | "PROMPT_CHANGED" | "SECTION_CHANGED" | "DIGEST_MISMATCH";
  /** RFC 6901 pointer into the pack; "" for the file as a whole. */
  readonly pointer: string;
  readonly message: string;
}

const PARTS = [
  ["tools", "TOOL_CHANGED", "the tool"],
  ["prompts", "PROMPT_CHANGED", "the prompt"],
  ["sections", "SECTION_CHANGED", "the section"],
] as const;

/** Returns what differs between a locked pack and the pack that is there, tools first: they are what an agent may do. */
export function compareLock(locked: LockEntry, actual: LockEntry): LockChange[] {
  if (locked.integrity === actual.integrity) return [];
  const changes = PARTS.flatMap(([part, code, noun]) =>
    locked[part] === undefined
      ? []
      : namesThatDiffer(locked[part], actual[part] ?? {}).map(({ name, how }) => ({
          code,
          pointer: part === "sections" ? `/${name}` : pointTo(`/${part}`, name),
          message: `${noun} "${name}" ${how}`,
        })),
  );
  const isLayout = locked.canonical !== undefined && locked.canonical === actual.canonical;
  const whole = isLayout
    ? "the content is what was locked, but the file is laid out differently"
    : "the file's bytes are not those that were locked";
  return [...changes, { code: "DIGEST_MISMATCH", pointer: "", message: whole }];
}

function namesThatDiffer(locked: Digests, actual: Digests): { name: string; how: string }[] {
  const names = [...new Set([...Object.keys(locked), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => {
    if (!Object.hasOwn(actual, name)) return [{ name, how: "is gone" }];
    if (!Object.hasOwn(locked, name)) return [{ name, how: "is new" }];
    return locked[name] === actual[name] ? [] : [{ name, how: "was changed" }];
  });
}
