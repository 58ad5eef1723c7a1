import { encodeBase64 } from "../sign/base64.ts";
import { CredentialError } from "./credential-error.ts";
import { type CredentialPlan, parseCredentialPlan, type PlannedCredential, plannedOf } from "./credential-plan.ts";
import { type Credentials, type CredentialSource, createCredentials, parseReference } from "./credentials.ts";
import type { SecretString } from "./secret-string.ts";

/** What a check of credentials finds. It names uses and references, never a credential. */
export interface CredentialFinding {
  readonly code:
    | "CREDENTIAL_OLD"
    | "CREDENTIAL_AGE_UNKNOWN"
    | "CREDENTIAL_EXPIRED"
    | "CREDENTIAL_EXPIRES_SOON"
    | "CREDENTIAL_SHARED"
    | "CREDENTIAL_IN_FILE"
    | CredentialError["code"];
  readonly severity: "error" | "warning";
  readonly uses: readonly string[];
  readonly message: string;
}

export interface CheckCredentialsOptions {
  /** As createCredentials takes them. */
  readonly sources: Readonly<Record<string, CredentialSource>>;
  /** By the word before the colon: since when a credential is what it is, where a source knows. `file` takes `fileDate`. */
  readonly dates?: Readonly<Record<string, (name: string) => Date | undefined | Promise<Date | undefined>>>;
  /** Files that must hold none of the credentials, such as all that version control keeps. */
  readonly files?: Iterable<SearchedFile> | AsyncIterable<SearchedFile>;
  readonly now: Date;
}

export interface SearchedFile {
  readonly name: string;
  readonly text: string;
}

const DAY = 86_400_000;
/** Days before the end of a credential from which on it is reported: time for two keys to overlap. */
const SOON = 14;
/** Characters; a shorter text stands in files for other reasons. */
const SHORTEST = 8;

type Report = (
  code: CredentialFinding["code"],
  severity: CredentialFinding["severity"],
  uses: readonly string[],
  message: string,
) => void;

/** Credential to its uses. */
type UsesOf = Map<string, string[]>;

/**
 * Looks every credential of a plan up and returns what is to be done: which are missing, exposed, too old, at their end, or
 * serve more than one use, so that one leak or one revocation hits them all, and which stand in a file.
 * @throws {PolicyError} POLICY_INVALID
 * @throws {CredentialError} INLINE_SECRET
 */
export async function checkCredentials(
  source: CredentialPlan,
  { sources, dates = {}, files = [], now }: CheckCredentialsOptions,
): Promise<readonly CredentialFinding[]> {
  const plan = parseCredentialPlan(source);
  const { resolve } = createCredentials({ sources });
  const findings: CredentialFinding[] = [];
  const report: Report = (code, severity, uses, message) => findings.push({ code, severity, uses, message });
  const usesOf: UsesOf = new Map();
  for (const use of Object.keys(plan.uses)) {
    const planned = plannedOf(plan, use);
    try {
      const value = (await resolve(planned.ref)).reveal();
      usesOf.set(value, [...(usesOf.get(value) ?? []), use]);
    } catch (error) {
      if (!CredentialError.isInstance(error)) throw error;
      report(error.code, "error", [use], `${use}: ${error.diagnostics[0]?.message ?? ""}`);
      continue;
    }
    if (plan.maxAgeDays !== undefined) checkAge(use, await ageInDays(planned, dates, now), plan.maxAgeDays, report);
    if (planned.expires !== undefined) checkEnd(use, planned.expires, now, report);
  }
  checkShared(usesOf, report);
  await searchFiles(files, usesOf, report);
  return findings;
}

/** Returns since how many whole days a credential is what it is, where the plan or a source knows. */
async function ageInDays(
  { ref, issued }: PlannedCredential,
  dates: NonNullable<CheckCredentialsOptions["dates"]>,
  now: Date,
): Promise<number | undefined> {
  const { scheme, name } = parseReference(ref);
  const dateOf = Object.hasOwn(dates, scheme) ? dates[scheme] : undefined;
  const since = issued === undefined ? (await dateOf?.(name))?.getTime() : Date.parse(issued);
  return since === undefined ? undefined : Math.floor((now.getTime() - since) / DAY);
}

function checkAge(use: string, days: number | undefined, most: number, report: Report): void {
  if (days === undefined || days < 0) {
    const message = `${use}: nobody knows how old it is; the plan can say: "issued"`;
    report("CREDENTIAL_AGE_UNKNOWN", "warning", [use], message);
  } else if (days > most) {
    const message = `${use}: it is ${days} days old, and ${most} are allowed: replace it`;
    report("CREDENTIAL_OLD", "error", [use], message);
  }
}

function checkEnd(use: string, expires: string, now: Date, report: Report): void {
  const left = Date.parse(expires) - now.getTime();
  if (left <= 0) report("CREDENTIAL_EXPIRED", "error", [use], `${use}: it has expired on ${expires}`);
  else if (left <= SOON * DAY) report("CREDENTIAL_EXPIRES_SOON", "warning", [use], `${use}: it expires on ${expires}`);
}

function checkShared(usesOf: UsesOf, report: Report): void {
  for (const uses of usesOf.values()) {
    if (uses.length < 2) continue;
    const message = `one key serves ${uses.join(", ")}: give each its own, with no more rights than it needs`;
    report("CREDENTIAL_SHARED", "warning", uses, message);
  }
}

async function searchFiles(
  files: NonNullable<CheckCredentialsOptions["files"]>,
  usesOf: UsesOf,
  report: Report,
): Promise<void> {
  for await (const { name, text } of files) {
    for (const [value, uses] of usesOf) {
      if (value.length < SHORTEST || ![value, base64Of(value)].some((form) => text.includes(form))) continue;
      const message = `${name} holds the key of ${uses.join(", ")}: replace the key, then remove it from the file`;
      report("CREDENTIAL_IN_FILE", "error", uses, message);
    }
  }
}

const base64Of = (value: string): string => encodeBase64(new TextEncoder().encode(value)).replaceAll("=", "");

/**
 * Returns a lookup by use: who has it reaches the credentials of these uses and no other.
 * The lookup throws CredentialError CREDENTIAL_OUT_OF_SCOPE for another use, and what `resolve` throws.
 */
export function scopeCredentials(
  { resolve }: Pick<Credentials, "resolve">,
  plan: CredentialPlan,
  uses: readonly string[],
): (use: string) => Promise<SecretString> {
  const allowed = new Set(uses.filter((use) => Object.hasOwn(plan.uses, use)));
  return async (use) => {
    if (!allowed.has(use))
      throw new CredentialError("CREDENTIAL_OUT_OF_SCOPE", `"${use}" is not a use that was handed out here`);
    return resolve(plannedOf(plan, use).ref);
  };
}
