import {
  diffPacks,
  diffRules,
  diffToHtml,
  diffToMarkdown,
  diffToText,
  isAtLeast,
  reviewRules,
  type Severity,
  toSarif,
} from "promptpack-security";
import { type Command, UsageError } from "../../command.ts";
import { reportUri } from "../../files.ts";
import { readPacks } from "../../packs/read-packs.ts";
import { reportJson } from "../../terminal/terminal.ts";
import { version } from "../../version.ts";
import { packOptions } from "../../packs/pack-options.ts";
import { failOn } from "./review.ts";

export const diff: Command = {
  name: "diff",
  summary: "Compares two versions of a pack by what they mean, and judges the risk of each change.",
  positionals: "<old> <new>",
  options: {
    format: {
      type: "string",
      value: "format",
      choices: ["text", "markdown", "json", "sarif", "html"],
      about: "how to report",
    },
    "fail-on": failOn,
    ...packOptions,
  },
  examples: [
    ["diff old.pack.json new.pack.json", "changes and risks"],
    ["diff old.pack.json new.pack.json --format markdown --fail-on high", "a comment for a pull request"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length !== 2) throw new UsageError("diff takes two packs: the old and the new one");
    const { packs, exitCode } = await readPacks(diff, given, terminal);
    const [before, after] = packs;
    if (exitCode !== 0) return exitCode;
    if (before === undefined || after === undefined || packs.length > 2)
      throw new UsageError("diff takes two packs, not folders");
    const result = diffPacks(before.pack, after.pack);
    switch (given.text("format")) {
      case "json":
        terminal.write(`${reportJson(result)}\n`);
        break;
      case "markdown":
        terminal.write(diffToMarkdown(result));
        break;
      case "sarif":
        terminal.write(
          toSarif([{ uri: reportUri(after.source), findings: result.findings }], {
            version,
            rules: { ...reviewRules, ...diffRules },
          }),
        );
        break;
      case "html":
        terminal.write(diffToHtml(result));
        break;
      default:
        terminal.print(diffToText(result, { paint: terminal.paint }));
    }
    const threshold = given.text("fail-on") as Severity | undefined;
    return threshold !== undefined && result.worst !== undefined && isAtLeast(result.worst, threshold) ? 1 : 0;
  },
};
