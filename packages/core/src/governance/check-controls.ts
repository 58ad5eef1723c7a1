import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { isObject } from "../json/json.ts";
import type { Governance, Obligation, ObligationControl, Review } from "../schema/sections/governance.ts";
import { checkTerm } from "./check-terms.ts";

/** What a pack has for controls, reviews and applies_to to name. */
export interface ControlTargets {
  /** Id to "some eval of that id is enabled". */
  readonly evalIds: ReadonlyMap<string, boolean>;
  /** Id to "enabled". */
  readonly validatorIds: ReadonlyMap<string, boolean>;
  readonly capabilities: ReadonlySet<string>;
  readonly dataClasses: ReadonlySet<string>;
  readonly riskClassifications: ReadonlySet<string>;
}

interface Declaration {
  /** The object as it stands in the pack. */
  readonly own: Governance;
  /** With what it inherits. */
  readonly effective: Governance;
  /** The pack's object, for an agent. */
  readonly inherited: Governance | undefined;
  readonly pointer: string;
  readonly targets: ControlTargets;
  readonly report: Report;
}

/** The schema's own names; `vocabularies` may be declared, and says nothing about a duty. Source: R317. */
const FIELDS = (
  "vocabularies intended_purpose foreseeable_misuse autonomy_level accountable_owner operator_role risk_classification " +
  "intended_deployment_contexts capabilities approved_environments requires_ai_disclosure extensions independent_of obligations reviews"
).split(" ");
const RECORDS: readonly string[] = ["obligations", "reviews", "extensions"];

/** Checks one object's obligations and reviews: ids on the declared object, fields and satisfies on the effective one. Source: R348-R366, SPEC 4.13. */
export function checkControls(declaration: Declaration): void {
  const { own, effective, inherited, pointer, report } = declaration;
  const ids = new Set<string>();
  for (const [index, obligation] of (own.obligations ?? []).entries()) {
    const at = `${pointer}/obligations/${index}`;
    checkId(obligation.id, ids, "DUPLICATE_OBLIGATION", at, report);
    checkObligation(obligation, at, declaration);
  }
  const reviewIds = new Set<string>();
  const obligations = new Set(effective.obligations?.map((obligation) => obligation.id));
  for (const [index, review] of (own.reviews ?? []).entries()) {
    const at = `${pointer}/reviews/${index}`;
    checkId(review.id, reviewIds, "DUPLICATE_REVIEW", at, report);
    checkReview(review, at, obligations, declaration);
  }
  // An agent that replaces the obligations keeps the pack's reviews, which may name what it dropped (R358).
  if (inherited?.reviews === undefined || own.obligations === undefined || own.reviews !== undefined) return;
  for (const [index, review] of inherited.reviews.entries()) {
    for (const id of review.satisfies ?? []) {
      if (obligations.has(id)) continue;
      const related = [{ pointer: `/metadata/governance/reviews/${index}`, message: "the inherited review" }];
      report(
        "UNKNOWN_OBLIGATION",
        `${pointer}/obligations`,
        `the inherited review "${review.id}" satisfies "${id}", which is not among these`,
        { related },
      );
    }
  }
}

function checkObligation(obligation: Obligation, at: string, declaration: Declaration): void {
  const { effective, targets, report } = declaration;
  checkText(obligation.obligation, `${at}/obligation`, report);
  checkTerm(obligation.obligation, effective.vocabularies, () => `${at}/obligation`, report);
  const declared = {
    capability: targets.capabilities,
    data_class: targets.dataClasses,
    risk_classification: targets.riskClassifications,
  };
  for (const field of ["capability", "data_class", "risk_classification"] as const) {
    const value = obligation.applies_to?.[field];
    if (value === undefined) continue;
    checkTerm(value, effective.vocabularies, () => `${at}/applies_to/${field}`, report);
    if (!declared[field].has(value)) {
      report(
        "UNDECLARED_APPLICABILITY",
        `${at}/applies_to/${field}`,
        `the pack declares this ${field.replace("_", " ")} nowhere else`,
      );
    }
  }
  for (const [index, control] of obligation.controls.entries())
    checkControl(control, `${at}/controls/${index}`, declaration);
}

