import { pointTo } from "../ground/pointer.ts";

/** One difference between two JSON values, at the smallest place that shows it. */
export interface ValueChange {
  readonly kind: "added" | "removed" | "changed";
  /** Into the new value, or into the old one for what was removed. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Returns the differences of two JSON values in order. Items of lists are told by id, name, key or type. */
export function compareValues(before: unknown, after: unknown): ValueChange[] {
  const changes: ValueChange[] = [];
  visit(before, after, "", "", changes);
  return changes;
}

function visit(before: unknown, after: unknown, oldPointer: string, pointer: string, changes: ValueChange[]): void {
  if (before === after) return;
  const [old, now] = [membersOf(before), membersOf(after)];
  if (old === undefined || now === undefined || Array.isArray(before) !== Array.isArray(after)) {
    changes.push({ kind: "changed", pointer, before, after });
    return;
  }
  const isList = Array.isArray(before);
  for (const [name, [key, value]] of old) {
    const found = now.get(name);
    const at = pointTo(oldPointer, key);
    if (found === undefined) changes.push({ kind: "removed", pointer: at, before: value });
    else visit(value, found[1], at, pointTo(pointer, found[0]), changes);
  }
  for (const [name, [key, value]] of now) {
    if (!old.has(name)) changes.push({ kind: "added", pointer: pointTo(pointer, key), after: value });
  }
  // The order of a list may matter, even when its items are the same.
  if (
    isList &&
    [...old.keys()].join("\n") !== [...now.keys()].join("\n") &&
    old.size === now.size &&
    [...old.keys()].every((name) => now.has(name))
  ) {
    changes.push({ kind: "changed", pointer, before, after });
  }
}

/** Returns members by what makes them the same member in another version. */
function membersOf(value: unknown): Map<string, readonly [key: string, value: unknown]> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value).map(([key, member]) => [key, [key, member]]));
  const members = new Map<string, readonly [string, unknown]>();
  const copies = new Map<string, number>();
  value.forEach((item: unknown, index) => {
    const name = nameOf(item);
    // a JSON text never ends in a space and a number of its own
    const copy = (copies.get(name) ?? 0) + 1;
    copies.set(name, copy);
    members.set(copy === 1 ? name : `${name} ${copy}`, [String(index), item]);
  });
  return members;
}

function nameOf(item: unknown): string {
  if (typeof item !== "object" || item === null) return JSON.stringify(item);
  const { id, name, key, type, kind } = item as Readonly<Record<string, unknown>>;
  return JSON.stringify([id, name, key, type, kind].find((value) => typeof value === "string") ?? "");
}
