import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { InputError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { PATH_FAULTS, sizeFault } from "../media/check-media-parts.ts";
import { mediaPathFault } from "../media/check-media-source.ts";

export interface MediaFileOptions {
  /** The folder that every path is below. */
  readonly root: string;
  /** Bytes of the file at most. */
  readonly maxBytes: number;
  /** Pointer of the path in the input. */
  readonly pointer?: string;
}

/**
 * Reads a regular file below a root: relative POSIX segments, no symbolic link on the way, opened once,
 * measured and read through the same handle. Source: R117, RULINGS 25.
 * @throws {InputError} UNSAFE_MEDIA_PATH, UNREADABLE_MEDIA, MEDIA_TOO_LARGE
 */
export async function readMediaFile(path: string, options: MediaFileOptions): Promise<Uint8Array> {
  const { root, maxBytes, pointer = "" } = options;
  const refuse = (code: DiagnosticCode, message: string): InputError =>
    new InputError([createDiagnostic(code, pointer, message)]);
  const fault = mediaPathFault(path);
  if (fault !== undefined) throw refuse("UNSAFE_MEDIA_PATH", PATH_FAULTS[fault]);

  const absent = refuse("UNREADABLE_MEDIA", "there is no readable file here, or it is a symbolic link");
  const realRoot = await realpath(root).catch(() => Promise.reject(absent));
  const full = join(realRoot, ...path.split("/"));
  // hostile: a link must not be followed, and a FIFO must not hang the call
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(full, flags).catch(() => Promise.reject(absent));
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refuse("UNREADABLE_MEDIA", "it is not a regular file");
    if (!(await isAt(full, stat))) throw refuse("UNSAFE_MEDIA_PATH", "a symbolic link is on the way to the file");
    const bytes = stat.size > maxBytes ? undefined : await readUpTo(file, maxBytes + 1);
    const size = bytes === undefined ? stat.size : bytes.length;
    if (bytes === undefined || size > maxBytes) throw refuse("MEDIA_TOO_LARGE", sizeFault(size, maxBytes) ?? "");
    return bytes;
  } finally {
    await file.close();
  }
}

/** Returns whether the path, without any link, is the opened file: the folder may change between two calls. */
async function isAt(path: string, opened: Stats): Promise<boolean> {
  const [real, found] = await Promise.all([realpath(path), lstat(path)]).catch(() => []);
  return real === path && found !== undefined && found.ino === opened.ino && found.dev === opened.dev;
}

/** A file may grow after it was measured, so reading has its own limit. */
async function readUpTo(file: FileHandle, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let total = 0; total < limit;) {
    const chunk = new Uint8Array(Math.min(65_536, limit - total));
    const { bytesRead } = await file.read(chunk);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}
