import { didYouMean, unknownName } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { governanceDefinitions, type ObligationControl } from "../../schema/sections/governance.ts";
import { checkText } from "./check-text.ts";
import type { LintRun } from "./lint-run.ts";

const RECORDS: readonly string[] = ["obligations", "reviews", "extensions"];

/** Checks that what an obligation names as its control is there and controls something. */
export function checkControl(run: LintRun, control: ObligationControl, at: string): void {
  if (control.field !== undefined) checkField(run, control.field, `${at}/field`);
  checkControlName(run, "validator", control.validator, `${at}/validator`);
  checkControlName(run, "eval", control.eval, `${at}/eval`);
  checkText(run, control.external, `${at}/external`);
}

/** Checks the name of a guardrail or an eval. */
export function checkControlName(run: LintRun, kind: "validator" | "eval", name: string | undefined, at: string): void {
  if (name === undefined) return;
  const isEval = kind === "eval";
  const known = isEval ? run.targets.evalIds : run.targets.validatorIds;
  const enabled = known.get(name);
  if (enabled === undefined) {
    const code = isEval ? "UNKNOWN_CONTROL_EVAL" : "UNKNOWN_CONTROL_VALIDATOR";
    run.report(code, at, ...unknownName(isEval ? kind : "guardrail", name, known.keys()));
  } else if (!enabled) run.report("DISABLED_CONTROL", at, `"${name}" is not enabled, so nothing runs`);
}

function checkField(run: LintRun, field: string, at: string): void {
  const fields = Object.keys(governanceDefinitions()["Governance"]?.["properties"] ?? {});
  const value: unknown = getOwn(run.effective as { readonly [name: string]: unknown }, field);
  if (!fields.includes(field)) {
    const message = `"${field}" is no field of a governance declaration`;
    run.report("UNKNOWN_CONTROL_FIELD", at, message, didYouMean(field, fields));
  } else if (value === undefined)
    run.report("UNDECLARED_CONTROL_FIELD", at, `"${field}" is not declared, so it controls nothing`);
  else if (RECORDS.includes(field))
    run.report("NEGATIVE_CONTROL_FIELD", at, `"${field}" is a record and controls nothing by itself`);
  else if (isNothing(value))
    run.report("NEGATIVE_CONTROL_FIELD", at, `"${field}" is declared as ${JSON.stringify(value)}`);
}

/** Returns whether a value declares that there is nothing: false, blank, or no items or members. */
function isNothing(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === false || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}
