import type { Severity } from "../../diagnostics/codes.ts";
import type { TextRange } from "../../diagnostics/diagnostic.ts";
import { quoteName } from "../../diagnostics/quote-name.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import { appendPointer } from "../../json/pointer.ts";
import { blockMessage, cycleFault, unknownFragment } from "../expand-template.ts";
import type { Tag } from "../parse-template.ts";
import type { BrokenInclude } from "./fragment-graph.ts";
import type { LintRun } from "./lint-run.ts";

export const SPACED = "white space inside a tag is not portable: other runtimes leave the tag in the text";

/** Reports tags that are faults in themselves and returns the range of the first spaced tag. Source: R038, R060, RULINGS 13. */
export function reportTagFaults(run: LintRun, tags: readonly Tag[], pointer: () => string): TextRange | undefined {
  let spaced: TextRange | undefined;
  for (const tag of tags) {
    if (tag.kind === "path" && !tag.spaced) continue;
    const range = { start: tag.start, end: tag.end };
    if (tag.spaced) spaced ??= range;
    switch (tag.kind) {
      case "block":
        run.report("BLOCK_TAG", pointer(), blockMessage(tag), { range });
        break;
      case "empty":
        run.report("EMPTY_TAG", pointer(), "the tag names nothing", { range });
        break;
      case "unclosed":
        run.report("UNCLOSED_TAG", pointer(), "the tag is never closed, so it would stay in the text", { range });
        break;
      case "other":
        if (Object.hasOwn(run.graph.fragments, tag.name)) break;
        run.report(
          "MALFORMED_TAG",
          pointer(),
          `${quoteName(tag.name)} is no path and no fragment, so it stays in the text`,
          { range },
        );
    }
  }
  return spaced;
}

/** Reports a tag of a fragment that includes what is missing or what includes it, once for all prompts. */
export function reportBroken(
  run: LintRun,
  { fragment, tag, cycle }: BrokenInclude,
  severity: Severity = "error",
): void {
  const key = `${tag.start} ${fragment}`;
  if (run.told.has(key)) return;
  run.told.add(key);
  const details = { severity, range: { start: tag.start, end: tag.end } };
  const pointer = appendPointer("/fragments", fragment);
  if (cycle !== undefined) {
    const { code, message } = cycleFault(cycle, run.graph.fragments[fragment] ?? "", tag);
    run.report(code, pointer, message, details);
  } else reportMissing(run, tag, pointer, severity);
}

/** Reports a tag that names a fragment which the pack does not have. Source: R065. */
export function reportMissing(run: LintRun, tag: Tag, pointer: string, severity: Severity = "error"): void {
  const known = run.graph.names;
  const range = { start: tag.start, end: tag.end };
  run.report("UNKNOWN_FRAGMENT", pointer, unknownFragment(tag.name, known), {
    severity,
    range,
    ...didYouMean(tag.name, known),
  });
}
