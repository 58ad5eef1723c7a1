import type { Command } from "../command.ts";
import { UsageError } from "../command.ts";
import { describePack } from "../packs/describe-pack.ts";
import { openPack } from "../packs/open-pack.ts";
import { formatPack } from "../reporters/pack-tables.ts";
import { reportJson } from "../terminal/terminal.ts";
import { packOptions } from "../packs/pack-options.ts";

export const inspect: Command = {
  name: "inspect",
  summary: "Shows what is inside a pack: prompts, variables, tools, guardrails, evals and all the rest.",
  positionals: "<pack>",
  options: { json: { type: "boolean", about: "one JSON document instead of tables" }, ...packOptions },
  examples: [
    ["inspect support.pack.json", "tables"],
    ["inspect support.pack.json --json | jq -r .minimumSpecVersion", "the oldest spec version that the pack needs"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length > 1) throw new UsageError("inspect takes one pack");
    const opened = await openPack(inspect, given, terminal);
    if (opened.pack === undefined) return opened.verdict.exitCode;
    const description = describePack(opened.pack);
    if (given.flag("json")) terminal.write(`${reportJson(description)}\n`);
    else terminal.print(formatPack(description, terminal.paint));
    return 0;
  },
};
