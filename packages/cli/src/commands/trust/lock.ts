import {
  checkLock,
  createLock,
  formatLock,
  type LockFile,
  type LockSource,
  type LockState,
  parseLock,
} from "promptpack-security";
import { type Command, type ExitCode, UsageError } from "../../command.ts";
import { FileError, findSources, reportPath, readTextIfThere, writeText } from "../../files.ts";
import { printable } from "promptpack";
import { reportJson, type Terminal } from "../../terminal/terminal.ts";
import { counted } from "../../verdict.ts";
import { orRefuse, readNamed } from "../../trust/refuse.ts";

export const lock: Command = {
  name: "lock",
  summary: "Writes down the digests of packs, their prompts and their tools; --check says what is no longer so.",
  positionals: "<file or folder>...",
  options: {
    check: { type: "boolean", about: "compare instead of writing; exit with 1 when anything differs" },
    lock: { type: "string", value: "file", about: "the lock file (default: promptpack.lock)" },
    json: { type: "boolean", about: "with --check, one JSON document" },
  },
  examples: [
    ["lock packs/", "write promptpack.lock"],
    ["lock packs/ --check", "in CI: which tool, which prompt is not as it was locked"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length === 0) throw new UsageError("name files or folders to lock");
    const path = given.text("lock") ?? "promptpack.lock";
    return orRefuse(terminal, path, async () => {
      const locked = given.flag("check") ? await readTextIfThere(path) : undefined;
      if (given.flag("check") && locked === undefined)
        throw new FileError("there is no lock file; promptpack lock writes it");
      const sources = await findSources(given.positionals, (text) => terminal.say("note", text));
      const actual = await lockAll(sources, terminal);
      if (actual === undefined) return 1;
      if (locked !== undefined) return report(checkLock(parseLock(locked), actual), given.flag("json"), terminal);
      await writeText(path, formatLock(actual));
      terminal.say("note", `${counted(Object.keys(actual.packs).length, "pack")} locked in ${path}`);
      return 0;
    });
  },
};

type Sources = Awaited<ReturnType<typeof findSources>>;

/** Every file is tried, so that all that are no packs are named. */
async function lockAll(sources: Sources, terminal: Terminal): Promise<LockFile | undefined> {
  const good: LockSource[] = [];
  let failed = false;
  for (const source of sources) {
    const code = await orRefuse(terminal, source.name, async () => {
      if (source.problem !== undefined) throw new FileError(source.problem);
      const one = { bytes: await readNamed(source.path ?? "-"), file: reportPath(source) };
      await createLock([one]);
      good.push(one);
      return 0;
    });
    failed ||= code !== 0;
  }
  return failed ? undefined : createLock(good);
}

function report(states: readonly LockState[], asJson: boolean, terminal: Terminal): ExitCode {
  const different = states.filter(({ state }) => state !== "same");
  if (asJson) terminal.write(`${reportJson({ ok: different.length === 0, packs: states })}\n`);
  else {
    for (const { pack, file, state, changes } of different) {
      terminal.print(`${terminal.paint("red", "✖")} ${printable(pack)}  ${printable(file ?? "")}  ${SAYS[state]}`);
      for (const { code, message } of changes) terminal.print(`    ${code}  ${printable(message)}`);
    }
    if (different.length === 0) terminal.print(`✔ ${counted(states.length, "pack")} as locked`);
  }
  return different.length > 0 ? 1 : 0;
}

const SAYS: Readonly<Record<LockState["state"], string>> = {
  same: "as locked",
  changed: "is not as it was locked",
  new: "is not in the lock",
  gone: "is in the lock, and no longer among the files",
};
