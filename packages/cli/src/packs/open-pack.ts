import type { Pack } from "promptpack";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { findSources } from "../files.ts";
import { formatFindings } from "../reporters/pretty.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { decideVerdict, unmarked, type Verdict } from "../verdict.ts";
import { checkFile } from "./check-file.ts";
import { checkOptions } from "./pack-options.ts";

/** Reads the one pack of a command; when it is no pack, reports why to standard error and returns the verdict. */
export async function openPack(
  command: Pick<Command, "name" | "positionals">,
  given: Arguments,
  terminal: Terminal,
): Promise<{ readonly pack: Pack } | { readonly pack: undefined; readonly verdict: Verdict }> {
  const [name] = given.positionals;
  if (name === undefined) throw new UsageError(`name a pack: promptpack ${command.name} ${command.positionals}`);
  const [source, another] = await findSources([name], (text) => terminal.say("note", text));
  if (source === undefined || another !== undefined || (source.path !== undefined && source.name !== name)) {
    throw new UsageError(`${name} is a folder; ${command.name} takes one pack`);
  }
  const result = await checkFile(source, checkOptions(given));
  if (result.pack !== undefined) return { pack: result.pack };
  const verdict = decideVerdict([result]);
  if (result.problem === undefined) terminal.sayBlock(`${formatFindings(result, terminal.errorColor)}\n`);
  terminal.say("error", result.problem === undefined ? unmarked(verdict) : `${name}: ${result.problem}`);
  return { pack: undefined, verdict };
}
