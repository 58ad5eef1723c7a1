import { VerificationError } from "../errors.ts";
import { encodeBase64 } from "../sign/base64.ts";
import { problem } from "./problem.ts";

/** What a verified bundle proves: that this identity signed this payload. */
export interface BundleProof {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Verifies a sigstore bundle, given as parsed JSON, or throws.
 * @throws {VerificationError} BUNDLE_INVALID
 */
export type BundleVerifier = (bundle: unknown) => BundleProof | Promise<BundleProof>;

interface SignedBundle {
  readonly mediaType: string;
  readonly verificationMaterial: {
    readonly tlogEntries: readonly {
      readonly inclusionProof?: {
        readonly rootHash: Uint8Array;
        readonly treeSize: string;
        readonly checkpoint?: { readonly envelope: string };
      };
    }[];
    readonly timestampVerificationData?: { readonly rfc3161Timestamps: readonly unknown[] };
  };
  readonly content: {
    readonly $case: string;
    readonly dsseEnvelope?: {
      readonly payload: Uint8Array;
      readonly payloadType: string;
      readonly signatures: readonly unknown[];
    };
  };
}

/** The three packages of sigstore that a host installs beside this one and passes in. */
export interface SigstoreLibraries {
  /** @sigstore/bundle */
  readonly bundle: { readonly bundleFromJSON: (value: unknown) => unknown };
  /** @sigstore/verify */
  readonly verify: {
    readonly toSignedEntity: (bundle: never) => unknown;
    readonly toTrustMaterial: (root: never) => unknown;
    readonly Verifier: new (
      material: never,
      options?: {
        readonly tlogThreshold?: number;
        readonly ctlogThreshold?: number;
        readonly timestampThreshold?: number;
      },
    ) => {
      verify: (entity: never) => {
        readonly identity?: {
          readonly subjectAlternativeName?: string | undefined;
          readonly extensions?: { readonly issuer?: string | undefined } | undefined;
        };
      };
    };
  };
  /** @sigstore/protobuf-specs */
  readonly specs: { readonly TrustedRoot: { readonly fromJSON: (value: unknown) => unknown } };
}

/** The forms of a bundle whose rules the libraries know; they would read any other number by the newest of them. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json",
]);
/** hostile: each log entry and each timestamp costs several signatures to check. */
const MAX_WITNESSES = 32;

/**
 * Returns a verifier of keyless bundles that works offline with the given trusted root (the parsed trusted_root.json).
 * A bundle needs a certificate of a trusted authority with one entry in a certificate log, one transparency log entry and
 * one trusted time; who signed is for the trust policy to judge.
 * @throws {TypeError} for a trusted root that cannot be read
 */
export function createBundleVerifier(
  { bundle, verify, specs }: SigstoreLibraries,
  trustedRoot: unknown,
): BundleVerifier {
  let verifier: InstanceType<SigstoreLibraries["verify"]["Verifier"]>;
  try {
    if (!Object.hasOwn(Object(trustedRoot), "certificateAuthorities"))
      throw new Error("it names no certificate authority");
    verifier = new verify.Verifier(verify.toTrustMaterial(specs.TrustedRoot.fromJSON(trustedRoot) as never) as never);
  } catch {
    throw new TypeError("this is no trusted root of sigstore (trusted_root.json)");
  }
  return (value) => {
    try {
      const parsed = bundle.bundleFromJSON(value) as SignedBundle;
      const { dsseEnvelope } = checkForm(parsed).content;
      if (dsseEnvelope === undefined) throw new Error("it signs a digest, not a statement");
      if (dsseEnvelope.signatures.length !== 1) throw new Error("it does not have exactly one signature");
      const { identity } = verifier.verify(verify.toSignedEntity(parsed as never) as never);
      const [subject, issuer] = [identity?.subjectAlternativeName, identity?.extensions?.issuer];
      if (subject === undefined || issuer === undefined) throw new Error("no certificate says who signed");
      return { payloadType: dsseEnvelope.payloadType, payload: new Uint8Array(dsseEnvelope.payload), issuer, subject };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "unknown";
      throw new VerificationError([problem("BUNDLE_INVALID", `the sigstore bundle does not verify: ${why}`)], {
        cause,
      });
    }
  };
}

/** Refuses what the libraries would take although it is unknown to them, or costs more than a verdict is worth. */
function checkForm(bundle: SignedBundle): SignedBundle {
  const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  if (!MEDIA_TYPES.has(bundle.mediaType)) throw new Error("its media type is unknown");
  if (tlogEntries.length + (timestampVerificationData?.rfc3161Timestamps.length ?? 0) > MAX_WITNESSES)
    throw new Error(`more than ${MAX_WITNESSES} logs and clocks vouch for it`);
  for (const { inclusionProof } of tlogEntries) {
    if (inclusionProof === undefined) continue;
    const { rootHash, treeSize, checkpoint: { envelope = "" } = {} } = inclusionProof;
    const [, size, hash] = envelope.split("\n");
    if (size !== treeSize || hash !== encodeBase64(rootHash)) throw new Error("a proof and its checkpoint disagree");
    // hostile: the libraries match the address of a log with each signer's name as a pattern
    const [, ...signers] = envelope.split("\u2014 ");
    if (!signers.every((line) => /^[\w.:/-]{1,200} /.test(line)))
      throw new Error("a checkpoint's signer has no plain name");
  }
  return bundle;
}

/** Returns whether parsed JSON says that it is a sigstore bundle. */
export function isBundle(value: unknown): boolean {
  const mediaType = typeof value === "object" && value !== null && "mediaType" in value ? value.mediaType : undefined;
  return typeof mediaType === "string" && mediaType.startsWith("application/vnd.dev.sigstore.bundle");
}
