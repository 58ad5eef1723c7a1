import { parseDocument, printable } from "promptpack";
import { packLines } from "promptpack-security";
import { type Arguments, type Command, type ExitCode, UsageError } from "../../command.ts";
import { FileError, readSource, readTextIfThere, writeText } from "../../files.ts";
import { findRepository } from "../../git/find-repository.ts";
import { withAttributes, withDriver } from "../../git/driver-texts.ts";
import { printableLines, type Terminal } from "../../terminal/terminal.ts";

export const git: Command = {
  name: "git",
  summary: "Lets git show changes of packs by what they mean; touches this repository's own settings only.",
  positionals: "<install, uninstall or textconv> [file]",
  options: {
    "dry-run": { type: "boolean", about: "show what would change, and change nothing" },
    program: {
      type: "string",
      value: "command",
      about: 'how git starts this program (default: "npx --no-install promptpack")',
    },
  },
  examples: [
    ["git install", "git diff shows packs as sorted lines, hidden characters written out"],
    ["git install --dry-run", "only show what it does"],
    ["git uninstall", "back to how it was"],
    ["git textconv support.pack.json", "what git gets to compare"],
  ],
  run: async (given, terminal) => {
    const [action, file, ...rest] = given.positionals;
    if (action === "textconv" && file !== undefined && rest.length === 0) return convert(file, terminal);
    if ((action !== "install" && action !== "uninstall") || file !== undefined) {
      throw new UsageError("git needs one of install, uninstall, or textconv and a file");
    }
    return configure(action === "install", given, terminal);
  },
};

async function configure(install: boolean, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const repository = await findRepository(process.cwd());
  if (repository === undefined) throw new UsageError("this folder is in no git repository");
  const program = install ? (given.text("program") ?? "npx --no-install promptpack") : undefined;
  if (program !== undefined && /[\r\n\0]/.test(program)) throw new UsageError("--program needs one line");
  const plans = await Promise.all(
    [
      { file: repository.config, change: withDriver },
      { file: repository.attributes, change: withAttributes },
    ].map(async ({ file, change }) => {
      const before = (await readTextIfThere(file)) ?? "";
      return { file, before, after: change(before, program) };
    }),
  );
  const changes = plans.filter(({ before, after }) => before !== after);
  for (const { file, before, after } of changes) {
    terminal.print(`${terminal.paint("bold", printable(file))}\n${shownChange(before, after, terminal)}`);
  }
  if (changes.length === 0) terminal.print("Nothing to do.");
  if (given.flag("dry-run")) return 0;
  for (const { file, after } of changes) await writeText(file, after);
  if (changes.length > 0)
    terminal.print(install ? "✔ git diff shows packs by what they mean" : "✔ git diff is as it was");
  return 0;
}

function shownChange(before: string, after: string, { paint }: Terminal): string {
  const [old, now] = [before, after].map((text) => new Set(text.split("\n"))) as [Set<string>, Set<string>];
  const removed = [...old].filter((line) => !now.has(line)).map((line) => paint("red", `  - ${printable(line)}`));
  const added = [...now].filter((line) => !old.has(line)).map((line) => paint("green", `  + ${printable(line)}`));
  return [...removed, ...added].join("\n");
}

/** Never fails for what a file holds: git would show nothing at all. */
async function convert(file: string, terminal: Terminal): Promise<ExitCode> {
  let bytes: Uint8Array;
  try {
    bytes = await readSource({ name: file, path: file });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    terminal.say("error", `${file}: ${error.message}`);
    return 2;
  }
  const { data } = parseDocument(bytes);
  terminal.print(data === undefined ? printableLines(new TextDecoder().decode(bytes)) : packLines(data).join("\n"));
  return 0;
}
