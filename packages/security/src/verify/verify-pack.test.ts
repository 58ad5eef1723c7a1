import { buildPackData } from "promptpack/testing";
import { describe, expect, it } from "vitest";
import { readEnvelope, signEnvelope } from "../sign/dsse.ts";
import { generateKeyPair, readPrivateKey, type Signer } from "../sign/private-key.ts";
import { signPack } from "../sign/sign-pack.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "../sign/statement.ts";
import { readyPolicy, type TrustPolicy } from "../trust/trust-policy.ts";
import { trustPolicy } from "./trust-policy-verifier.ts";
import { type PackTrust, verifyPack } from "./verify-pack.ts";

const text = new TextEncoder();
const packText = (id = "acme-help", version = "1.0.0"): string => JSON.stringify(buildPackData({ id, version }));
const bytes = text.encode(packText());
const newSigner = async (): Promise<Signer> => readPrivateKey((await generateKeyPair()).privateKey);
const [alice, bob, mallory] = await Promise.all([newSigner(), newSigner(), newSigner()]);
const signed = (...signers: Signer[]): Promise<string> => signPack(bytes, { fileName: "help.json", signers });
const pems = [alice.publicKey.pem, bob.publicKey.pem];

async function judge(
  policy: Partial<TrustPolicy>,
  evidence: readonly string[],
  file: Uint8Array = bytes,
): Promise<PackTrust> {
  return verifyPack(file, {
    policy: await readyPolicy({ version: 1, ...policy }),
    evidence,
    now: new Date("2026-11-22T00:00:00Z"),
  });
}
const sealed = async (statement: object | Uint8Array, type = STATEMENT_PAYLOAD_TYPE): Promise<string> =>
  signEnvelope(type, statement instanceof Uint8Array ? statement : text.encode(JSON.stringify(statement)), [alice]);
const evidenceIsBad = (code: string): object => expect.objectContaining({ name: "VerificationError", code });
const policyRefuses = (code: string): object => expect.objectContaining({ name: "PolicyError", code });

