import { describe, expect, it } from "vitest";
import { generateKeyPair } from "../sign/private-key.ts";
import { emptyPolicy, revokeDigest, revokeKey, trustIdentity, trustKey } from "./edit-policy.ts";
import { isInScope, parseTrustPolicy, readyPolicy } from "./trust-policy.ts";

const { pem, keyId } = (await generateKeyPair()).publicKey;
const invalid = expect.objectContaining({ name: "PolicyError", code: "POLICY_INVALID" }) as object;

describe("a trust policy", () => {
  it.each([
    ["no JSON", "{"],
    ["a member twice", '{"version":1,"threshold":2,"threshold":1}'],
    ["no version", "{}"],
    ["a misspelt member", '{"version":1,"treshold":2}'],
    ["a misspelt limit of a key", '{"version":1,"keys":[{"publicKey":"x","package":["a"]}]}'],
    ["a pattern that is none", '{"version":1,"keys":[{"publicKey":"x","packs":["a*b"]}]}'],
    ["no packs at all", '{"version":1,"keys":[{"publicKey":"x","packs":[]}]}'],
    ["half a threshold", '{"version":1,"threshold":1.5}'],
    ["a digest in capitals", `{"version":1,"revokedDigests":[{"sha256":"${"A".repeat(64)}","reason":""}]}`],
  ])("is refused with %s", (_, source) => {
    expect(() => parseTrustPolicy(source)).toThrow(invalid);
  });

  it("is refused when a key is none, stands twice, or the threshold needs nobody", async () => {
    await expect(readyPolicy({ version: 1, keys: ["nonsense"] })).rejects.toThrow(invalid);
    await expect(
      readyPolicy({ version: 1, keys: [pem, { publicKey: pem.replaceAll("\n", "\r\n"), name: "again" }] }),
    ).rejects.toThrow("twice");
    await expect(readyPolicy({ version: 1, keys: [pem], threshold: 0 })).rejects.toThrow(invalid);
    await expect(readyPolicy({ version: 1, keys: [{ publicKey: pem, expires: "2026-13-45" }] })).rejects.toThrow(
      "not a date",
    );
  });

  it("demands one signature unless it says otherwise", async () => {
    expect(await readyPolicy({ version: 1 })).toMatchObject({ requireSignature: true, threshold: 1, authorities: [] });
  });

  it("reads pack ids as names and prefixes, never as patterns", () => {
    expect(isInScope("acme-help", undefined)).toBe(true);
    expect(isInScope("acme-help", ["acme-help"])).toBe(true);
    expect(isInScope("acme-help", ["acme-*"])).toBe(true);
    expect(isInScope("acme-help", ["acme"])).toBe(false);
    expect(isInScope("evil-acme-help", ["acme-*"])).toBe(false);
  });
});

describe("editing a trust policy", () => {
  it("adds a key once, and revokes it by name or key id while it stays listed", async () => {
    const policy = await trustKey(emptyPolicy, { name: "release", publicKey: pem, packs: ["acme-*"] });
    await expect(trustKey(policy, { publicKey: pem })).rejects.toThrow("already");
    for (const key of ["release", keyId, pem]) {
      const revoked = await revokeKey(policy, key, { reason: "lost laptop" });
      expect((await readyPolicy(revoked)).authorities[0]).toMatchObject({
        name: "release",
        revoked: { reason: "lost laptop" },
      });
    }
    await expect(revokeKey(policy, "other", { reason: "" })).rejects.toThrow("no such key");
    expect(emptyPolicy.keys).toEqual([]);
  });

  it("adds identities once and revokes files", () => {
    const identity = { issuer: "https://issuer.example", subject: "me@example.com" };
    const policy = trustIdentity(emptyPolicy, identity);
    expect(() => trustIdentity(policy, identity)).toThrow("already");
    const revoked = revokeDigest(policy, "ab".repeat(32), "poisoned tool");
    expect(revokeDigest(revoked, "ab".repeat(32), "again")).toBe(revoked);
    expect(revoked.revokedDigests).toEqual([{ sha256: "ab".repeat(32), reason: "poisoned tool" }]);
  });
});
