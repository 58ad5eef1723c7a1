import { PolicyError, VerificationError } from "../errors.ts";
import { problem } from "../verify/problem.ts";
import type { PackVerifier } from "../verify/trust-policy-verifier.ts";
import { own } from "./check-lock.ts";
import { compareLock } from "./compare-lock.ts";
import { type LockFile, parseLock } from "./lock-file.ts";
import { lockPack } from "./lock-pack.ts";

export interface RequireLockOptions {
  /** What must be as it was locked; with "content" the file may be laid out differently. "bytes" when absent. */
  readonly compare?: "bytes" | "content";
}

/**
 * Returns a verifier for loadPack that lets in only what the lock names, unchanged.
 *
 * The verifier throws PolicyError NOT_LOCKED for a pack or version that is not in the lock, and VerificationError
 * TOOL_CHANGED, PROMPT_CHANGED, SECTION_CHANGED or DIGEST_MISMATCH, each change named, for one that is different.
 *
 * @throws {VerificationError} LOCK_INVALID
 */
export function requireLock(
  lock: LockFile | string | Uint8Array,
  { compare = "bytes" }: RequireLockOptions = {},
): PackVerifier {
  const { packs } =
    typeof lock === "string" || lock instanceof Uint8Array ? parseLock(lock) : parseLock(JSON.stringify(lock));
  return async (bytes, path) => {
    const { id, version, entry } = await lockPack({ bytes, file: path });
    const name = `${id}@${version}`;
    const locked = own(packs, name);
    if (locked === undefined) {
      const other = Object.keys(packs).find((key) => key.startsWith(`${id}@`));
      const known = other === undefined ? "" : `; the lock has ${other}`;
      throw new PolicyError([problem("NOT_LOCKED", `${name} is not in the lock${known}`)]);
    }
    const changes = compareLock(locked, entry);
    const isAllowed = compare === "content" && locked.canonical !== undefined && locked.canonical === entry.canonical;
    if (changes.length > 0 && !isAllowed)
      throw new VerificationError(changes.map(({ code, message, pointer }) => problem(code, message, pointer)));
  };
}
