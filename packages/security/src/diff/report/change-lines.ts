import { clip } from "../../ground/clip.ts";
import { printable } from "promptpack";
import type { PackChange, PackDiff } from "../diff-packs.ts";
import { type DiffLine, lineDiff } from "./line-diff.ts";

const MAX_LINES = 40;

/** Returns the lines that show one change; hidden characters are written out, so that they show. */
export function changeLines({ kind, before = "", after = "" }: PackChange): DiffLine[] {
  const lines =
    kind === "changed"
      ? lineDiff(before, after)
      : lineOf(kind === "added" ? "+" : "-", kind === "added" ? after : before);
  const shown = lines
    .slice(0, MAX_LINES)
    .map(({ mark, text }): DiffLine => ({ mark, text: printable(clip(text, 300)) }));
  return lines.length > MAX_LINES ? [...shown, { mark: " ", text: `… ${lines.length - MAX_LINES} more lines` }] : shown;
}

const lineOf = (mark: "+" | "-", text: string): DiffLine[] => text.split("\n").map((line) => ({ mark, text: line }));

/** Returns what a comparison comes to, in one sentence. */
export function summarize({ before, after, changes, bump, findings }: PackDiff): string {
  if (changes.length === 0) return "Nothing has changed.";
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const version = before.version === after.version ? `still ${after.version}` : `${before.version} to ${after.version}`;
  const { given, needed } = bump;
  const kind = needed === "none" ? "and no new one is needed" : `a ${needed} change`;
  const isSame = given === needed || needed === "none";
  const claim = isSame ? "" : given === "none" ? " without a newer version" : ` given as a ${given} one`;
  return `${count(changes.length, "change")}, ${count(findings.length, "risk")}; ${version}, ${kind}${claim}.`;
}
