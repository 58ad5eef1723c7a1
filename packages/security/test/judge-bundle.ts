import * as bundle from "@sigstore/bundle";
import * as specs from "@sigstore/protobuf-specs";
import * as verify from "@sigstore/verify";
import { buildPackData } from "promptpack/testing";
import { afterAll, beforeAll, expect } from "vitest";
import { readyPolicy, type TrustedIdentity, type TrustPolicy } from "../src/trust/trust-policy.ts";
import { createBundleVerifier, type SigstoreLibraries } from "../src/verify/sigstore.ts";
import { verifyPack } from "../src/verify/verify-pack.ts";
import {
  type BundleParts,
  ISSUER,
  type LogEntry,
  type SigstoreAuthority,
  startAuthority,
  SUBJECT,
} from "./sigstore-authority.ts";

export const libraries: SigstoreLibraries = { bundle, verify, specs };

export const packText = (id = "acme-help", version = "1.0.0"): string => JSON.stringify(buildPackData({ id, version }));
export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const pack: Uint8Array = encode(packText());

/** What a verdict differs in from the usual one: on the pack, today, by a policy that trusts the release job. */
export interface Case {
  readonly root?: object;
  readonly file?: Uint8Array;
  readonly identity?: Partial<TrustedIdentity>;
  readonly policy?: Partial<TrustPolicy>;
  readonly now?: Date;
}

export interface SignedPack {
  authority: SigstoreAuthority;
  /** A bundle of the pack whose time the log vouches for. */
  plain: string;
  /** One whose time a time stamp authority vouches for too. */
  timed: string;
  /** Returns the code of the verdict, or those who signed. */
  readonly judge: (evidence: string | readonly string[], differs?: Case) => Promise<string>;
}

/** Signs the pack for the tests of one file, with an authority of its own that goes when they end. */
export function useSignedPack(): SignedPack {
  const signed = {
    plain: "",
    timed: "",
    judge: (evidence, differs = {}) => judge(evidence, { root: signed.authority.root, ...differs }),
  } as SignedPack;
  beforeAll(async () => {
    signed.authority = await startAuthority();
    signed.plain = await signed.authority.sign(pack);
    signed.timed = await signed.authority.sign(pack, { witnesses: ["log", "time"] });
  });
  afterAll(() => signed.authority.close());
  return signed;
}

async function judge(
  evidence: string | readonly string[],
  { root, file = pack, identity = {}, policy = {}, now = new Date() }: Case,
): Promise<string> {
  return verifyPack(file, {
    policy: await readyPolicy({
      version: 1,
      identities: [{ name: "release", issuer: ISSUER, subject: SUBJECT, ...identity }],
      ...policy,
    }),
    evidence: typeof evidence === "string" ? [evidence] : evidence,
    now,
    bundles: createBundleVerifier(libraries, root),
  }).then(
    ({ signers }) => signers.join(", "),
    (error: { name: string; code: string }) => {
      expect(error.name).toMatch(/^(Verification|Policy)Error$/);
      return error.code;
    },
  );
}

export const change = (source: string, edit: (parts: BundleParts) => void): string => {
  const parts = JSON.parse(source) as BundleParts;
  edit(parts);
  return JSON.stringify(parts);
};
export const entryOf = ({ verificationMaterial }: BundleParts): LogEntry =>
  verificationMaterial.tlogEntries[0] as LogEntry;
