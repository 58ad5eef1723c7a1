import { dirname, join, resolve } from "node:path";
import { readTextIfThere } from "../files.ts";

/** The files of a repository that a diff driver needs. */
export interface Repository {
  /** The settings of this repository alone. */
  readonly config: string;
  readonly attributes: string;
}

/** Returns the repository that a folder is in; git itself is never started. Source: gitrepository-layout(5). */
export async function findRepository(folder: string): Promise<Repository | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const attributes = join(at, ".gitattributes");
    const config = join(at, ".git", "config");
    if ((await readTextIfThere(config)) !== undefined) return { config, attributes };
    // In a linked worktree or a submodule `.git` is a file that names the folder.
    const link = /^gitdir: (.+)$/m.exec((await readTextIfThere(join(at, ".git"))) ?? "")?.[1];
    if (link !== undefined) {
      const own = resolve(at, link.trim());
      // hostile: a downloaded folder may name any other, whose file "config" is no repository's
      if ((await readTextIfThere(join(own, "HEAD"))) === undefined) return undefined;
      const common = await readTextIfThere(join(own, "commondir"));
      return { config: join(common === undefined ? own : resolve(own, common.trim()), "config"), attributes };
    }
    if (dirname(at) === at) return undefined;
  }
}
