import { readPublicKey } from "../sign/public-key.ts";
import { parseTrustPolicy, type TrustedIdentity, type TrustedKey, type TrustPolicy } from "./trust-policy.ts";

/** The policy to begin with: nobody is trusted yet, and what is unsigned is refused. */
export const emptyPolicy: TrustPolicy = { version: 1, requireSignature: true, threshold: 1, keys: [] };

/**
 * Returns the policy with one more key; its text is normalised.
 * @throws {TypeError} for a text that is no Ed25519 public key, and for a key that stands there already
 */
export async function trustKey(policy: TrustPolicy, key: TrustedKey): Promise<TrustPolicy> {
  const { pem } = await readPublicKey(key.publicKey);
  if ((await indexOfKey(policy, pem)) !== undefined) throw new TypeError("this key is in the policy already");
  return parseTrustPolicy({ ...policy, keys: [...(policy.keys ?? []), { ...key, publicKey: pem }] });
}

/**
 * Returns the policy with one more identity of sigstore certificates.
 * @throws {TypeError} for an identity that stands there already
 */
export function trustIdentity(policy: TrustPolicy, identity: TrustedIdentity): TrustPolicy {
  const { identities = [] } = policy;
  if (identities.some(({ issuer, subject }) => issuer === identity.issuer && subject === identity.subject))
    throw new TypeError("this identity is in the policy already");
  return parseTrustPolicy({ ...policy, identities: [...identities, identity] });
}

/**
 * Returns the policy in which a key, given by name, key id or PEM, no longer counts. The entry stays, so that it says why.
 * @throws {TypeError} when the policy has no such key, or more than one of that name
 */
export async function revokeKey(
  policy: TrustPolicy,
  key: string,
  revoked: { readonly reason: string; readonly at?: string },
): Promise<TrustPolicy> {
  const index = await indexOfKey(policy, key);
  if (index === undefined) throw new TypeError("the policy has no such key");
  const keys = (policy.keys ?? []).map((entry, at) =>
    at === index ? { ...(typeof entry === "string" ? { publicKey: entry } : entry), revoked } : entry,
  );
  return parseTrustPolicy({ ...policy, keys });
}

/** Returns the policy in which the file with this SHA-256 (hex) is refused, whoever signed it. */
export function revokeDigest(policy: TrustPolicy, sha256: string, reason: string): TrustPolicy {
  const { revokedDigests = [] } = policy;
  if (revokedDigests.some((entry) => entry.sha256 === sha256)) return policy;
  return parseTrustPolicy({ ...policy, revokedDigests: [...revokedDigests, { sha256, reason }] });
}

/** Returns the place of the key with this name, key id or PEM. */
async function indexOfKey(policy: TrustPolicy, wanted: string): Promise<number | undefined> {
  const found: number[] = [];
  for (const [index, entry] of (policy.keys ?? []).entries()) {
    const { name, publicKey } = typeof entry === "string" ? { name: undefined, publicKey: entry } : entry;
    const { keyId, pem } = await readPublicKey(publicKey);
    if (name === wanted || keyId === wanted || pem.trim() === wanted.trim()) found.push(index);
  }
  if (found.length > 1) throw new TypeError("more than one key of the policy has this name; use the key id");
  return found[0];
}
