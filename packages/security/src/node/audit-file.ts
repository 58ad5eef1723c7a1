import { printable } from "promptpack";
import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditLogOptions } from "../audit/audit-log.ts";

/** Longer than any line of an audit log. */
const MAX_BYTES = 64 * 1024;

/**
 * Returns `append` and `exclusive` of createAuditLog for a file that several programs on one machine may write: each write
 * holds `<path>.lock`, and goes on from the last line that is there then. A lock that nobody gives back within `wait`
 * milliseconds (5000 when absent) makes the write fail: a program that crashed while writing leaves it, for people to look at.
 */
export function auditFile(
  path: string,
  { wait = 5000 }: { readonly wait?: number } = {},
): Required<Pick<AuditLogOptions, "append" | "exclusive">> {
  return {
    append: async (line) => {
      const { O_APPEND, O_CREAT, O_WRONLY } = constants;
      const handle = await open(path, O_APPEND | O_CREAT | O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600);
      try {
        await handle.writeFile(`${line}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
    exclusive: async (write) => {
      const lock = `${path}.lock`;
      await (await takeLock(lock, wait)).close();
      try {
        return await write(await lastLine(path));
      } finally {
        await unlink(lock);
      }
    },
  };
}

async function takeLock(lock: string, wait: number): Promise<FileHandle> {
  for (let waited = 0; ; waited += 10)
    try {
      return await open(lock, "wx", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (waited >= wait)
        throw new Error(`${printable(lock)} is held by somebody, or was left behind`, { cause: error });
      await sleep(10);
    }
}

/** Returns the last line without its line feed; one that lacks it was not written to its end, and is no record. */
async function lastLine(path: string): Promise<string | undefined> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size === 0) return undefined;
    const length = Math.min(size, MAX_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString("utf8");
    return text.endsWith("\n") ? text.slice(text.lastIndexOf("\n", text.length - 2) + 1, -1) : "an incomplete line";
  } finally {
    await handle.close();
  }
}
