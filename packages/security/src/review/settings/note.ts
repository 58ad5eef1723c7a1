import type { Pack } from "promptpack";
import type { Severity, TextRange } from "../../ground/finding.ts";
import type { ReviewRule } from "../rules.ts";

/** Takes what a rule has found at a place of the pack. */
export type NoteAt = (
  rule: ReviewRule,
  severity: Severity,
  message: string,
  pointer: string,
  range?: TextRange,
) => void;

export type PackData = Pack["data"];
export type Prompt = PackData["prompts"][string];
