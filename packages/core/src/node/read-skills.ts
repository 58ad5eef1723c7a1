import { constants } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { SkillFile, SkillFiles } from "../skills/collect-skills.ts";
import { parseSkillSource, sourceKey } from "../skills/skill-source.ts";

export interface ReadSkillsOptions {
  /** Where packages live: "@scope/name" or "@scope/name@version" to a folder. A package without an entry is an error. */
  readonly packages?: { readonly [reference: string]: string };
  /** Bytes of one SKILL.md; 262 144 when absent. */
  readonly maxBytes?: number;
  /** Directory entries that one source may have; 2 000 when absent. */
  readonly maxEntries?: number;
  /** Folders below a source; 4 when absent. */
  readonly maxDepth?: number;
}

/** Why a source is refused; what is thrown beyond it is a fault of the file system. */
class Refusal extends Error {}

/**
 * Reads the SKILL.md files of a pack's sources below the folder of the pack file, as text: no other file is opened,
 * and nothing is run or imported. Symbolic links are refused. Source: R164, R170, R171, RULINGS 25.
 * @throws {PackError} UNSAFE_SKILL_PATH, EMPTY_SKILL_PATH, INVALID_SKILL_REFERENCE, SKILL_UNRESOLVED: all together
 */
export async function readSkills(
  sources: PackData["skills"],
  root: string,
  options: ReadSkillsOptions = {},
): Promise<SkillFiles> {
  const errors: Diagnostic[] = [];
  const files = new Map<string, readonly SkillFile[]>();
  for (const [index, source] of (sources ?? []).entries()) {
    const parsed = parseSkillSource(source);
    if (parsed.kind === "inline") continue;
    const pointer = formatPointer("skills", index);
    if (parsed.kind === "fault") {
      errors.push(createDiagnostic(parsed.code, pointer, `the skill source cannot be used: ${parsed.reason}`));
      continue;
    }
    const key = sourceKey(parsed);
    try {
      const folder =
        parsed.kind === "path" ? root : (getOwn(options.packages, key) ?? getOwn(options.packages, parsed.name));
      if (folder === undefined) throw new Refusal("the host names no folder for this package");
      files.set(key, await readSource(folder, parsed.kind === "path" ? parsed.path : ".", options));
    } catch (error) {
      const reason = error instanceof Refusal ? error.message : "the file system does not give it";
      errors.push(createDiagnostic("SKILL_UNRESOLVED", pointer, `the source "${key}" cannot be read: ${reason}`));
    }
  }
  if (errors.length > 0) throw new PackError(errors);
  return files;
}

async function readSource(root: string, path: string, options: ReadSkillsOptions): Promise<readonly SkillFile[]> {
  const { maxEntries = 2_000, maxDepth = 4 } = options;
  const base = await realpath(root);
  const segments = path === "." ? [] : path.split("/");
  // hostile: every step of the way is looked at, because a link anywhere in it leads out of the pack
  for (let count = 1; count <= segments.length; count++) {
    if ((await lstat(join(base, ...segments.slice(0, count)))).isSymbolicLink())
      throw new Refusal("a symbolic link is in the way");
  }
  const start = join(base, ...segments);
  const stats = await lstat(start);
  if (stats.isFile()) {
    if (!path.endsWith(".md")) throw new Refusal("it is no folder and no Markdown file");
    return [{ path: segments.at(-1) ?? path, text: await readText(start, base, options) }];
  }
  if (!stats.isDirectory()) throw new Refusal("it is no folder and no regular file");
  const found: SkillFile[] = [];
  let entries = 0;
  const walk = async (folder: string, names: readonly string[]): Promise<void> => {
    const children = (await readdir(folder, { withFileTypes: true })).sort((left, right) =>
      left.name < right.name ? -1 : 1,
    );
    entries += children.length;
    if (entries > maxEntries) throw new Refusal(`it has more than ${maxEntries} entries`);
    if (children.some((child) => child.isSymbolicLink())) throw new Refusal("it holds a symbolic link");
    if (children.some((child) => child.name === "SKILL.md" && child.isFile())) {
      found.push({
        path: [...names, "SKILL.md"].join("/"),
        text: await readText(join(folder, "SKILL.md"), base, options),
      });
      return;
    }
    for (const child of children) {
      if (!child.isDirectory()) continue;
      if (names.length >= maxDepth) throw new Refusal(`it has folders deeper than ${maxDepth}`);
      await walk(join(folder, child.name), [...names, child.name]);
    }
  };
  await walk(start, []);
  if (found.length === 0) throw new Refusal("it holds no SKILL.md");
  return found;
}

async function readText(path: string, base: string, { maxBytes = 262_144 }: ReadSkillsOptions): Promise<string> {
  // hostile: between the look and the opening a file may have become a link, a pipe or a device
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) throw new Refusal("SKILL.md is no regular file");
    if (!(await realpath(path)).startsWith(base.endsWith(sep) ? base : base + sep))
      throw new Refusal("it leads out of the pack");
    const bytes = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      length += bytesRead;
      if (length > maxBytes) throw new Refusal(`a SKILL.md is longer than ${maxBytes} bytes`);
      if (bytesRead === 0) break;
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal("a SKILL.md is not UTF-8");
    throw error;
  } finally {
    await file.close();
  }
}
