import { createPublicKey, verify } from "node:crypto";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, encodeBase64Url } from "./base64.ts";
import { parseEnvelope, preAuthEncoding, signEnvelope } from "./dsse.ts";
import { generateKeyPair, isEncryptedKey, readPrivateKey } from "./private-key.ts";
import { readPublicKey, toJwk, toPem } from "./public-key.ts";
import { createStatement, parseStatement } from "./statement.ts";

const text = new TextEncoder();

describe("base64", () => {
  it("reads what it writes, in both alphabets, as Node does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(encodeBase64(bytes)).toBe(buffer.toString("base64"));
        expect(encodeBase64Url(bytes)).toBe(buffer.toString("base64url"));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
        expect(decodeBase64(encodeBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  it("has one text for the bytes: whatever it reads, an encoder writes", () => {
    // what Node writes, with one character more, less or another
    const near = fc
      .tuple(fc.uint8Array({ maxLength: 5 }), fc.nat(), fc.constantFrom("", ..."AQgz059+/-_= \n"), fc.nat(1))
      .map(([bytes, place, other, less]) => {
        const written = Buffer.from(bytes).toString("base64");
        const at = place % (written.length + 1);
        return written.slice(0, at) + other + written.slice(at + less);
      });
    let read = 0;
    fc.assert(
      fc.property(near, (given) => {
        const bytes = decodeBase64(given);
        if (bytes === undefined) return;
        read++;
        const texts = [encodeBase64(bytes), encodeBase64Url(bytes)];
        expect([
          ...texts,
          texts[0]?.replace(/=+$/, ""),
          texts[1]?.padEnd(Math.ceil((texts[1]?.length ?? 0) / 4) * 4, "="),
        ]).toContain(given);
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it.each(["A", "AA=", "AAA==", "AB==", "AAB=", "AA A", "AAA\n", "A+-A", "A=AA", "====", "AAAA="])(
    "refuses %j",
    (given) => {
      expect(decodeBase64(given)).toBeUndefined();
    },
  );
});

describe("keys", () => {
  it("are read as PEM and as JWK, and known by the digest of their SubjectPublicKeyInfo", async () => {
    const { publicKey } = await generateKeyPair();
    for (const form of [
      publicKey.pem,
      publicKey.pem.replaceAll("\n", "\r\n"),
      toJwk(publicKey),
      JSON.stringify(toJwk(publicKey)),
    ])
      expect(await readPublicKey(form)).toEqual(publicKey);
    expect(createPublicKey(publicKey.pem).asymmetricKeyType).toBe("ed25519");
    expect(publicKey.keyId).toMatch(/^SHA256:[\w-]{43}$/);
  });

  it("sign what Node verifies", async () => {
    const { privateKey, publicKey } = await generateKeyPair();
    const signature = await (await readPrivateKey(privateKey)).sign(text.encode("hello"));
    expect(verify(null, text.encode("hello"), publicKey.pem, signature)).toBe(true);
  });

  it("are encrypted with a passphrase, and open with no other", async () => {
    const { privateKey, publicKey } = await generateKeyPair("correct horse");
    expect(isEncryptedKey(privateKey)).toBe(true);
    expect((await readPrivateKey(privateKey, "correct horse")).publicKey).toEqual(publicKey);
    await expect(readPrivateKey(privateKey)).rejects.toThrow("needs its passphrase");
    await expect(readPrivateKey(privateKey, "wrong horse")).rejects.toThrow("passphrase is wrong");
    await expect(
      readPrivateKey(privateKey.replace('"iterations": 600000', '"iterations": 1000'), "correct horse"),
    ).rejects.toThrow("passphrase is wrong");
    await expect(
      readPrivateKey(privateKey.replace('"iterations": 600000', '"iterations": 99999999'), "correct horse"),
    ).rejects.toThrow(TypeError);
  });

  it.each([
    ["nothing", ""],
    [
      "another kind of key",
      "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n",
    ],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"],
    ["a JWK of another curve", '{"kty":"OKP","crv":"X25519","x":"AAAA"}'],
    ["broken JSON", '{"kty":"OKP",'],
    [
      "the neutral point",
      toPem(
        "PUBLIC KEY",
        Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0, 1, ...new Uint8Array(31)),
      ),
    ],
    [
      "the point of order two",
      JSON.stringify({
        kty: "OKP",
        crv: "Ed25519",
        x: encodeBase64Url(Uint8Array.of(0xec, ...new Uint8Array(30).fill(255), 0x7f)),
      }),
    ],
  ])("are refused as a TypeError without their text: %s", async (_, source) => {
    const error = await readPublicKey(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain("MFkw");
  });
});

describe("envelopes", () => {
  it("sign the encoding that DSSE gives as its example", () => {
    expect(new TextDecoder().decode(preAuthEncoding("http://example.com/HelloWorld", text.encode("hello world")))).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
    expect(new TextDecoder().decode(preAuthEncoding("é", text.encode("ü")))).toBe("DSSEv1 2 é 2 ü");
  });

  it("come back as they were, with base64url and unknown members too", async () => {
    const signer = await readPrivateKey((await generateKeyPair()).privateKey);
    const source = await signEnvelope("text/plain", text.encode("a?>b"), [signer]);
    const envelope = parseEnvelope(source);
    expect(envelope.payload).toEqual(text.encode("a?>b"));
    const other = JSON.parse(source) as { payload: string; signatures: { sig: string }[] };
    other.payload = encodeBase64Url(envelope.payload);
    expect(parseEnvelope(JSON.stringify({ ...other, extra: 1 }))).toEqual(envelope);
  });

  it.each([
    ["no JSON", "hello"],
    ["a list", "[]"],
    ["text after it", '{"payloadType":"t","payload":"","signatures":[]} x'],
    ["a member twice", '{"payload":"","payloadType":"t","payload":"AAAA","signatures":[]}'],
    ["no type", '{"payload":"","signatures":[]}'],
    ["a payload with white space", '{"payloadType":"t","payload":"AAAA\\n","signatures":[]}'],
    ["signatures that are no list", '{"payloadType":"t","payload":"","signatures":{}}'],
    ["a signature without sig", '{"payloadType":"t","payload":"","signatures":[{"keyid":"a"}]}'],
    ["a keyid that is a number", '{"payloadType":"t","payload":"","signatures":[{"keyid":1,"sig":""}]}'],
    [
      "too many signatures",
      JSON.stringify({ payloadType: "t", payload: "", signatures: Array.from({ length: 33 }, () => ({ sig: "" })) }),
    ],
    ["a prototype", '{"payloadType":"t","payload":"","__proto__":{"signatures":[]}}'],
  ])("are refused with ENVELOPE_INVALID: %s", (_, source) => {
    expect(() => parseEnvelope(source)).toThrow(
      expect.objectContaining({ code: "ENVELOPE_INVALID", name: "VerificationError" }),
    );
  });
});

describe("statements", () => {
  it("name the file by both digests, as sha256sum and sha512sum do", async () => {
    const { subjects, pack, version } = parseStatement(
      await createStatement("p.json", text.encode("abc"), { id: "p", version: "1.0.0" }),
    );
    const sum = (tool: string): string => execFileSync(tool, { input: "abc", encoding: "utf8" }).slice(0, -4);
    expect(subjects).toEqual([{ name: "p.json", digest: { sha256: sum("sha256sum"), sha512: sum("sha512sum") } }]);
    expect([pack, version]).toEqual(["p", "1.0.0"]);
  });

  it.each([
    ["no JSON", "x"],
    [
      "another type",
      '{"_type":"https://in-toto.io/Statement/v0.1","subject":[{"digest":{}}],"predicateType":"https://promptpack.org/attestation/release/v1","predicate":{"pack":"p","version":"1"}}',
    ],
    [
      "another predicate",
      '{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"pack":"p","version":"1"}}',
    ],
    [
      "no subject",
      '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://promptpack.org/attestation/release/v1","predicate":{"pack":"p","version":"1"}}',
    ],
    [
      "no pack",
      '{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{}}],"predicateType":"https://promptpack.org/attestation/release/v1","predicate":{}}',
    ],
  ])("are refused with STATEMENT_INVALID: %s", (_, source) => {
    expect(() => parseStatement(text.encode(source))).toThrow(expect.objectContaining({ code: "STATEMENT_INVALID" }));
  });
});
