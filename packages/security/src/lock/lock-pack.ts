import { maskSecrets, parsePack } from "promptpack";
import { pointTo } from "../ground/pointer.ts";
import { encodeBase64 } from "../sign/base64.ts";
import { canonicalDigest, digestOf } from "../sign/digest.ts";
import type { Digests, LockEntry, LockFile } from "./lock-file.ts";

/** A pack file to lock. */
export interface LockSource {
  readonly bytes: Uint8Array;
  /** As the lock file names it: relative, with slashes. */
  readonly file?: string;
}

/** A pack file's name in a lock and what the lock says of it. */
export interface LockedPack {
  readonly id: string;
  readonly version: string;
  readonly entry: LockEntry;
}

/**
 * Returns the digests of a pack file and of what is in it.
 * @throws {PackError} any code of parsePack: what is no valid pack is not locked
 */
export async function lockPack({ bytes, file }: LockSource): Promise<LockedPack> {
  const { data, id, version } = parsePack(bytes, file === undefined ? {} : { file });
  const { prompts, tools = {}, ...others } = data;
  const sections: Record<string, unknown> = { ...others };
  for (const [key, tool] of Object.entries(tools)) {
    const besides = Object.entries(tool).filter(([member]) => !["name", "description", "parameters"].includes(member));
    if (besides.length > 0) sections[pointTo("tools", key)] = Object.fromEntries(besides);
  }
  return {
    id,
    version,
    entry: {
      ...(file === undefined ? {} : { file }),
      integrity: `sha512-${encodeBase64(await digestOf("sha512", bytes))}`,
      canonical: await canonicalDigest(data),
      prompts: await digestsOf(prompts),
      tools: await digestsOf(tools, ({ name, description, parameters }) => ({ name, description, parameters })),
      sections: await digestsOf(sections),
    },
  };
}

/**
 * Returns a lock of all the files.
 * @throws {PackError} any code of parsePack
 * @throws {TypeError} when two files hold the same version of a pack with different bytes
 */
export async function createLock(sources: readonly LockSource[]): Promise<LockFile> {
  const packs = new Map<string, LockEntry>();
  for (const source of sources) {
    const { id, version, entry } = await lockPack(source);
    const name = `${id}@${version}`;
    const other = packs.get(name);
    if (other !== undefined && other.integrity !== entry.integrity)
      throw new TypeError(
        maskSecrets(
          `${other.file ?? "one file"} and ${entry.file ?? "another"} both hold ${name}, with different bytes`,
        ),
      );
    if (other === undefined) packs.set(name, entry);
  }
  return { lockVersion: 1, packs: Object.fromEntries(packs) };
}

async function digestsOf<T>(
  record: { readonly [name: string]: T },
  part: (value: T) => unknown = (value) => value,
): Promise<Digests> {
  const entries = Object.entries(record).map(
    async ([name, value]) => [name, await canonicalDigest(part(value))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
