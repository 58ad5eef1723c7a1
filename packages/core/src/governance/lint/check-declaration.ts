import type { Report } from "../../diagnostics/report.ts";
import { getOwn } from "../../json/json.ts";
import { appendPointer } from "../../json/pointer.ts";
import type { Governance } from "../../schema/sections/governance.ts";
import { isPrefix, wellKnownPrefixes } from "../curie.ts";
import { overrideGovernance } from "../resolve-governance.ts";
import { checkObligations } from "./check-obligations.ts";
import { checkInheritedReviews, checkReviews } from "./check-reviews.ts";
import { checkTerm } from "./check-term.ts";
import { checkOwner } from "./check-text.ts";
import type { ControlTargets, LintRun } from "./lint-run.ts";

/**
 * Checks one object: terms, ids and texts as they are declared, and what controls and reviews name with what it
 * inherits. Source: R317-R373, SPEC 4.12-4.14.
 */
export function checkDeclaration(
  own: Governance,
  inherited: Governance | undefined,
  root: string,
  targets: ControlTargets,
  report: Report,
): void {
  const run: LintRun = { own, effective: overrideGovernance(inherited, own) ?? own, root, targets, report };
  checkVocabularies(run);
  checkTerms(run);
  checkOwner(run, own.accountable_owner, `${root}/accountable_owner`);
  checkIndependence(run);
  checkObligations(run);
  checkReviews(run);
  checkInheritedReviews(run, inherited?.reviews);
}

// The IRIs are never fetched. Source: R322, R325.
function checkVocabularies(run: LintRun): void {
  for (const [prefix, iri] of Object.entries(run.own.vocabularies ?? {})) {
    const at = appendPointer(`${run.root}/vocabularies`, prefix);
    const known = getOwn(wellKnownPrefixes, prefix);
    if (!isPrefix(prefix)) {
      const message = `"${prefix}" cannot stand before the colon of a term`;
      run.report("INVALID_VOCABULARY_PREFIX", at, message, { atKey: true });
    } else if (known !== undefined && known !== iri)
      run.report("REDEFINED_VOCABULARY", at, `"${prefix}" is well known as ${known}`);
  }
}

function checkTerms(run: LintRun): void {
  for (const field of ["operator_role", "risk_classification"] as const)
    checkTerm(run, run.own[field], `${run.root}/${field}`);
  for (const field of ["intended_deployment_contexts", "capabilities"] as const)
    run.own[field]?.forEach((term, index) => checkTerm(run, term, `${run.root}/${field}/${index}`));
}

function checkIndependence(run: LintRun): void {
  const { axes = [], enforcement } = run.own.independent_of ?? {};
  const at = `${run.root}/independent_of/axes`;
  const index = axes.indexOf("accountable_owner");
  if (index === -1 && enforcement === "strict") {
    const message = "technical independence alone separates no duties; the axis accountable_owner does";
    run.report("INDEPENDENCE_IGNORES_OWNER", at, message);
  }
  if (index !== -1 && run.effective.accountable_owner === undefined) {
    const message = "the axis compares accountable_owner, which is not declared";
    run.report("INDEPENDENCE_WITHOUT_OWNER", `${at}/${index}`, message);
  }
}
