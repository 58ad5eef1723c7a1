import { markdown, markdownCode } from "../../ground/encode.ts";
import type { PackDiff } from "../diff-packs.ts";
import { changeLines, summarize } from "./change-lines.ts";

/** Returns a comparison as a comment for a pull request; no text of the packs becomes markup, a link or a mention. */
export function diffToMarkdown(diff: PackDiff): string {
  const { after, findings, changes } = diff;
  return `${[
    `### Pack ${markdownCode(after.id)}: ${diff.worst === undefined ? "no risks found" : `${diff.worst} risk`}`,
    "",
    markdown(summarize(diff)),
    ...(findings.length === 0
      ? []
      : [
          "",
          "| severity | rule | what | where |",
          "|---|---|---|---|",
          ...findings.map(
            ({ severity, rule, message, pointer }) =>
              `| **${severity}** | ${rule} | ${markdownCode(message)} | ${pointer === "" ? "" : markdownCode(pointer)} |`,
          ),
        ]),
    ...(changes.length === 0
      ? []
      : ["", `<details><summary>${changes.length === 1 ? "The change" : `All ${changes.length} changes`}</summary>`]),
    ...changes.flatMap((change) => {
      const lines = changeLines(change).map(({ mark, text }) => `${mark} ${text}`);
      const fence = "`".repeat(
        Math.max(3, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length + 1))),
      );
      return [
        "",
        `${change.kind} ${change.pointer === "" ? "the pack" : markdownCode(change.pointer)}`,
        "",
        `${fence}diff`,
        ...lines,
        fence,
      ];
    }),
    ...(changes.length === 0 ? [] : ["", "</details>"]),
  ].join("\n")}\n`;
}
