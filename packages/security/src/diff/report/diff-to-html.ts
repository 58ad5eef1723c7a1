import { html } from "../../ground/encode.ts";
import { SEVERITIES } from "../../ground/finding.ts";
import { findingCard } from "../../ground/html/finding-card.ts";
import { htmlPage } from "../../ground/html/html-page.ts";
import type { PackDiff } from "../diff-packs.ts";
import { changeLines, summarize } from "./change-lines.ts";

const CLASSES = { "+": "added", "-": "removed", " ": "info" } as const;

/** Returns a comparison as one page that needs no other file and no script, and stays inert whatever the packs hold. */
export function diffToHtml(diff: PackDiff): string {
  const { before, after, findings, changes, counts } = diff;
  const tally = SEVERITIES.toReversed().filter((severity) => counts[severity] > 0);
  return htmlPage(
    `${after.id} ${before.version} to ${after.version}`,
    [
      `<h1>${html(after.id)}</h1>`,
      `<p class="dim">${html(before.version)} to ${html(after.version)}</p>`,
      `<p>${html(summarize(diff))}</p>`,
      `<ul class="tally">${tally.length === 0 ? `<li class="good">no risks found</li>` : tally.map((severity) => `<li class="${severity}">${counts[severity]} ${severity}</li>`).join("")}</ul>`,
      ...(findings.length === 0 ? [] : ["<h2>Risks</h2>", ...findings.map(findingCard)]),
      ...(changes.length === 0 ? [] : ["<h2>Changes</h2>"]),
      ...changes.map((change) => {
        const lines = changeLines(change).map(
          ({ mark, text }) => `<span class="${CLASSES[mark]}">${mark} ${html(text)}</span>`,
        );
        return `<p>${change.kind} <code>${html(change.pointer) || "the pack"}</code> <span class="dim">${change.needs === "none" ? "" : change.needs}</span></p>\n<pre>${lines.join("\n")}</pre>`;
      }),
    ].join("\n"),
  );
}
