import { parseDocument } from "promptpack";
import { PolicyError, VerificationError } from "../errors.ts";
import { parseEnvelope, readEnvelope } from "../sign/dsse.ts";
import { hexDigest } from "../sign/digest.ts";
import { parseStatement, STATEMENT_PAYLOAD_TYPE } from "../sign/statement.ts";
import { type Authority, isInScope, type ReadyPolicy } from "../trust/trust-policy.ts";
import { problem } from "./problem.ts";
import { type BundleVerifier, isBundle } from "./sigstore.ts";
import type { TrustCode } from "./trust-code.ts";
import { verifyEnvelope } from "./verify-envelope.ts";

/** A DSSE envelope or a sigstore bundle, as JSON text. */
export type Evidence = string | Uint8Array;

export interface VerifyPackOptions {
  readonly policy: ReadyPolicy;
  /** Every signature file that there is; all of them must be in order. */
  readonly evidence: readonly Evidence[];
  /** The moment at which expiry is judged. */
  readonly now: Date;
  /** Needed only for sigstore bundles. */
  readonly bundles?: BundleVerifier;
}

/** Why a pack is trusted. */
export interface PackTrust {
  readonly pack: string;
  readonly version: string;
  /** Hex of the SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** Those whose signature counted; empty only when the policy lets unsigned packs in. */
  readonly signers: readonly string[];
}

/**
 * Verifies the bytes of a pack file against signatures and a policy. Order: what is revoked, the signatures, what they
 * sign, who signed. Nothing is read out of a payload before a signature over it holds.
 *
 * @throws {VerificationError} when the evidence is bad: ENVELOPE_INVALID, SIGNATURE_INVALID, DIGEST_MISMATCH ...
 * @throws {PolicyError} when it is good and not enough: UNSIGNED, NOT_TRUSTED, KEY_REVOKED, BELOW_THRESHOLD ...
 */
export async function verifyPack(
  bytes: Uint8Array,
  { policy, evidence, now, bundles }: VerifyPackOptions,
): Promise<PackTrust> {
  const sha256 = await hexDigest("sha256", bytes);
  const revocation = policy.revokedDigests.get(sha256);
  if (revocation !== undefined) throw deny("DIGEST_REVOKED", `the trust policy revokes this file: ${revocation}`);
  const signed = new Set<Authority>();
  let hasForged = false;
  let hasSignature = false;
  for (const source of evidence) {
    const proof = await prove(source, policy, bundles);
    hasForged ||= proof.hasForged;
    hasSignature ||= proof.signatures > 0;
    if (proof.by.length > 0) await checkStatement(proof.payload, bytes, sha256);
    for (const authority of proof.by) signed.add(authority);
  }
  const pack = identify(bytes);
  const trust = { pack: pack.id, version: pack.version, sha256 };
  if (!hasSignature) {
    if (!policy.requireSignature && evidence.length === 0) return { ...trust, signers: [] };
    throw deny(
      "UNSIGNED",
      evidence.length > 0
        ? "there is a signature file, and no signature in it"
        : "the pack is not signed, and the trust policy demands a signature",
    );
  }
  return { ...trust, signers: countSigners([...signed], pack.id, policy.threshold, now, hasForged) };
}

interface Proof {
  readonly payload: Uint8Array;
  readonly by: readonly Authority[];
  readonly signatures: number;
  readonly hasForged: boolean;
}

