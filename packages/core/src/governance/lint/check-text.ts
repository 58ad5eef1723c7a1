import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { LintRun } from "./lint-run.ts";

export function checkText(run: LintRun, text: string | undefined, at: string): void {
  if (text?.trim() === "") run.report("EMPTY_GOVERNANCE_TEXT", at, "the text is empty");
}

export function checkOwner(run: LintRun, owner: string | undefined, at: string): void {
  if (owner !== undefined && owner.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(owner.trim())) {
    const message = "the owner is an e-mail address; a role, a team or a function lasts longer";
    run.report("OWNER_IS_PERSON", at, message);
  }
}

/** Checks the id of an item of a list, whose earlier ids are `seen`; `code` says that it stands there twice. */
export function checkId(run: LintRun, code: DiagnosticCode, seen: Set<string>, id: string, item: string): void {
  const at = `${item}/id`;
  if (id.trim() === "") run.report("EMPTY_GOVERNANCE_ID", at, "the id is empty");
  else if (seen.has(id)) run.report(code, at, `the id "${id}" stands here twice`);
  seen.add(id);
}
