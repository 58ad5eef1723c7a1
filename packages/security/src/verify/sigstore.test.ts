import { describe, expect, it } from "vitest";
import { change, encode, entryOf, pack, packText, useSignedPack } from "../../test/judge-bundle.ts";
import { type Clocks, ISSUER, type SigningOptions, startAuthority, SUBJECT } from "../../test/sigstore-authority.ts";
import { generateKeyPair, readPrivateKey } from "../sign/private-key.ts";
import { signPack } from "../sign/sign-pack.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "../sign/statement.ts";
import type { TrustedIdentity } from "../trust/trust-policy.ts";

const signed = useSignedPack();
const minutes = 60;

describe("a sigstore bundle", () => {
  it("is trusted offline when the policy names the identity, in every form of a bundle", async () => {
    signed.authority.close(); // from here on nobody answers
    for (const evidence of [signed.plain, signed.timed]) expect(await signed.judge(evidence)).toBe("release");
    const older = change(signed.plain, (parts) => {
      const { certificate } = parts.verificationMaterial;
      parts.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.2";
      parts.verificationMaterial.x509CertificateChain = { certificates: [certificate as { rawBytes: string }] };
      delete parts.verificationMaterial.certificate;
    });
    expect(await signed.judge(older)).toBe("release");
    const oldest = older.replace("version=0.2", "version=0.1");
    expect(await signed.judge(oldest)).toBe("release");
    expect(await signed.judge(signed.plain, { policy: { identities: [] }, identity: {} })).toBe("NOT_TRUSTED");
  });

  it("needs no more than one proof of the log: a promise or an inclusion proof, with a time", async () => {
    const promised = change(signed.plain, (parts) => {
      parts.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1";
      delete entryOf(parts).inclusionProof;
      parts.verificationMaterial.x509CertificateChain = {
        certificates: [parts.verificationMaterial.certificate as { rawBytes: string }],
      };
      delete parts.verificationMaterial.certificate;
    });
    expect(await signed.judge(promised)).toBe("release");
    const proven = change(signed.timed, (parts) => delete entryOf(parts).inclusionPromise);
    expect(await signed.judge(proven)).toBe("release");
    const timeless = change(signed.plain, (parts) => delete entryOf(parts).inclusionPromise);
    expect(await signed.judge(timeless)).toBe("BUNDLE_INVALID");
  });

  it("counts as one signer, beside a key as two", async () => {
    const { publicKey, privateKey } = await generateKeyPair();
    const keyed = await signPack(pack, { fileName: "help.json", signers: [await readPrivateKey(privateKey)] });
    const policy = { threshold: 2, keys: [{ name: "key", publicKey: publicKey.pem }] };
    expect(await signed.judge([signed.plain, signed.timed], { policy })).toBe("BELOW_THRESHOLD");
    expect(await signed.judge([signed.plain, keyed], { policy })).toBe("release, key");
    // Each file must be in order: a broken one beside good ones is no accident.
    const broken = change(signed.plain, (parts) => (entryOf(parts).logIndex = "1"));
    expect(await signed.judge([signed.plain, keyed, broken], { policy })).toBe("BUNDLE_INVALID");
  });
});

describe("who signed", () => {
  it.each<[string, Partial<TrustedIdentity>]>([
    ["another issuer", { issuer: "https://other.example" }],
    ["an issuer with a slash more", { issuer: `${ISSUER}/` }],
    ["an issuer in capitals", { issuer: ISSUER.toUpperCase() }],
    ["a shorter subject", { subject: SUBJECT.slice(0, -1) }],
    ["a longer subject", { subject: `${SUBJECT}/x` }],
    ["another branch", { subject: SUBJECT.replace("main", "evil") }],
    ["a pattern that would match", { subject: ".*" }],
    ["a glob that would match", { subject: `${SUBJECT.slice(0, 20)}*` }],
    ["a space around it", { subject: ` ${SUBJECT}` }],
    ["a letter of another script", { subject: SUBJECT.replace("a", "\u0430") }],
    ["issuer and subject swapped", { issuer: SUBJECT, subject: ISSUER }],
  ])("is compared whole: %s is somebody else", async (_, identity) => {
    expect(await signed.judge(signed.plain, { identity })).toBe("NOT_TRUSTED");
  });

  it.each<[string, SigningOptions]>([
    [
      "of another workflow",
      { subject: "https://git.example/evil/packs/.github/workflows/release.yml@refs/heads/main" },
    ],
    ["vouched for by another issuer", { issuer: "https://evil.example" }],
    ["with the subject's text in the issuer", { issuer: SUBJECT, subject: ISSUER }],
  ])("is read from the certificate: one %s is not trusted", async (_, options) => {
    const other = await startAuthority();
    const evidence = await other.sign(pack, options);
    other.close();
    expect(await signed.judge(evidence, { root: other.root })).toBe("NOT_TRUSTED");
    expect(await signed.judge(evidence)).toBe("BUNDLE_INVALID");
  });

  it.each<[string, Partial<TrustedIdentity>, string]>([
    ["expired", { expires: "2020-01-01" }, "KEY_EXPIRED"],
    ["revoked", { revoked: { reason: "leaked" } }, "KEY_REVOKED"],
    ["for other packs", { packs: ["other-*", "acme"] }, "OUT_OF_NAMESPACE"],
  ])("does not count when the policy says that it is %s", async (_, identity, code) => {
    expect(await signed.judge(signed.plain, { identity })).toBe(code);
  });
});

