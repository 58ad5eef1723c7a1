import { html } from "../../ground/encode.ts";
import { SEVERITIES } from "../../ground/finding.ts";
import { htmlPage } from "../../ground/html/html-page.ts";
import { findingCard } from "../../ground/html/finding-card.ts";
import type { ReviewReport } from "../review-pack.ts";
import { describeAbilities, PROMPT_COLUMNS, promptCells } from "./describe-abilities.ts";

/** Returns a review as one page that needs no other file and no script, and stays inert whatever the pack holds. */
export function reviewToHtml(report: ReviewReport): string {
  const { pack, capabilities, findings, counts } = report;
  const cells = (tag: "th" | "td", texts: readonly string[]): string =>
    texts.map((text) => `<${tag}>${html(text)}</${tag}>`).join("");
  const body = [
    `<h1>${html(pack.name)}</h1>`,
    `<p class="dim">Review of <code>${html(pack.id)}</code> ${html(pack.version)}${pack.digest === undefined ? "" : ` · ${html(pack.digest)}`}</p>`,
    `<ul class="tally">${
      findings.length === 0
        ? `<li class="good">no findings</li>`
        : SEVERITIES.toReversed()
            .filter((severity) => counts[severity] > 0)
            .map((severity) => `<li class="${severity}">${counts[severity]} ${severity}</li>`)
            .join("")
    }</ul>`,
    "<h2>This pack can</h2>",
    `<ul>${describeAbilities(capabilities)
      .map((ability) => `<li>${html(ability)}</li>`)
      .join("\n")}</ul>`,
    "<h2>Prompts</h2>",
    `<div class="wide"><table><thead><tr>${cells("th", PROMPT_COLUMNS)}</tr></thead>`,
    `<tbody>${capabilities.prompts.map((prompt) => `<tr>${cells("td", promptCells(prompt))}</tr>`).join("\n")}</tbody></table></div>`,
    "<h2>Findings</h2>",
    findings.length === 0
      ? "<p>Nothing was found. That is no proof that nothing is there.</p>"
      : findings.map(findingCard).join("\n"),
  ];
  return htmlPage(`Review of ${pack.id} ${pack.version}`, body.join("\n"));
}
