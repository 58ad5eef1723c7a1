import { VerificationError } from "../errors.ts";
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
  readonly bundle: { readonly bundleFromJSON: (value: unknown) => never };
  /** @sigstore/verify */
  readonly verify: {
    readonly toSignedEntity: (bundle: never) => never;
    readonly toTrustMaterial: (root: never) => never;
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
          readonly subjectAlternativeName?: string;
          readonly extensions?: { readonly issuer?: string };
        };
      };
    };
  };
  /** @sigstore/protobuf-specs */
  readonly specs: { readonly TrustedRoot: { readonly fromJSON: (value: unknown) => never } };
}

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
    verifier = new verify.Verifier(verify.toTrustMaterial(specs.TrustedRoot.fromJSON(trustedRoot)));
  } catch {
    throw new TypeError("this is no trusted root of sigstore (trusted_root.json)");
  }
  return (value) => {
    try {
      const parsed = bundle.bundleFromJSON(value);
      const { dsseEnvelope } = (parsed as SignedBundle).content;
      if (dsseEnvelope === undefined) throw new Error("it signs a digest, not a statement");
      if (dsseEnvelope.signatures.length !== 1) throw new Error("it does not have exactly one signature");
      const { identity } = verifier.verify(verify.toSignedEntity(parsed));
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

/** Returns whether parsed JSON says that it is a sigstore bundle. */
export function isBundle(value: unknown): boolean {
  const mediaType = typeof value === "object" && value !== null && "mediaType" in value ? value.mediaType : undefined;
  return typeof mediaType === "string" && mediaType.startsWith("application/vnd.dev.sigstore.bundle");
}
