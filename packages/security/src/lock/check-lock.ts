import { compareLock, type LockChange } from "./compare-lock.ts";
import type { LockEntry, LockFile } from "./lock-file.ts";

/** What `lock --check` says of one pack; `state` "same" has no changes. */
export interface LockState {
  /** "id@version" */
  readonly pack: string;
  readonly file?: string;
  readonly state: "same" | "changed" | "new" | "gone";
  readonly changes: readonly LockChange[];
}

/** Compares a lock with the packs that are there now; both ways: none may be new, none may be gone. */
export function checkLock(lock: LockFile, actual: LockFile): readonly LockState[] {
  const names = [...new Set([...Object.keys(lock.packs), ...Object.keys(actual.packs)])].sort();
  return names.map((pack) => {
    const [locked, found] = [own(lock.packs, pack), own(actual.packs, pack)];
    const file = found?.file ?? locked?.file;
    const changes = locked === undefined || found === undefined ? [] : compareLock(locked, found);
    const state = found === undefined ? "gone" : locked === undefined ? "new" : changes.length > 0 ? "changed" : "same";
    return { pack, ...(file === undefined ? {} : { file }), state, changes };
  });
}

/** hostile: a pack may be named like a member that every object inherits. */
export function own(packs: LockFile["packs"], pack: string): LockEntry | undefined {
  return Object.hasOwn(packs, pack) ? packs[pack] : undefined;
}
