import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { fillLimits } from "../document/limits.ts";
import type { Pack } from "../pack/pack.ts";
import { type PackOptions, parsePack } from "../pack/parse-pack.ts";

export interface LoadPackOptions extends PackOptions {
  /** Called with the very bytes that are then parsed; throws to refuse them. */
  readonly verify?: (bytes: Uint8Array, path: string) => void | Promise<void>;
}

export interface LoadPacksOptions extends LoadPackOptions {
  /** Called with each failure; the packs that loaded are then returned. Without it any failure fails the call. */
  readonly onError?: (path: string, error: PackError) => void;
}

/**
 * Reads one pack from a regular file and returns it checked and frozen.
 *
 * @throws {PackError} FILE_UNREADABLE, LIMIT_EXCEEDED, or any code of parsePack
 */
export async function loadPack(path: string, options: LoadPackOptions = {}): Promise<Pack> {
  const bytes = await readRegularFile(path, fillLimits(options.limits).maxBytes);
  const { verify } = options;
  // false, or a verifier that was never called, is no consent
  if (verify !== undefined && ((await verify(bytes, path)) as unknown) !== undefined)
    throw new TypeError("verify returns nothing, and throws to refuse a pack");
  return parsePack(bytes, { file: path, ...options });
}

/**
 * Reads every `*.json` file of a directory, not of those inside it, and returns the packs by id.
 * No bad file is skipped silently. Source: RULINGS 5.
 *
 * @throws {PackError} DUPLICATE_PACK and the codes of loadPack, with the diagnostics of all files
 */
export async function loadPacks(directory: string, options: LoadPacksOptions = {}): Promise<Map<string, Pack>> {
  const packs = new Map<string, Pack>();
  const failures: Diagnostic[] = [];
  const fail = (path: string, error: PackError): void => {
    if (options.onError === undefined) failures.push(...error.diagnostics);
    else options.onError(path, error);
  };
  for (const name of await listJsonFiles(directory)) {
    const path = join(directory, name);
    try {
      const pack = await loadPack(path, options);
      if (!packs.has(pack.id)) packs.set(pack.id, pack);
      else
        fail(
          path,
          refusal("DUPLICATE_PACK", path, `a pack with the id "${pack.id}" was already read from this directory`),
        );
    } catch (error) {
      if (!PackError.isInstance(error)) throw error;
      fail(path, error);
    }
  }
  if (failures.length > 0) throw new PackError(failures);
  return packs;
}

async function listJsonFiles(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    throw unreadable(directory, error);
  }
}

/** Reads through one handle: what is checked is what is read. Links, devices, pipes and folders are refused. */
async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array> {
  // hostile: a link may point anywhere, and opening a pipe would wait for a writer
  const seen = await lstat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!seen.isFile()) throw refusal("FILE_UNREADABLE", path, "the path does not lead to a regular file");
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw unreadable(path, error);
    },
  );
  try {
    const { size, ino, dev } = await handle.stat();
    if (ino !== seen.ino || dev !== seen.dev)
      throw refusal("FILE_UNREADABLE", path, "the file was replaced while it was opened");
    if (size > maxBytes) throw refusal("LIMIT_EXCEEDED", path, `the file has ${size} bytes, the limit is ${maxBytes}`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, error: unknown): PackError {
  const code = (error as { readonly code?: unknown }).code;
  const reason =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EACCES"
        ? "it may not be read"
        : code === "ELOOP"
          ? "it is a link"
          : `the system says ${String(code)}`;
  return refusal("FILE_UNREADABLE", path, `the file cannot be read: ${reason}`, error);
}

function refusal(
  code: "FILE_UNREADABLE" | "LIMIT_EXCEEDED" | "DUPLICATE_PACK",
  path: string,
  message: string,
  cause?: unknown,
): PackError {
  const start = { offset: 0, line: 1, column: 1 };
  const diagnostic = { ...createDiagnostic(code, "", message), span: { file: path, start, end: start } };
  return new PackError([diagnostic], cause === undefined ? undefined : { cause });
}
