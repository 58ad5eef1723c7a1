import { type Command, UsageError } from "../command.ts";
import { findSources } from "../files.ts";
import { wholeNumber } from "../parse-arguments.ts";
import { checkFile, type CheckedFile, type CheckOptions } from "../packs/check-file.ts";
import type { Reporter } from "../reporters/reporter.ts";
import { counted, decideVerdict } from "../verdict.ts";
import { checkOptions, packOptions } from "../packs/pack-options.ts";

const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  pretty: async () => (await import("../reporters/pretty.ts")).pretty,
  json: async () => (await import("../reporters/json.ts")).json,
  sarif: async () => (await import("../reporters/sarif.ts")).sarif,
  github: async () => (await import("../reporters/github.ts")).github,
  junit: async () => (await import("../reporters/junit.ts")).junit,
};

export const validate: Command = {
  name: "validate",
  summary: "Checks packs against the spec and the rules that no schema can state.",
  positionals: "<file, folder or ->...",
  options: {
    format: { type: "string", value: "format", choices: Object.keys(reporters), about: "how to report" },
    ...packOptions,
    "max-warnings": { type: "string", value: "number", about: "fail when there are more warnings" },
  },
  examples: [
    ["validate support.pack.json", "one pack, with code frames"],
    ["validate packs/ --max-warnings 0", "every pack in a folder; warnings fail too"],
    ["validate packs/ --format sarif > packs.sarif", "a report for code scanning"],
    ["validate - < support.pack.json", "standard input"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length === 0)
      throw new UsageError("name files or folders to validate, or - for standard input");
    const maxWarnings = wholeNumber(given, "max-warnings");
    const sources = await findSources(given.positionals, (text) => terminal.say("note", text));
    const results: CheckedFile[] = [];
    const options: CheckOptions = checkOptions(given);
    for (const [index, source] of sources.entries()) {
      if (sources.length > 20) terminal.progress(`checking ${index + 1} of ${counted(sources.length, "file")}`);
      results.push(await checkFile(source, options));
    }
    if (sources.length > 20) terminal.progress("");
    const verdict = decideVerdict(results, maxWarnings);
    const report = await reporters[given.text("format") ?? "pretty"]?.();
    report?.(results, verdict, terminal);
    return verdict.exitCode;
  },
};