async function prove(
  source: Evidence,
  { authorities }: ReadyPolicy,
  bundles: BundleVerifier | undefined,
): Promise<Proof> {
  const { data } = parseDocument(source, { limits: { maxBytes: 1024 * 1024 } });
  if (isBundle(data)) {
    if (bundles === undefined)
      throw deny("NOT_TRUSTED", "the signature is a sigstore bundle, and no trusted root of sigstore was given");
    const { payload, payloadType, issuer, subject } = await bundles(data);
    if (payloadType !== STATEMENT_PAYLOAD_TYPE)
      throw fault("PAYLOAD_TYPE_UNKNOWN", "the bundle does not hold an in-toto statement");
    const by = authorities.filter(({ identity }) => identity?.issuer === issuer && identity.subject === subject);
    return { payload, by, signatures: 1, hasForged: false };
  }
  const envelope = data === undefined ? parseEnvelope(source) : readEnvelope(data);
  const keys = authorities.flatMap(({ key }) => key ?? []);
  const { verifiedBy, hasForged } = await verifyEnvelope(envelope, STATEMENT_PAYLOAD_TYPE, keys);
  const by = authorities.filter(({ key }) => key !== undefined && verifiedBy.includes(key));
  return { payload: envelope.payload, by, signatures: envelope.signatures.length, hasForged };
}

async function checkStatement(payload: Uint8Array, bytes: Uint8Array, sha256: string): Promise<void> {
  const statement = parseStatement(payload);
  const sha512 = await hexDigest("sha512", bytes);
  const actual = { sha256, sha512 };
  const strong = statement.subjects.map(({ digest }) =>
    (["sha256", "sha512"] as const)
      .filter((name) => Object.hasOwn(digest, name))
      .map((name) => digest[name] === actual[name]),
  );
  if (strong.every((matches) => matches.length === 0))
    throw fault("WEAK_DIGEST", "the statement names the file by no sha256 or sha512 digest");
  if (!strong.some((matches) => matches.length > 0 && matches.every(Boolean)))
    throw fault("DIGEST_MISMATCH", "the file's bytes are not those that were signed");
  const pack = identify(bytes);
  if (statement.pack !== pack.id || statement.version !== pack.version)
    throw fault("PACK_MISMATCH", "the statement is about another pack or version than the file holds");
}

function countSigners(
  signed: readonly Authority[],
  id: string,
  threshold: number,
  now: Date,
  hasForged: boolean,
): string[] {
  if (signed.length === 0)
    throw hasForged
      ? fault(
          "SIGNATURE_INVALID",
          "no signature verifies, although one claims to be of a trusted key or has the wrong length",
        )
      : deny("NOT_TRUSTED", "nobody whom the trust policy names has signed");
  const refusals: PolicyError[] = [];
  const counted = signed.filter(({ name, revoked, expires, packs }) => {
    const refusal =
      revoked !== undefined
        ? deny("KEY_REVOKED", `${name} has signed, and the trust policy revokes it: ${revoked.reason}`)
        : expires !== undefined && !(Date.parse(expires) > now.getTime())
          ? deny("KEY_EXPIRED", `${name} has signed, and counts only until ${expires}`)
          : isInScope(id, packs)
            ? undefined
            : deny("OUT_OF_NAMESPACE", `${name} has signed, and may not sign packs named "${id}"`);
    if (refusal !== undefined) refusals.push(refusal);
    return refusal === undefined;
  });
  // A threshold of 0 belongs to policies that let unsigned packs in; who signs must still be trusted.
  if (counted.length >= Math.max(threshold, 1)) return counted.map(({ name }) => name);
  if (refusals.length > 0) throw new PolicyError(refusals.flatMap(({ diagnostics }) => diagnostics as never[]));
  throw deny("BELOW_THRESHOLD", `${counted.length} trusted signers have signed, ${threshold} are needed`);
}

interface PackName {
  readonly id: string;
  readonly version: string;
}

/** Reads whose file it is out of the very bytes; the loader checks the rest. */
function identify(bytes: Uint8Array): PackName {
  const { data } = parseDocument(bytes);
  const { id, version } = Object(data) as { readonly id?: unknown; readonly version?: unknown };
  if (typeof id !== "string" || typeof version !== "string")
    throw fault("PACK_MISMATCH", "the file is no JSON with the id and version of a pack");
  return { id, version };
}

const deny = (code: TrustCode, message: string): PolicyError => new PolicyError([problem(code, message)]);
const fault = (code: TrustCode, message: string): VerificationError => new VerificationError([problem(code, message)]);
