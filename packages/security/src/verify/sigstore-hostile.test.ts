import { beforeAll, describe, expect, it } from "vitest";
import { change, encode, entryOf, libraries, packText, useSignedPack } from "../../test/judge-bundle.ts";
import { type BundleParts, type LogEntry, startAuthority } from "../../test/sigstore-authority.ts";
import { createBundleVerifier } from "./sigstore.ts";

const signed = useSignedPack();

/** Returns base64 of the bytes with one bit of the middle one flipped. */
const bent = (base64: string): string => {
  const bytes = Buffer.from(base64, "base64");
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString("base64");
};

describe("a changed bundle", () => {
  it.each<[string, (parts: BundleParts, other: BundleParts) => void]>([
    ["the payload", ({ dsseEnvelope }) => (dsseEnvelope.payload = bent(dsseEnvelope.payload))],
    ["the payload's type", ({ dsseEnvelope }) => (dsseEnvelope.payloadType = "text/plain")],
    ["the signature", ({ dsseEnvelope: { signatures } }) => (signatures[0] = { sig: bent(signatures[0]?.sig ?? "") })],
    ["no signature", ({ dsseEnvelope }) => (dsseEnvelope.signatures = [])],
    ["the signature twice", ({ dsseEnvelope: { signatures } }) => signatures.push(...signatures)],
    [
      "another signature beside it",
      ({ dsseEnvelope }, other) => dsseEnvelope.signatures.push(...other.dsseEnvelope.signatures),
    ],
    [
      "another signature in its place",
      ({ dsseEnvelope }, other) => (dsseEnvelope.signatures = other.dsseEnvelope.signatures),
    ],
    [
      "the certificate",
      ({ verificationMaterial: { certificate } }) =>
        Object.assign(certificate ?? {}, { rawBytes: bent(certificate?.rawBytes ?? "") }),
    ],
    [
      "the certificate of another bundle",
      ({ verificationMaterial }, other) =>
        Object.assign(verificationMaterial, { certificate: other.verificationMaterial.certificate }),
    ],
    [
      "a key's name instead of the certificate",
      ({ verificationMaterial }) => {
        delete verificationMaterial.certificate;
        verificationMaterial.publicKey = { hint: "release" };
      },
    ],
    ["no certificate", ({ verificationMaterial }) => delete verificationMaterial.certificate],
    ["no log entry", ({ verificationMaterial }) => (verificationMaterial.tlogEntries = [])],
    ["the log entry twice", ({ verificationMaterial: { tlogEntries } }) => tlogEntries.push(...tlogEntries)],
    [
      "the log entry of another bundle",
      ({ verificationMaterial }, other) => (verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries),
    ],
    [
      "another's log entry beside it",
      ({ verificationMaterial: { tlogEntries } }, other) => tlogEntries.push(...other.verificationMaterial.tlogEntries),
    ],
    ["the logged body", (parts) => (entryOf(parts).canonicalizedBody = bent(entryOf(parts).canonicalizedBody))],
    [
      "the log's promise",
      (parts) =>
        (entryOf(parts).inclusionPromise = {
          signedEntryTimestamp: bent(entryOf(parts).inclusionPromise?.signedEntryTimestamp ?? ""),
        }),
    ],
    ["the logged time", (parts) => (entryOf(parts).integratedTime = `${Number(entryOf(parts).integratedTime) + 1}`)],
    ["the place in the log", (parts) => (entryOf(parts).logIndex = `${Number(entryOf(parts).logIndex) + 1}`)],
    ["which log it is", (parts) => (entryOf(parts).logId.keyId = bent(entryOf(parts).logId.keyId))],
    [
      "the root hash of the proof",
      ({
        verificationMaterial: {
          tlogEntries: [entry],
        },
      }) => Object.assign(entry?.inclusionProof ?? {}, { rootHash: bent(entry?.inclusionProof?.rootHash ?? "") }),
    ],
    [
      "a hash in the proof",
      (parts) => Object.assign(entryOf(parts).inclusionProof ?? {}, { hashes: [Buffer.alloc(32).toString("base64")] }),
    ],
    ["the place in the proof", (parts) => Object.assign(entryOf(parts).inclusionProof ?? {}, { logIndex: "1" })],
    ["the size in the proof", (parts) => Object.assign(entryOf(parts).inclusionProof ?? {}, { treeSize: "2" })],
    [
      "the proof of another bundle",
      (parts, other) => Object.assign(entryOf(parts), { inclusionProof: entryOf(other).inclusionProof }),
    ],
    [
      "the checkpoint's size",
      (parts) =>
        Object.assign(entryOf(parts).inclusionProof?.checkpoint ?? {}, {
          envelope: entryOf(parts).inclusionProof?.checkpoint.envelope.replace("\n1\n", "\n2\n"),
        }),
    ],
    [
      "the checkpoint without a signature",
      (parts) =>
        Object.assign(entryOf(parts).inclusionProof?.checkpoint ?? {}, {
          envelope: entryOf(parts).inclusionProof?.checkpoint.envelope.replace(/\u2014[^]*/, ""),
        }),
    ],
    [
      "neither promise nor proof",
      (parts) => {
        delete entryOf(parts).inclusionPromise;
        delete entryOf(parts).inclusionProof;
      },
    ],
    [
      "the time stamp",
      ({ verificationMaterial: { timestampVerificationData: data } }) =>
        data?.rfc3161Timestamps.forEach((stamp) =>
          Object.assign(stamp, { signedTimestamp: bent(stamp.signedTimestamp) }),
        ),
    ],
    [
      "the time stamp of another bundle",
      ({ verificationMaterial }, other) =>
        Object.assign(verificationMaterial, {
          timestampVerificationData: other.verificationMaterial.timestampVerificationData,
        }),
    ],
    [
      "the time stamp twice",
      ({ verificationMaterial: { timestampVerificationData: data } }) =>
        data?.rfc3161Timestamps.push(...data.rfc3161Timestamps),
    ],
    [
      "an empty time stamp",
      ({ verificationMaterial: { timestampVerificationData: data } }) =>
        data?.rfc3161Timestamps.push({ signedTimestamp: "" }),
    ],
    [
      "more log entries than anyone needs",
      ({ verificationMaterial }) =>
        (verificationMaterial.tlogEntries = Array.from(
          { length: 200 },
          () => verificationMaterial.tlogEntries[0] as LogEntry,
        )),
    ],
    ["nothing to verify it with", (parts) => delete (parts as Partial<BundleParts>).verificationMaterial],
    ["no envelope", (parts) => delete (parts as Partial<BundleParts>).dsseEnvelope],
    [
      "a digest's signature instead of the envelope",
      (parts) => {
        delete (parts as Partial<BundleParts>).dsseEnvelope;
        Object.assign(parts, {
          messageSignature: {
            messageDigest: { algorithm: "SHA2_256", digest: Buffer.alloc(32, 1).toString("base64") },
            signature: Buffer.alloc(70, 1).toString("base64"),
          },
        });
      },
    ],
  ])("is refused: %s", async (_, edit) => {
    const other = JSON.parse(otherBundle) as BundleParts;
    expect(await signed.judge(change(signed.timed, (parts) => edit(parts, other)))).toBe("BUNDLE_INVALID");
  });
  let otherBundle = "";
  beforeAll(async () => {
    const second = await startAuthority(); // other keys: nothing of it may help
    otherBundle = await second.sign(encode(packText("acme-other")), { witnesses: ["log", "time"] });
    second.close();
  });

  it("is refused when any text in it is another", async () => {
    const accepted: string[] = [];
    const visit = async (value: unknown, path: readonly string[]): Promise<void> => {
      if (typeof value === "object" && value !== null) {
        for (const [name, member] of Object.entries(value)) await visit(member, [...path, name]);
        return;
      }
      const edited = change(signed.timed, (parts) => {
        const holder = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], parts);
        const name = path.at(-1) ?? "";
        const before = String(value);
        const isBase64 = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(before) && Number.isNaN(Number(before));
        (holder as Record<string, unknown>)[name] = isBase64
          ? bent(before)
          : /^\d+$/.test(before)
            ? `${Number(before) + 1}`
            : `${before.slice(0, -2)}x`;
      });
      if ((await signed.judge(edited)) === "release") accepted.push(path.join("/"));
    };
    await visit(JSON.parse(signed.timed), []);
    expect(accepted).toEqual([]);
  });
});

