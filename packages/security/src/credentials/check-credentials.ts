import { encodeBase64 } from "../sign/base64.ts";
import { CredentialError } from "./credential-error.ts";
import { type CredentialPlan, parseCredentialPlan, plannedOf } from "./credential-plan.ts";
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

/**
 * Looks every credential of a plan up and returns what is to be done: which are missing, exposed, too old, at their end, or
 * serve more than one
 * use, so that one leak or one revocation hits them all, and which stand in a file.
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
  const usesOf = new Map<string, string[]>();
  for (const use of Object.keys(plan.uses)) {
    const { ref, issued, expires } = plannedOf(plan, use);
    const report = (
      code: CredentialFinding["code"],
      severity: CredentialFinding["severity"],
      message: string,
    ): number => findings.push({ code, severity, uses: [use], message: `${use}: ${message}` });
    try {
      const value = (await resolve(ref)).reveal();
      usesOf.set(value, [...(usesOf.get(value) ?? []), use]);
    } catch (error) {
      if (!CredentialError.isInstance(error)) throw error;
      report(error.code, "error", error.diagnostics[0]?.message ?? "");
      continue;
    }
    if (plan.maxAgeDays !== undefined) {
      const { scheme, name } = parseReference(ref);
      const dateOf = Object.hasOwn(dates, scheme) ? dates[scheme] : undefined;
      const since = issued === undefined ? (await dateOf?.(name))?.getTime() : Date.parse(issued);
      const days = since === undefined ? undefined : Math.floor((now.getTime() - since) / DAY);
      if (days === undefined || days < 0)
        report("CREDENTIAL_AGE_UNKNOWN", "warning", 'nobody knows how old it is; the plan can say: "issued"');
      else if (days > plan.maxAgeDays)
        report("CREDENTIAL_OLD", "error", `it is ${days} days old, and ${plan.maxAgeDays} are allowed: replace it`);
    }
    const left = expires === undefined ? Infinity : Date.parse(expires) - now.getTime();
    if (left <= 0) report("CREDENTIAL_EXPIRED", "error", `it has expired on ${expires}`);
    else if (left <= SOON * DAY) report("CREDENTIAL_EXPIRES_SOON", "warning", `it expires on ${expires}`);
  }
  for (const uses of usesOf.values())
    if (uses.length > 1)
      findings.push({
        code: "CREDENTIAL_SHARED",
        severity: "warning",
        uses,
        message: `one key serves ${uses.join(", ")}: give each its own, with no more rights than it needs`,
      });
  for await (const { name, text } of files)
    for (const [value, uses] of usesOf)
      if (value.length >= SHORTEST && [value, base64Of(value)].some((form) => text.includes(form)))
        findings.push({
          code: "CREDENTIAL_IN_FILE",
          severity: "error",
          uses,
          message: `${name} holds the key of ${uses.join(", ")}: replace the key, then remove it from the file`,
        });
  return findings;
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
