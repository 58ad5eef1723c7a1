import { type Pack, parseDocument, safeParsePack } from "promptpack";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { checkOptions } from "./pack-options.ts";
import { FileError, findSources, readSource, type Source } from "../files.ts";
import { formatFindings } from "../reporters/pretty.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { decideVerdict, unmarked } from "../verdict.ts";
import type { CheckedFile, CheckOptions } from "./check-file.ts";

/** A pack together with what it was parsed from. */
export interface ReadPack {
  readonly source: Source;
  readonly bytes: Uint8Array;
  readonly document: ReturnType<typeof parseDocument>;
  readonly pack: Pack;
}

/** Reads every pack that the arguments name; those that are none are reported to standard error, and counted. */
export async function readPacks(
  command: Pick<Command, "name" | "positionals">,
  given: Arguments,
  terminal: Terminal,
): Promise<{ readonly packs: readonly ReadPack[]; readonly exitCode: 0 | 1 | 2 }> {
  if (given.positionals.length === 0)
    throw new UsageError(`name a pack: promptpack ${command.name} ${command.positionals}`);
  const options = checkOptions(given);
  const packs: ReadPack[] = [];
  let exitCode: 0 | 1 | 2 = 0;
  for (const source of await findSources(given.positionals, (text) => terminal.say("note", text))) {
    const result = await readPack(source, options);
    if ("bytes" in result) {
      packs.push(result);
      continue;
    }
    if (result.problem === undefined) terminal.sayBlock(`${formatFindings(result, terminal.errorColor)}\n`);
    const verdict = decideVerdict([result]);
    terminal.say("error", `${source.name}: ${result.problem ?? unmarked(verdict)}`);
    if (exitCode < verdict.exitCode) exitCode = verdict.exitCode;
  }
  return { packs, exitCode };
}

async function readPack(source: Source, options: CheckOptions): Promise<ReadPack | CheckedFile> {
  try {
    const bytes = await readSource(source);
    const document = await readDocument(source, bytes);
    const { pack, diagnostics } = safeParsePack(document, options);
    return pack === undefined ? { source, diagnostics, text: document.text } : { source, bytes, document, pack };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { source, diagnostics: [], problem: error.message };
  }
}

/** Parses JSON, or YAML by the file's name. */
export async function readDocument({ name, path }: Source, bytes: Uint8Array): Promise<ReadPack["document"]> {
  if (!/\.ya?ml$/i.test(path ?? "")) return parseDocument(bytes, { file: name });
  return (await (await import("./read-yaml.ts")).readYaml(bytes, name)) as ReadPack["document"];
}
