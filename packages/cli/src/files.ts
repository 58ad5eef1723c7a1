import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, rename, stat, unlink, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { maskSecrets } from "promptpack";

// The only file of this package that touches the file system.

/** A pack to read: a path, or standard input when there is none. */
export interface Source {
  /** What messages call it. */
  readonly name: string;
  readonly path?: string;
  /** Why it cannot be read, when that is known already. */
  readonly problem?: string;
}

export const STDIN: Source = { name: "<stdin>" };

/** Bytes of one pack; a host with larger ones has other troubles. */
export const MAX_BYTES: number = 16 * 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_FILES = 50_000;

/** Something could not be read; the message says what and why, without the name. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/**
 * Returns what arguments name, in order: `-`, files, and the .json, .yaml and .yml files of folders.
 * Folders are walked in name order without hidden files, node_modules and symbolic links; `note` hears of the links.
 */
export async function findSources(names: readonly string[], note: (text: string) => void): Promise<Source[]> {
  const found: Source[] = [];
  for (const name of names) {
    if (name === "-") {
      if (!found.includes(STDIN)) found.push(STDIN);
      continue;
    }
    try {
      refuseUrl(name);
      if (!(await stat(name)).isDirectory()) {
        found.push({ name, path: name });
        continue;
      }
      const before = found.length;
      await walk(name, 0, found, note);
      if (found.length === before) throw new FileError("no .json, .yaml or .yml file in this folder");
    } catch (error) {
      found.push({ name: name === "" ? '""' : name, path: name, problem: reason(error) });
    }
  }
  return found;
}

/**
 * Reads at most `limit` + 1 bytes, so that whoever gets them can tell that there are too many.
 * @throws {FileError}
 */
export async function readSource({ path, problem }: Source, limit: number = MAX_BYTES): Promise<Uint8Array> {
  if (problem !== undefined) throw new FileError(problem);
  try {
    return path === undefined ? await readStdin(limit) : await readRegularFile(path, limit);
  } catch (error) {
    throw new FileError(reason(error));
  }
}

/** Returns the path for reports: relative with slashes when the file is below the working folder, else absolute; masked. */
export function reportPath({ path }: Source): string {
  if (path === undefined) return "stdin";
  const local = relative(process.cwd(), path);
  const outside = local === "" || local === ".." || local.startsWith(`..${sep}`) || isAbsolute(local);
  return maskSecrets(outside ? resolve(path) : local.split(sep).join("/"));
}

/** Returns the path for reports as a URI reference. */
export function reportUri(source: Source): string {
  const path = reportPath(source);
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

/** Reads a file that ships with this package; undefined when it is not there. */
export async function readBundled(relativePaths: readonly string[]): Promise<string[] | undefined> {
  for (const path of relativePaths) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    const names = await readdir(folder).catch(() => []);
    const pages = names.filter((name) => name.endsWith(".md")).sort();
    if (pages.length === 0) continue;
    const texts: string[] = [];
    for (const page of pages) texts.push(Buffer.from(await readRegularFile(join(folder, page), MAX_BYTES)).toString());
    return texts;
  }
  return undefined;
}

/**
 * Reads a small text of the user's own, such as settings; undefined when there is none, or a folder in its place.
 * @throws {FileError}
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined || kind.isDirectory()) return undefined;
  return new TextDecoder().decode(await readSource({ name: path, path }));
}

/**
 * Writes a text file as a whole or not at all.
 * @throws {FileError}
 */
export async function writeText(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, path);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw new FileError(reason(error));
  }
}

/** A file to write, with these permissions from the first byte on. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/**
 * Writes files that must not be there yet: all of them, or none.
 * @throws {FileError} that names the file
 */
export async function writeNew(files: readonly NewFile[]): Promise<void> {
  const written: string[] = [];
  for (const { path, text, mode } of files) {
    try {
      await writeFile(path, text, { flag: "wx", mode });
      written.push(path);
    } catch (error) {
      for (const before of written) await unlink(before).catch(() => {});
      throw new FileError(`${path}: ${reason(error)}`);
    }
  }
}

async function walk(folder: string, depth: number, found: Source[], note: (text: string) => void): Promise<void> {
  // hostile: a folder may hold links out of it, pipes, and very deep or very many entries
  if (depth > MAX_DEPTH) throw new FileError(`folders are nested deeper than ${MAX_DEPTH}`);
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) await walk(path, depth + 1, found, note);
    else if (!/\.(json|ya?ml)$/i.test(entry.name)) continue;
    else if (entry.isSymbolicLink()) note(`${path} is a symbolic link and was not followed`);
    else found.push({ name: path, path });
    if (found.length > MAX_FILES) throw new FileError(`more than ${MAX_FILES} files`);
  }
}

async function readRegularFile(path: string, limit: number): Promise<Uint8Array> {
  refuseUrl(path);
  // hostile: O_NONBLOCK keeps a pipe from hanging the open; only what was opened is judged, so it cannot be swapped.
  if ((await lstat(path)).isSocket()) throw new FileError("a socket, not a regular file");
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const kind = await file.stat();
    if (!kind.isFile()) {
      throw new FileError(
        `${kind.isDirectory() ? "a folder" : kind.isFIFO() ? "a pipe" : "a device"}, not a regular file`,
      );
    }
    return await readUpTo(file, limit + 1, kind.size);
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, limit: number, size: number): Promise<Uint8Array> {
  let buffer = Buffer.alloc(Math.min(limit, size + 1));
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length < buffer.length) continue;
    if (length === limit) break;
    buffer = Buffer.concat([buffer], Math.min(limit, length * 2)); // the file grew while it was read
  }
  return buffer.subarray(0, length);
}

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}

function refuseUrl(name: string): void {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return;
  throw new FileError("a URL, and nothing is ever fetched: download the pack, then name the file or pipe it into -");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  ENOTDIR: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
  ENXIO: "a device or socket, not a regular file",
  EMFILE: "too many open files",
  EEXIST: "it is there already, and is not overwritten",
};

function reason(error: unknown): string {
  if (error instanceof FileError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  // Node's own messages repeat the path; a NUL in a path has a code of its own.
  return REASONS[code ?? ""] ?? `it could not be read (${code ?? "unknown error"})`;
}
