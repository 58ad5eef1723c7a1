import type { Pack } from "promptpack";
import { demandPack } from "promptpack/adapters";
import { bySeverity, type Finding, isAtLeast, SEVERITIES, type Severity, worstOf } from "../ground/finding.ts";
import { createMemo, type ReviewFinding, reviewWith } from "../review/review-pack.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import { compareValues, type ValueChange } from "./compare-values.ts";
import type { DiffRule } from "./rules.ts";
import { checkCapabilities } from "./rules/check-capabilities.ts";
import { checkGuardrails } from "./rules/check-guardrails.ts";
import type { NoteRisk } from "./rules/note.ts";
import { checkPolicies } from "./rules/check-policies.ts";
import { checkDefinitions, checkInvisibleChange, checkSentences } from "./rules/check-texts.ts";
import { type Bump, givenBump, greatest, isLess, neededBump } from "./version-bump.ts";

/** One change; credentials in its texts are masked. */
export interface PackChange {
  readonly kind: "added" | "removed" | "changed";
  /** Into the new pack; into the old one for what was removed. */
  readonly pointer: string;
  /** Strings as they are, everything else as JSON. */
  readonly before?: string;
  readonly after?: string;
  readonly needs: Bump;
}

/** How one version of a pack differs from another: plain JSON. `format` grows when a field changes its meaning. */
export interface PackDiff {
  readonly format: 1;
  readonly before: { readonly id: string; readonly version: string };
  readonly after: { readonly id: string; readonly version: string };
  readonly bump: { readonly given: Bump; readonly needed: Bump };
  readonly changes: readonly PackChange[];
  /** The worst first: risks of the changes, and what a review finds in the new pack and not in the old one. */
  readonly findings: readonly Finding<DiffRule>[];
  readonly counts: Readonly<Record<Severity, number>>;
  readonly worst?: Severity;
}

/**
 * Compares two versions of a pack by what they mean, and judges the risk of each change.
 * @throws {TypeError} for the data of a pack: both are Packs
 */
export function diffPacks(before: Pack, after: Pack): PackDiff {
  const changes = compareValues(demandPack(before).data, demandPack(after).data);
  const needed = greatest(changes.map(neededBump));
  const given = givenBump(before.version, after.version);
  const findings = bySeverity(changes.length === 0 ? [] : collectRisks(before, after, changes, { given, needed }));
  const worst = worstOf(findings);
  return {
    format: 1,
    before: { id: before.id, version: before.version },
    after: { id: after.id, version: after.version },
    bump: { given, needed },
    changes: changes.map(describeChange),
    findings,
    counts: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]),
    ) as Record<Severity, number>,
    ...(worst === undefined ? {} : { worst }),
  };
}

function collectRisks(
  before: Pack,
  after: Pack,
  changes: readonly ValueChange[],
  bump: PackDiff["bump"],
): Finding<DiffRule>[] {
  const findings: Finding<DiffRule>[] = [];
  const note: NoteRisk = (rule, severity, message, pointer) =>
    void findings.push({ rule, severity, message: redactSecrets(message), pointer: redactSecrets(pointer) });
  if (before.id !== after.id)
    note("identity-changed", "high", `the id went from "${before.id}" to "${after.id}"`, "/id");
  checkVersion(before, after, bump, note);
  for (const change of changes) checkInvisibleChange(change, note);
  checkDefinitions(before.data, after.data, changes, note);
  checkGuardrails(before.data, after.data, note);
  checkPolicies(before.data, after.data, changes, note);
  checkSentences(before.data, after.data, note);
  const memo = createMemo();
  const [old, now] = [reviewWith(before, {}, memo), reviewWith(after, {}, memo)];
  checkCapabilities(old.capabilities, now.capabilities, note);
  const news = newsIn(old.findings, now.findings);
  // New hosts are capabilities, and are listed once.
  return [...findings, ...news.filter(({ rule, severity }) => rule !== "url" || severity !== "info")];
}

/** Returns the findings that the old review does not have, or not as bad, whatever index their place has now. */
function newsIn(old: readonly ReviewFinding[], now: readonly ReviewFinding[]): ReviewFinding[] {
  const known = new Map<string, Map<Severity, number>>();
  for (const finding of old) {
    const counts = known.get(identityOf(finding)) ?? new Map<Severity, number>();
    known.set(identityOf(finding), counts.set(finding.severity, (counts.get(finding.severity) ?? 0) + 1));
  }
  return now.filter((finding) => {
    const counts = known.get(identityOf(finding));
    const as = SEVERITIES.find((severity) => isAtLeast(severity, finding.severity) && (counts?.get(severity) ?? 0) > 0);
    if (as === undefined) return true;
    counts?.set(as, (counts.get(as) ?? 0) - 1);
    return false;
  });
}

const identityOf = (finding: ReviewFinding): string =>
  [
    finding.rule,
    finding.pointer.replace(/\/\d+/g, "/"),
    "digest" in finding ? finding.digest : (finding.excerpt ?? ""),
  ].join("\n");

function checkVersion(before: Pack, after: Pack, { given, needed }: PackDiff["bump"], note: NoteRisk): void {
  const [from, to] = [before.version, after.version];
  const isOlder = given === "none" && from !== to;
  if (!isLess(given, needed) && !isOlder) return;
  if (given === "none")
    note(
      "version-not-bumped",
      "high",
      isOlder
        ? `the version went from ${from} to ${to}, which is not up`
        : `the content changed and the version is still ${from}; it needs a ${needed} bump`,
      "/version",
    );
  else
    note(
      "version-not-bumped",
      "medium",
      `${from} to ${to} is a ${given} bump, and the changes need a ${needed} one`,
      "/version",
    );
}

function describeChange(change: ValueChange): PackChange {
  const { kind, pointer, before, after } = change;
  const label = pointer.slice(pointer.lastIndexOf("/") + 1);
  const shown = (value: unknown): string =>
    redactSecrets(typeof value === "string" ? value : JSON.stringify(value), label);
  return {
    kind,
    pointer: redactSecrets(pointer),
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
    needs: neededBump(change),
  };
}
