import type { Severity } from "../../ground/finding.ts";
import type { DiffRule } from "../rules.ts";

/** Takes a risk of a change, at a place of the new pack, or of the old one for what is gone. */
export type NoteRisk = (rule: DiffRule, severity: Severity, message: string, pointer: string) => void;