describe("a signed pack", () => {
  it("is trusted when a trusted key signed it, and says who", async () => {
    const key = { name: "Alice 2026", publicKey: alice.publicKey.pem, packs: ["acme-*"], expires: "2027-01-01" };
    expect(await judge({ keys: [key] }, [await signed(alice)])).toEqual({
      pack: "acme-help",
      version: "1.0.0",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      signers: ["Alice 2026"],
    });
  });

  it("counts each key once, over several signatures and several files", async () => {
    const twice = await signed(alice, alice);
    await expect(judge({ keys: pems, threshold: 2 }, [twice, twice])).rejects.toThrow(policyRefuses("BELOW_THRESHOLD"));
    expect((await judge({ keys: pems, threshold: 2 }, [await signed(alice, bob)])).signers).toHaveLength(2);
    expect((await judge({ keys: pems, threshold: 2 }, [await signed(alice), await signed(bob)])).signers).toHaveLength(
      2,
    );
  });

  it("is not hurt by the signature of a stranger beside a good one", async () => {
    expect((await judge({ keys: pems }, [await signed(mallory, alice)])).signers).toEqual([alice.publicKey.keyId]);
  });

  it("is judged by the key that verifies, whatever the key ids say", async () => {
    const lying = (await signed(mallory)).replace(mallory.publicKey.keyId, alice.publicKey.keyId);
    await expect(judge({ keys: pems }, [lying])).rejects.toThrow(evidenceIsBad("SIGNATURE_INVALID"));
    const nameless = (await signed(alice)).replace(alice.publicKey.keyId, "");
    expect((await judge({ keys: pems }, [nameless])).signers).toEqual([alice.publicKey.keyId]);
  });

  it("is refused with the code that says why", async () => {
    const good = await signed(alice);
    const key = { publicKey: alice.publicKey.pem };
    const digest = (await judge({ keys: pems }, [good])).sha256;
    await expect(judge({ keys: pems }, [])).rejects.toThrow(policyRefuses("UNSIGNED"));
    await expect(
      judge({ keys: pems, requireSignature: false }, [JSON.stringify({ ...JSON.parse(good), signatures: [] })]),
    ).rejects.toThrow(policyRefuses("UNSIGNED"));
    await expect(judge({ keys: pems }, [await signed(mallory)])).rejects.toThrow(policyRefuses("NOT_TRUSTED"));
    await expect(judge({ keys: [{ ...key, revoked: { reason: "lost" } }] }, [good])).rejects.toThrow(
      policyRefuses("KEY_REVOKED"),
    );
    await expect(judge({ keys: [{ ...key, expires: "2026-11-22T00:00:00Z" }] }, [good])).rejects.toThrow(
      policyRefuses("KEY_EXPIRED"),
    );
    await expect(judge({ keys: [{ ...key, packs: ["acme", "other-*"] }] }, [good])).rejects.toThrow(
      policyRefuses("OUT_OF_NAMESPACE"),
    );
    await expect(
      judge({ keys: pems, revokedDigests: [{ sha256: digest, reason: "bad tool" }] }, [good]),
    ).rejects.toThrow(policyRefuses("DIGEST_REVOKED"));
    await expect(judge({ keys: pems }, ["{}"])).rejects.toThrow(evidenceIsBad("ENVELOPE_INVALID"));
    await expect(judge({ keys: pems }, [good], text.encode(`${packText()}\n`))).rejects.toThrow(
      evidenceIsBad("DIGEST_MISMATCH"),
    );
    await expect(judge({ keys: pems }, [good], text.encode("[]"))).rejects.toThrow(evidenceIsBad("DIGEST_MISMATCH"));
    await expect(judge({ keys: pems }, [await sealed({}, "text/plain")])).rejects.toThrow(
      evidenceIsBad("PAYLOAD_TYPE_UNKNOWN"),
    );
    await expect(judge({ keys: pems }, [await sealed({})])).rejects.toThrow(evidenceIsBad("STATEMENT_INVALID"));
    const bundle = JSON.stringify({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" });
    await expect(judge({ keys: pems }, [bundle])).rejects.toThrow(policyRefuses("NOT_TRUSTED"));
  });

  it("is refused when the statement is about something else", async () => {
    const about = (
      change: (statement: { subject: { digest: Record<string, string> }[]; predicate: Record<string, string> }) => void,
    ): Promise<string> =>
      createStatement("help.json", bytes, { id: "acme-help", version: "1.0.0" }).then((payload) => {
        const statement = JSON.parse(new TextDecoder().decode(payload)) as never;
        change(statement);
        return sealed(statement);
      });
    const cases: [string, Promise<string>][] = [
      ["PACK_MISMATCH", about(({ predicate }) => (predicate["pack"] = "acme-other"))],
      ["PACK_MISMATCH", about(({ predicate }) => (predicate["version"] = "2.0.0"))],
      ["WEAK_DIGEST", about(({ subject }) => ((subject[0] as { digest: object }).digest = { sha1: "00", md5: "00" }))],
      ["DIGEST_MISMATCH", about(({ subject }) => ((subject[0]?.digest ?? {})["sha512"] = "00"))], // both must hold
      [
        "DIGEST_MISMATCH",
        about(
          ({ subject }) => ((subject[0]?.digest ?? {})["sha256"] = (subject[0]?.digest["sha256"] ?? "").toUpperCase()),
        ),
      ],
    ];
    for (const [code, evidence] of cases)
      await expect(judge({ keys: pems }, [await evidence])).rejects.toThrow(evidenceIsBad(code));
  });

  it("may be unsigned only when the policy says so, and then must not carry a bad signature", async () => {
    expect((await judge({ requireSignature: false, threshold: 2 }, [])).signers).toEqual([]);
    await expect(judge({ requireSignature: false }, [], text.encode("[]"))).rejects.toThrow(
      evidenceIsBad("PACK_MISMATCH"),
    );
    await expect(judge({ requireSignature: false, threshold: 0, keys: pems }, [await signed(mallory)])).rejects.toThrow(
      policyRefuses("NOT_TRUSTED"),
    );
  });

  it("passes through the verifier that loadPack takes, which tells why", async () => {
    const seen: string[] = [];
    const evidence = await signed(alice);
    const verify = trustPolicy(
      { version: 1, keys: pems },
      {
        evidence: (path) => (path === "a.json" ? [evidence] : []),
        onTrust: ({ pack }, path) => void seen.push(`${path} ${pack}`),
      },
    );
    await verify(bytes, "a.json");
    await expect(verify(bytes, "b.json")).rejects.toThrow(policyRefuses("UNSIGNED"));
    expect(seen).toEqual(["a.json acme-help"]);
  });
});

describe("tampering", () => {
  const policy = readyPolicy({ version: 1, keys: [alice.publicKey.pem] });
  const accepts = async (file: Uint8Array, evidence: string | Uint8Array): Promise<boolean> =>
    verifyPack(file, { policy: await policy, evidence: [evidence], now: new Date(0) }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^[A-Z_]+$/),
          name: expect.stringMatching(/^(Verification|Policy)Error$/),
        });
        return false;
      },
    );

  it("with any byte of the pack is refused", async () => {
    const evidence = await signed(alice);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(await accepts(changed, evidence), `byte ${at}`).toBe(false);
    }
  });

  it("with any byte of the envelope is refused unless the signed content is the same", async () => {
    const evidence = text.encode(JSON.stringify(JSON.parse(await signed(alice))));
    const content = (source: Uint8Array): unknown => {
      try {
        const { payload, payloadType, signatures } = readEnvelope(
          JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(source)),
        );
        return JSON.stringify([payloadType, [...payload], signatures.map(({ signature }) => [...signature])]);
      } catch {
        return undefined;
      }
    };
    const original = content(evidence);
    let same = 0;
    for (let at = 0; at < evidence.length; at++) {
      for (const mask of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const changed = Uint8Array.from(evidence);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const isSame = content(changed) === original;
        if (isSame) same++;
        expect(await accepts(bytes, changed), `byte ${at} mask ${mask}`).toBe(isSame);
      }
    }
    // Only the key id, which proves nothing, can change: its name's bytes and its text.
    expect(same).toBeGreaterThan(0);
    expect(same).toBeLessThan(8 * ("keyid".length + alice.publicKey.keyId.length + 8));
  });

  it("by cutting the envelope anywhere, or adding to it, is refused", async () => {
    const evidence = (await signed(alice)).trim();
    for (let length = 0; length < evidence.length; length++)
      expect(await accepts(bytes, evidence.slice(0, length))).toBe(false);
    for (const extra of ["{}", ",", "\0", evidence]) expect(await accepts(bytes, evidence + extra)).toBe(false);
  });
});
