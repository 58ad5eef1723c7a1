import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Report, ReportDetails } from "../diagnostics/report.ts";
import { didYouMean, unknownName } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import { governanceDefinitions } from "../schema/sections/governance.ts";
import type { Governance, Obligation, ObligationControl, Review } from "../schema/sections/governance.ts";
import { checkTerm } from "./check-term.ts";
import { isPrefix, wellKnownPrefixes } from "./curie.ts";
import { overrideGovernance } from "./resolve-governance.ts";

/** What a pack has for controls, reviews and applies_to to name. */
export interface ControlTargets {
  /** Id to "some eval of that id is enabled". */
  readonly evalIds: ReadonlyMap<string, boolean>;
  /** Id to "enabled". */
  readonly validatorIds: ReadonlyMap<string, boolean>;
  /** By the fields of applies_to. */
  readonly declared: Readonly<Record<keyof NonNullable<Obligation["applies_to"]>, ReadonlySet<string>>>;
}

type Path = readonly (string | number)[];

const RECORDS: readonly string[] = ["obligations", "reviews", "extensions"];

/**
 * Checks one object: terms, ids and texts as they are declared, and what controls and reviews name with what it
 * inherits. Source: R317-R373, SPEC 4.12-4.14.
 */
export function checkDeclaration(
  own: Governance,
  inherited: Governance | undefined,
  root: readonly string[],
  targets: ControlTargets,
  report: Report,
): void {
  const effective = overrideGovernance(inherited, own) ?? own;
  const obligationIds = new Set(effective.obligations?.map(({ id }) => id));
  const seen = { obligations: new Set<string>(), reviews: new Set<string>() };

  checkVocabularies();
  for (const field of ["operator_role", "risk_classification"] as const) checkOwnTerm(own[field], [field]);
  for (const field of ["intended_deployment_contexts", "capabilities"] as const)
    own[field]?.forEach((term, index) => checkOwnTerm(term, [field, index]));
  checkOwner(own.accountable_owner, ["accountable_owner"]);
  checkIndependence();
  own.obligations?.forEach((obligation, index) => checkObligation(obligation, ["obligations", index]));
  own.reviews?.forEach((review, index) => checkReview(review, ["reviews", index]));
  checkInheritedReviews();

  function fault(code: DiagnosticCode, path: Path, message: string, details?: ReportDetails): void {
    report(code, formatPointer(...root, ...path), message, details);
  }

  function checkOwnTerm(term: string | undefined, path: Path): void {
    checkTerm(term, effective.vocabularies, [...root, ...path], report);
  }

  // The IRIs are never fetched. Source: R322, R325.
  function checkVocabularies(): void {
    for (const [prefix, iri] of Object.entries(own.vocabularies ?? {})) {
      const path = ["vocabularies", prefix];
      const known = getOwn(wellKnownPrefixes, prefix);
      if (!isPrefix(prefix)) {
        const message = `"${prefix}" cannot stand before the colon of a term`;
        fault("INVALID_VOCABULARY_PREFIX", path, message, { atKey: true });
      } else if (known !== undefined && known !== iri)
        fault("REDEFINED_VOCABULARY", path, `"${prefix}" is well known as ${known}`);
    }
  }

  function checkOwner(owner: string | undefined, path: Path): void {
    if (owner !== undefined && owner.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(owner.trim())) {
      const message = "the owner is an e-mail address; a role, a team or a function lasts longer";
      fault("OWNER_IS_PERSON", path, message);
    }
  }

  function checkIndependence(): void {
    const { axes = [], enforcement } = own.independent_of ?? {};
    const path = ["independent_of", "axes"];
    const index = axes.indexOf("accountable_owner");
    if (index === -1 && enforcement === "strict") {
      const message = "technical independence alone separates no duties; the axis accountable_owner does";
      fault("INDEPENDENCE_IGNORES_OWNER", path, message);
    }
    if (index !== -1 && effective.accountable_owner === undefined) {
      const message = "the axis compares accountable_owner, which is not declared";
      fault("INDEPENDENCE_WITHOUT_OWNER", [...path, index], message);
    }
  }

  function checkId(list: "obligations" | "reviews", id: string, path: Path): void {
    const at = [...path, "id"];
    if (id.trim() === "") fault("EMPTY_GOVERNANCE_ID", at, "the id is empty");
    else if (seen[list].has(id)) {
      const code = list === "reviews" ? "DUPLICATE_REVIEW" : "DUPLICATE_OBLIGATION";
      fault(code, at, `the id "${id}" stands here twice`);
    }
    seen[list].add(id);
  }

  function checkText(text: string | undefined, path: Path): void {
    if (text?.trim() === "") fault("EMPTY_GOVERNANCE_TEXT", path, "the text is empty");
  }

  function checkObligation({ id, obligation, applies_to = {}, controls }: Obligation, path: Path): void {
    checkId("obligations", id, path);
    checkText(obligation, [...path, "obligation"]);
    checkOwnTerm(obligation, [...path, "obligation"]);
    for (const field of ["capability", "data_class", "risk_classification"] as const) {
      const value = applies_to[field];
      const at = [...path, "applies_to", field];
      checkOwnTerm(value, at);
      if (value !== undefined && !targets.declared[field].has(value))
        fault("UNDECLARED_APPLICABILITY", at, `the pack declares this ${field.replace("_", " ")} nowhere else`);
    }
    controls.forEach((control, index) => checkControl(control, [...path, "controls", index]));
  }

  function checkControl({ field, validator, external, eval: evalId }: ObligationControl, path: Path): void {
    if (field !== undefined) checkField(field, [...path, "field"]);
    checkName("UNKNOWN_CONTROL_VALIDATOR", "guardrail", validator, targets.validatorIds, [...path, "validator"]);
    checkName("UNKNOWN_CONTROL_EVAL", "eval", evalId, targets.evalIds, [...path, "eval"]);
    checkText(external, [...path, "external"]);
  }

  function checkField(field: string, path: Path): void {
    const fields = Object.keys(governanceDefinitions()["Governance"]?.["properties"] ?? {});
    const value: unknown = getOwn(effective as { readonly [name: string]: unknown }, field);
    if (!fields.includes(field)) {
      const message = `"${field}" is no field of a governance declaration`;
      fault("UNKNOWN_CONTROL_FIELD", path, message, didYouMean(field, fields));
    } else if (value === undefined)
      fault("UNDECLARED_CONTROL_FIELD", path, `"${field}" is not declared, so it controls nothing`);
    else if (RECORDS.includes(field))
      fault("NEGATIVE_CONTROL_FIELD", path, `"${field}" is a record and controls nothing by itself`);
    else if (isNothing(value))
      fault("NEGATIVE_CONTROL_FIELD", path, `"${field}" is declared as ${JSON.stringify(value)}`);
  }

  function checkName(
    code: DiagnosticCode,
    noun: string,
    name: string | undefined,
    known: ReadonlyMap<string, boolean>,
    path: Path,
  ): void {
    if (name === undefined) return;
    const enabled = known.get(name);
    if (enabled === undefined) fault(code, path, ...unknownName(noun, name, known.keys()));
    else if (!enabled) fault("DISABLED_CONTROL", path, `"${name}" is not enabled, so nothing runs`);
  }

  function checkReview({ id, type, owner, cadence, eval: evalId, satisfies }: Review, path: Path): void {
    checkId("reviews", id, path);
    checkText(type, [...path, "type"]);
    checkText(owner, [...path, "owner"]);
    checkOwner(owner, [...path, "owner"]);
    checkOwnTerm(type, [...path, "type"]);
    if (!/[1-9]/.test(cadence))
      fault("ZERO_CADENCE", [...path, "cadence"], "a review that recurs after no time never comes due");
    checkName("UNKNOWN_CONTROL_EVAL", "eval", evalId, targets.evalIds, [...path, "eval"]);
    satisfies?.forEach((name, index) => {
      if (!obligationIds.has(name))
        fault("UNKNOWN_OBLIGATION", [...path, "satisfies", index], ...unknownName("obligation", name, obligationIds));
    });
  }

  // An agent that replaces the obligations keeps the pack's reviews, which may name what it dropped (R358).
  function checkInheritedReviews(): void {
    if (own.obligations === undefined || own.reviews !== undefined) return;
    inherited?.reviews?.forEach(({ id, satisfies = [] }, index) => {
      for (const name of satisfies) {
        if (obligationIds.has(name)) continue;
        const message = `the inherited review "${id}" satisfies "${name}", which is not among these`;
        fault("UNKNOWN_OBLIGATION", ["obligations"], message, {
          related: [{ pointer: `/metadata/governance/reviews/${index}`, message: "the inherited review" }],
        });
      }
    });
  }
}

/** Returns whether a value declares that there is nothing: false, blank, or no items or members. */
function isNothing(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === false || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}
