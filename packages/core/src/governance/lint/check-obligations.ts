import type { Obligation } from "../../schema/sections/governance.ts";
import { checkControl } from "./check-control.ts";
import { checkTerm } from "./check-term.ts";
import { checkId, checkText } from "./check-text.ts";
import type { LintRun } from "./lint-run.ts";

export function checkObligations(run: LintRun): void {
  const seen = new Set<string>();
  run.own.obligations?.forEach((obligation, index) => {
    const at = `${run.root}/obligations/${index}`;
    checkId(run, "DUPLICATE_OBLIGATION", seen, obligation.id, at);
    checkObligation(run, obligation, at);
  });
}

function checkObligation(run: LintRun, { obligation, applies_to, controls }: Obligation, at: string): void {
  checkText(run, obligation, `${at}/obligation`);
  checkTerm(run, obligation, `${at}/obligation`);
  checkApplicability(run, applies_to ?? {}, `${at}/applies_to`);
  controls.forEach((control, index) => checkControl(run, control, `${at}/controls/${index}`));
}

function checkApplicability(run: LintRun, applies: NonNullable<Obligation["applies_to"]>, at: string): void {
  for (const field of ["capability", "data_class", "risk_classification"] as const) {
    const value = applies[field];
    const place = `${at}/${field}`;
    checkTerm(run, value, place);
    if (value !== undefined && !run.targets.declared[field].has(value)) {
      const message = `the pack declares this ${field.replace("_", " ")} nowhere else`;
      run.report("UNDECLARED_APPLICABILITY", place, message);
    }
  }
}
