import { printable } from "promptpack";
import { INKS, type Paint } from "../../review/report/review-to-text.ts";
import type { PackDiff } from "../diff-packs.ts";
import { changeLines, summarize } from "./change-lines.ts";

/** Returns a comparison for a terminal; nothing of the packs can act there. */
export function diffToText(diff: PackDiff, options: { readonly paint?: Paint } = {}): string {
  const { paint = (_, text) => text } = options;
  const ink = { "+": "green", "-": "red", " ": "dim" } as const;
  return [
    paint("bold", `${printable(diff.after.id)}: ${printable(summarize(diff))}`),
    ...diff.findings.flatMap(({ rule, severity, message, pointer }) => [
      "",
      `${paint(INKS[severity], severity)}  ${paint("bold", rule)}  ${paint("dim", printable(pointer))}`,
      `  ${printable(message)}`,
    ]),
    ...diff.changes.flatMap((change) => [
      "",
      `${change.kind} ${paint("cyan", printable(change.pointer) || "the pack")}${change.needs === "none" ? "" : paint("dim", ` (${change.needs})`)}`,
      ...changeLines(change).map(({ mark, text }) => paint(ink[mark], `  ${mark} ${text}`)),
    ]),
  ].join("\n");
}
