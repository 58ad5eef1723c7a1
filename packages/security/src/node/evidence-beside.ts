import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { VerificationError } from "../errors.ts";
import { problem } from "../verify/problem.ts";

/** What stands after a pack file's name: a DSSE envelope, and a sigstore bundle; not .json, which folders of packs are searched for. */
export const SIGNATURE_SUFFIXES = [".dsse", ".sigstore"] as const;

const MAX_BYTES = 1024 * 1024;

/** Reads the signature files beside a pack file, for trustPolicy: `<pack>.dsse` and `<pack>.sigstore`. */
export async function evidenceBeside(path: string): Promise<Uint8Array[]> {
  const found = await Promise.all(SIGNATURE_SUFFIXES.map((suffix) => readSmallFile(`${path}${suffix}`)));
  return found.filter((bytes) => bytes !== undefined);
}

/** hostile: a signature file may be a pipe, a link to a device or endless; what cannot be read is no evidence only if it is not there. */
async function readSmallFile(path: string): Promise<Uint8Array | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat().then((stats) => (stats.isFile() ? stats : { size: Infinity }));
    if (size > MAX_BYTES)
      throw new VerificationError([
        problem("ENVELOPE_INVALID", "what stands in the signature file's place is no regular file of at most 1 MiB"),
      ]);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
