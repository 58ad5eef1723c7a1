import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { CredentialError } from "../credentials/credential-error.ts";
import type { CredentialSource } from "../credentials/credentials.ts";

const MAX_BYTES = 64 * 1024;

export interface FileSourceOptions {
  /** Whether others than the owner may read the file, as in containers whose secrets are mounted 0444; false when absent. */
  readonly allowShared?: boolean;
}

/**
 * Returns a source of credentials in files, one a file; a line feed at the end does not count.
 *
 * It throws CredentialError CREDENTIAL_EXPOSED when anyone but the owner may read or write the file, and
 * CREDENTIAL_UNREADABLE for what is no small regular file. Windows has no such modes; there the mode is not checked.
 */
export function fileSource({ allowShared = false }: FileSourceOptions = {}): CredentialSource {
  return async (path) => {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw new CredentialError(
          "CREDENTIAL_UNREADABLE",
          `file:${path} cannot be read (${error.code ?? "unknown error"})`,
        );
      },
    );
    if (handle === undefined) return undefined;
    try {
      const stats = await handle.stat(); // of what was opened, so that it cannot be swapped
      if (!stats.isFile() || stats.size > MAX_BYTES)
        throw new CredentialError("CREDENTIAL_UNREADABLE", `file:${path} is no regular file of at most 64 KiB`);
      const mode = stats.mode & 0o777;
      if (process.platform !== "win32" && !allowShared && (mode & 0o077) !== 0)
        throw new CredentialError(
          "CREDENTIAL_EXPOSED",
          `file:${path} has the mode 0${mode.toString(8)}, and only its owner may have access: chmod 600`,
        );
      return (await handle.readFile("utf8")).replace(/\r?\n$/, "");
    } finally {
      await handle.close();
    }
  };
}

/** Returns when a file was last written, for `dates` of checkCredentials; a new date on an old key deceives it. */
export async function fileDate(path: string): Promise<Date | undefined> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => undefined,
  );
}