describe("a hostile bundle", () => {
  it("of a media type that is unknown is no bundle", async () => {
    for (const mediaType of [
      "application/vnd.dev.sigstore.bundle.v0.4+json",
      "application/vnd.dev.sigstore.bundle.v9.9+json",
      "application/vnd.dev.sigstore.bundle.v0.3+jsonx",
      "application/vnd.dev.sigstore.bundle+json;version=0.30",
      "application/vnd.dev.sigstore.bundle",
    ])
      expect(await signed.judge(change(signed.timed, (parts) => (parts.mediaType = mediaType))), mediaType).toBe(
        "BUNDLE_INVALID",
      );
    for (const mediaType of [undefined, null, 3, "", ["application/vnd.dev.sigstore.bundle.v0.3+json"], "text/plain"])
      expect(await signed.judge(change(signed.timed, (parts) => (parts.mediaType = mediaType)))).toBe(
        "ENVELOPE_INVALID",
      );
  });

  it("that is cut anywhere, or has something after its end, is refused", async () => {
    for (let length = 0; length < signed.timed.trimEnd().length; length += 7)
      expect(await signed.judge(signed.timed.slice(0, length)), `${length}`).toBe("ENVELOPE_INVALID");
    for (const extra of ["{}", ",", "\0", signed.timed])
      expect(await signed.judge(signed.timed + extra)).toBe("ENVELOPE_INVALID");
  });

  it("that is huge, deep, or says a member twice is refused before anything in it is read", async () => {
    const huge = change(signed.timed, ({ dsseEnvelope }) => (dsseEnvelope.payload = "A".repeat(2_000_000)));
    expect(await signed.judge(huge)).toBe("ENVELOPE_INVALID");
    expect(await signed.judge(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBe("ENVELOPE_INVALID");
    expect(await signed.judge(signed.timed.replace("{", `{"dsseEnvelope":{},`))).toBe("ENVELOPE_INVALID");
    expect(await signed.judge(signed.timed.replace("{", `{"__proto__":{},`))).toBe("ENVELOPE_INVALID");
  });

  it("cannot keep the machine busy with a pattern for a name: the libraries match names in checkpoints as patterns", async () => {
    const busy = change(signed.timed, (parts) =>
      Object.assign(entryOf(parts).inclusionProof?.checkpoint ?? {}, {
        envelope: entryOf(parts).inclusionProof?.checkpoint.envelope.replace(
          /\u2014 \S+/,
          "\u2014 (?:.|.|.|.|.)*\u00ff",
        ),
      }),
    );
    expect(await signed.judge(busy)).toBe("BUNDLE_INVALID");
  });

  it("says in its error nothing of what it holds", async () => {
    const parts = JSON.parse(signed.timed) as BundleParts;
    parts.dsseEnvelope.signatures = [];
    const verifier = createBundleVerifier(libraries, signed.authority.root);
    await expect((async () => verifier(parts))()).rejects.toThrow(/^BUNDLE_INVALID: .{0,200}$/);
  });
});
