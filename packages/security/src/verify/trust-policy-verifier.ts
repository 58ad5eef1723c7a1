import { readyPolicy, type TrustPolicy } from "../trust/trust-policy.ts";
import type { BundleVerifier } from "./sigstore.ts";
import { type Evidence, type PackTrust, verifyPack } from "./verify-pack.ts";

/** What loadPack of promptpack/node takes as `verify`. */
export type PackVerifier = (bytes: Uint8Array, path: string) => Promise<void>;

export interface TrustPolicyOptions {
  /** Returns the signature files that belong to a pack file; `evidenceBeside` of the node subpath reads those beside it. */
  readonly evidence: (path: string) => readonly Evidence[] | Promise<readonly Evidence[]>;
  /** The clock that expiry is judged by; the host's when absent. */
  readonly now?: () => Date;
  /** For sigstore bundles. */
  readonly bundles?: BundleVerifier;
  /** Called with the reason for trust, for an audit log. */
  readonly onTrust?: (trust: PackTrust, path: string) => void | Promise<void>;
}

/**
 * Returns a verifier for loadPack that lets in what the policy trusts. The policy is read at the first pack.
 * The verifier throws VerificationError and PolicyError as verifyPack does.
 */
export function trustPolicy(
  policy: TrustPolicy,
  { evidence, now = () => new Date(), bundles, onTrust }: TrustPolicyOptions,
): PackVerifier {
  let ready: ReturnType<typeof readyPolicy> | undefined;
  return async (bytes, path) => {
    const trust = await verifyPack(bytes, {
      policy: await (ready ??= readyPolicy(policy)),
      evidence: await evidence(path),
      now: now(),
      ...(bundles === undefined ? {} : { bundles }),
    });
    await onTrust?.(trust, path);
  };
}