function checkControl(control: ObligationControl, at: string, { effective, targets, report }: Declaration): void {
  const { field, validator, external } = control;
  if (field !== undefined) checkField(field, effective, `${at}/field`, report);
  checkName(validator, targets.validatorIds, "UNKNOWN_CONTROL_VALIDATOR", `${at}/validator`, report);
  checkName(control.eval, targets.evalIds, "UNKNOWN_CONTROL_EVAL", `${at}/eval`, report);
  if (external !== undefined) checkText(external, `${at}/external`, report);
}

function checkField(field: string, effective: Governance, at: string, report: Report): void {
  if (!FIELDS.includes(field)) {
    return report(
      "UNKNOWN_CONTROL_FIELD",
      at,
      `"${field}" is no field of a governance declaration`,
      didYouMean(field, FIELDS),
    );
  }
  const value: unknown = Object.hasOwn(effective, field) ? effective[field as keyof Governance] : undefined;
  if (value === undefined) report("UNDECLARED_CONTROL_FIELD", at, `"${field}" is not declared, so it controls nothing`);
  else if (RECORDS.includes(field))
    report("NEGATIVE_CONTROL_FIELD", at, `"${field}" is a record and controls nothing by itself`);
  else if (
    value === false ||
    (typeof value === "string" && value.trim() === "") ||
    (isObject(value) && Object.keys(value).length === 0) ||
    (Array.isArray(value) && value.length === 0)
  ) {
    report("NEGATIVE_CONTROL_FIELD", at, `"${field}" is declared as ${JSON.stringify(value)}`);
  }
}

function checkReview(
  review: Review,
  at: string,
  obligations: ReadonlySet<string>,
  { effective, targets, report }: Declaration,
): void {
  checkText(review.type, `${at}/type`, report);
  checkText(review.owner, `${at}/owner`, report);
  checkTerm(review.type, effective.vocabularies, () => `${at}/type`, report);
  if (!/[1-9]/.test(review.cadence))
    report("ZERO_CADENCE", `${at}/cadence`, "a review that recurs after no time never comes due");
  checkName(review.eval, targets.evalIds, "UNKNOWN_CONTROL_EVAL", `${at}/eval`, report);
  for (const [index, id] of (review.satisfies ?? []).entries()) {
    if (obligations.has(id)) continue;
    report(
      "UNKNOWN_OBLIGATION",
      `${at}/satisfies/${index}`,
      `"${id}" is no obligation; there are ${listNames(obligations)}`,
      didYouMean(id, obligations),
    );
  }
}

function checkName(
  name: string | undefined,
  known: ReadonlyMap<string, boolean>,
  code: "UNKNOWN_CONTROL_EVAL" | "UNKNOWN_CONTROL_VALIDATOR",
  at: string,
  report: Report,
): void {
  if (name === undefined) return;
  const enabled = known.get(name);
  if (enabled === undefined)
    report(
      code,
      at,
      `"${name}" exists nowhere in the pack; there are ${listNames(known.keys())}`,
      didYouMean(name, known.keys()),
    );
  else if (!enabled) report("DISABLED_CONTROL", at, `"${name}" is not enabled, so nothing runs`);
}

function checkId(
  id: string,
  seen: Set<string>,
  code: "DUPLICATE_OBLIGATION" | "DUPLICATE_REVIEW",
  at: string,
  report: Report,
): void {
  if (id.trim() === "") report("EMPTY_GOVERNANCE_ID", `${at}/id`, "the id is empty");
  else if (seen.has(id)) report(code, `${at}/id`, `the id "${id}" stands here twice`);
  seen.add(id);
}

function checkText(text: string, at: string, report: Report): void {
  if (text.trim() === "") report("EMPTY_GOVERNANCE_TEXT", at, "the text is empty");
}
