import { pointTo } from "../../ground/pointer.ts";
import type { NoteAt, PackData } from "./note.ts";

/** redos: patterns that this library runs in linear time, and a backtracking engine does not. */
export function checkPatterns(data: PackData, note: NoteAt): void {
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const at = pointTo(pointer, key);
      if (key === "pattern" && typeof member === "string") judge(member, at);
      else if (key === "patternProperties" && typeof member === "object" && member !== null) {
        for (const name of Object.keys(member)) judge(name, pointTo(at, name));
      }
      visit(member, at);
    }
  };
  const judge = (pattern: string, pointer: string): void => {
    const fault = backtrackingFault(pattern);
    if (fault !== undefined)
      note("redos", "medium", `${fault}: linear here, and slow in an engine that backtracks`, pointer);
  };
  for (const [id, { variables, validators, evals }] of Object.entries(data.prompts)) {
    for (const [key, member] of Object.entries({ variables, validators, evals }))
      visit(member, pointTo("/prompts", id, key));
  }
  visit(data.tools, "/tools");
  visit(data.evals, "/evals");
}

interface Group {
  /** Something inside repeats without bound. */
  repeats: boolean;
  /** First characters of its alternatives; undefined where it is not a plain character. */
  starts: string[];
  atStart: boolean;
}

/** Returns why a backtracking engine may take very long, after one pass over a valid pattern. */
export function backtrackingFault(pattern: string): string | undefined {
  const groups: Group[] = [{ repeats: false, starts: [], atStart: true }];
  let closed: Group | undefined;
  let previous = "";
  for (let at = 0; at < pattern.length;) {
    const group = groups.at(-1) as Group;
    const item = itemAt(pattern, at);
    if (/^(?:[*+]|\{\d*,\})$/.test(item)) {
      if (closed?.repeats === true) return "a repeated group that itself repeats";
      if (closed !== undefined && overlap(closed.starts)) return "a repeated group whose alternatives begin alike";
      group.repeats = true;
      const next = itemAt(pattern, at + item.length);
      if (
        closed === undefined &&
        /^(?:[*+]|\{\d*,\})$/.test(itemAt(pattern, at + item.length + next.length)) &&
        next === previous
      ) {
        return "two repetitions of the same characters side by side";
      }
    }
    if (item !== "?") closed = undefined;
    if (item.startsWith("(")) groups.push({ repeats: false, starts: [], atStart: true });
    else if (item === ")" && groups.length > 1) {
      closed = groups.pop();
      const parent = groups.at(-1) as Group;
      if (closed?.repeats === true) parent.repeats = true;
      parent.atStart = false;
    } else if (item === "|") group.atStart = true;
    else if (group.atStart && item !== "^") {
      group.starts.push(item);
      group.atStart = false;
    }
    previous = item;
    at += item.length;
  }
  return undefined;
}

/** Returns the item at an offset: an escape, a class, a group's opening, a bounded repetition or one character. */
function itemAt(pattern: string, at: number): string {
  const rest = pattern.slice(at, at + 300);
  return (
    /^(?:\\[pP]\{[^}]{1,60}\}|\\x\{[0-9a-fA-F]{1,6}\}|\\[^]|\[\^?\]?(?:\\[^]|\[:\w{1,10}:\]|[^\]\\]){0,290}\]|\(\?[P<:imsU-]{1,6}(?:\w{1,60}>)?|\{\d{0,5},?\d{0,5}\})/.exec(
      rest,
    )?.[0] ?? rest.slice(0, 1)
  );
}

function overlap(starts: readonly string[]): boolean {
  if (starts.length < 2) return false;
  return (
    starts.includes(".") ||
    new Set(starts).size < starts.length ||
    (starts.includes("\\w") && starts.some((start) => /^(?:[a-zA-Z0-9_]|\\d)$/.test(start)))
  );
}
