import { SEVERITIES, type Severity } from "../../ground/finding.ts";
import { printable } from "promptpack";
import type { ReviewReport } from "../review-pack.ts";
import { describeAbilities, promptCells } from "./describe-abilities.ts";

export type Paint = (ink: "red" | "yellow" | "cyan" | "green" | "dim" | "bold", text: string) => string;

export const INKS: Readonly<Record<Severity, Parameters<Paint>[0]>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "dim",
};

/** Returns a review for a terminal; nothing of the pack can act there. */
export function reviewToText(report: ReviewReport, options: { readonly paint?: Paint } = {}): string {
  const { paint = (_, text) => text } = options;
  const { pack, capabilities, findings } = report;
  return [
    paint("bold", `Review of ${printable(`${pack.id} ${pack.version}`)}`),
    ...(pack.digest === undefined ? [] : [paint("dim", pack.digest)]),
    "",
    "This pack can",
    ...describeAbilities(capabilities).map((ability) => `  • ${printable(ability)}`),
    "",
    ...capabilities.prompts.map((prompt) => {
      const [id = "", reachedBy, tools, policy, guardrails, tokens] = promptCells(prompt).map((cell) =>
        printable(cell),
      );
      return `  ${paint("bold", id)}  reached by ${reachedBy}; may call ${tools}${policy === "" ? "" : ` (${policy})`}; guardrails: ${guardrails}; ${tokens} tokens`;
    }),
    "",
    tallyLine(report),
    ...findings.flatMap(({ rule, severity, message, pointer, span, excerpt }) => [
      "",
      `${paint(INKS[severity], severity)}  ${paint("bold", rule)}  ${paint("dim", `${span === undefined ? "" : `${span.start.line}:${span.start.column} `}${printable(pointer)}`)}`,
      `  ${printable(message)}`,
      ...(excerpt === undefined ? [] : [paint("dim", `  │ ${printable(excerpt)}`)]),
    ]),
  ].join("\n");
}

/** Returns "2 findings: 1 critical, 1 low". */
export function tallyLine({ findings, counts }: Pick<ReviewReport, "findings" | "counts">): string {
  if (findings.length === 0) return "No findings.";
  const parts = SEVERITIES.toReversed()
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`);
  return `${findings.length} finding${findings.length === 1 ? "" : "s"}: ${parts.join(", ")}`;
}