describe("what was signed", () => {
  it("is this file: other bytes, another pack and another version are refused", async () => {
    expect(await signed.judge(signed.plain, { file: encode(`${packText()}\n`) })).toBe("DIGEST_MISMATCH");
    expect(await signed.judge(signed.plain, { file: encode(packText("acme-other")) })).toBe("DIGEST_MISMATCH");
    expect(await signed.judge(signed.plain, { file: encode(packText("acme-help", "1.0.1")) })).toBe("DIGEST_MISMATCH");
  });

  it("is a release of a pack, and nothing else that the same identity signs", async () => {
    const release = await createStatement("help.json", pack, { id: "acme-help", version: "1.0.0" });
    const edited = (edit: (statement: Record<string, unknown>) => void): Uint8Array => {
      const statement = JSON.parse(new TextDecoder().decode(release)) as Record<string, unknown>;
      edit(statement);
      return encode(JSON.stringify(statement));
    };
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ["PAYLOAD_TYPE_UNKNOWN", release, "text/plain"],
      ["PAYLOAD_TYPE_UNKNOWN", release, "application/vnd.in-toto+json; charset=utf-8"],
      [
        "STATEMENT_INVALID",
        edited((it) => (it["predicateType"] = "https://slsa.dev/provenance/v1")),
        STATEMENT_PAYLOAD_TYPE,
      ],
      [
        "STATEMENT_INVALID",
        edited((it) => (it["_type"] = "https://in-toto.io/Statement/v0.1")),
        STATEMENT_PAYLOAD_TYPE,
      ],
      ["STATEMENT_INVALID", edited((it) => (it["subject"] = [])), STATEMENT_PAYLOAD_TYPE],
      ["STATEMENT_INVALID", encode("{"), STATEMENT_PAYLOAD_TYPE],
      [
        "PACK_MISMATCH",
        edited((it) => (it["predicate"] = { pack: "other", version: "1.0.0" })),
        STATEMENT_PAYLOAD_TYPE,
      ],
      ["release", release, STATEMENT_PAYLOAD_TYPE],
    ];
    const other = await startAuthority();
    for (const [code, payload, type] of cases)
      expect(await signed.judge(await other.signAnything(payload, type), { root: other.root }), `${code} ${type}`).toBe(
        code,
      );
    other.close();
  });
});

/** Signs with authorities whose clocks differ, and judges by the trusted root that names them. */
async function judgeClocks(clocks: Clocks, options: SigningOptions = {}): Promise<string> {
  const other = await startAuthority(clocks);
  try {
    return await signed.judge(await other.sign(pack, options), { root: other.root });
  } finally {
    other.close();
  }
}

describe("when it was signed", () => {
  it("is judged by the log and the clock, not by the day of the verdict", async () => {
    expect(await signed.judge(signed.timed, { now: new Date("2099-01-01") })).toBe("release");
  });

  it.each<[string, Clocks, SigningOptions, string]>([
    ["within the ten minutes of the certificate", { log: 9 * minutes }, {}, "release"],
    ["logged after the certificate's end", { log: 11 * minutes }, {}, "BUNDLE_INVALID"],
    ["logged before the certificate's beginning", { ca: 5 * minutes }, {}, "BUNDLE_INVALID"],
    ["stamped after the certificate's end", { time: 11 * minutes }, { witnesses: ["log", "time"] }, "BUNDLE_INVALID"],
    [
      "stamped before its beginning",
      { ca: 5 * minutes, log: 6 * minutes },
      { witnesses: ["log", "time"] },
      "BUNDLE_INVALID",
    ],
    ["stamped in time", { time: 9 * minutes }, { witnesses: ["log", "time"] }, "release"],
    ["in time for no log", {}, { witnesses: ["time"] }, "BUNDLE_INVALID"],
    [
      "after the end of the authority itself",
      { ca: 366 * 24 * 60 * minutes, log: 366 * 24 * 60 * minutes },
      {},
      "BUNDLE_INVALID",
    ],
  ])("%s", async (_, clocks, options, verdict) => {
    expect(await judgeClocks(clocks, options)).toBe(verdict);
  });
});
