import * as bundle from "@sigstore/bundle";
import * as specs from "@sigstore/protobuf-specs";
import * as verify from "@sigstore/verify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BundleParts,
  type Clocks,
  ISSUER,
  type LogEntry,
  type SigningOptions,
  type SigstoreAuthority,
  startAuthority,
  SUBJECT,
  type TrustedRoot,
} from "../../test/sigstore-authority.ts";
import { generateKeyPair, readPrivateKey } from "../sign/private-key.ts";
import { signPack } from "../sign/sign-pack.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "../sign/statement.ts";
import { readyPolicy, type TrustedIdentity, type TrustPolicy } from "../trust/trust-policy.ts";
import { createBundleVerifier } from "./sigstore.ts";
import { verifyPack } from "./verify-pack.ts";

const text = new TextEncoder();
const packText = (id = "acme-help", version = "1.0.0"): string =>
  JSON.stringify({
    id,
    name: "Help",
    version,
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: { id: "main", name: "Main", version: "1.0.0", system_template: "Hi" } },
  });
const pack = text.encode(packText());
const minutes = 60;

let authority: SigstoreAuthority;
let plain = "";
let timed = "";
beforeAll(async () => {
  authority = await startAuthority();
  plain = await authority.sign(pack);
  timed = await authority.sign(pack, { witnesses: ["log", "time"] });
});
afterAll(() => authority.close());

/** Returns the code of the verdict, or those who signed. */
async function judge(
  evidence: string | readonly string[],
  {
    root = authority.root,
    file = pack,
    identity = {},
    policy = {},
    now = new Date(),
  }: {
    root?: object;
    file?: Uint8Array;
    identity?: Partial<TrustedIdentity>;
    policy?: Partial<TrustPolicy>;
    now?: Date;
  } = {},
): Promise<string> {
  return verifyPack(file, {
    policy: await readyPolicy({
      version: 1,
      identities: [{ name: "release", issuer: ISSUER, subject: SUBJECT, ...identity }],
      ...policy,
    }),
    evidence: typeof evidence === "string" ? [evidence] : evidence,
    now,
    bundles: createBundleVerifier({ bundle, verify, specs }, root),
  }).then(
    ({ signers }) => signers.join(", "),
    (error: { name: string; code: string }) => {
      expect(error.name).toMatch(/^(Verification|Policy)Error$/);
      return error.code;
    },
  );
}
const change = (source: string, edit: (parts: BundleParts) => void): string => {
  const parts = JSON.parse(source) as BundleParts;
  edit(parts);
  return JSON.stringify(parts);
};
const entryOf = ({ verificationMaterial }: BundleParts): LogEntry => verificationMaterial.tlogEntries[0] as LogEntry;
const withRoot = (edit: (root: TrustedRoot) => void): TrustedRoot => {
  const root = structuredClone(authority.root);
  edit(root);
  return root;
};
/** Returns base64 of the bytes with one bit of the middle one flipped. */
const bent = (base64: string): string => {
  const bytes = Buffer.from(base64, "base64");
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString("base64");
};
/** Signs with authorities whose clocks differ, and judges by the trusted root that names them. */
async function judgeClocks(clocks: Clocks, options: SigningOptions = {}): Promise<string> {
  const other = await startAuthority(clocks);
  try {
    return await judge(await other.sign(pack, options), { root: other.root });
  } finally {
    other.close();
  }
}

describe("a sigstore bundle", () => {
  it("is trusted offline when the policy names the identity, in every form of a bundle", async () => {
    authority.close(); // from here on nobody answers
    for (const evidence of [plain, timed]) expect(await judge(evidence)).toBe("release");
    const older = change(plain, (parts) => {
      const { certificate } = parts.verificationMaterial;
      parts.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.2";
      parts.verificationMaterial.x509CertificateChain = { certificates: [certificate as { rawBytes: string }] };
      delete parts.verificationMaterial.certificate;
    });
    expect(await judge(older)).toBe("release");
    const oldest = older.replace("version=0.2", "version=0.1");
    expect(await judge(oldest)).toBe("release");
    expect(await judge(plain, { policy: { identities: [] }, identity: {} })).toBe("NOT_TRUSTED");
  });

  it("needs no more than one proof of the log: a promise or an inclusion proof, with a time", async () => {
    const promised = change(plain, (parts) => {
      parts.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1";
      delete entryOf(parts).inclusionProof;
      parts.verificationMaterial.x509CertificateChain = {
        certificates: [parts.verificationMaterial.certificate as { rawBytes: string }],
      };
      delete parts.verificationMaterial.certificate;
    });
    expect(await judge(promised)).toBe("release");
    const proven = change(timed, (parts) => delete entryOf(parts).inclusionPromise);
    expect(await judge(proven)).toBe("release");
    const timeless = change(plain, (parts) => delete entryOf(parts).inclusionPromise);
    expect(await judge(timeless)).toBe("BUNDLE_INVALID");
  });

  it("counts as one signer, beside a key as two", async () => {
    const { publicKey, privateKey } = await generateKeyPair();
    const keyed = await signPack(pack, { fileName: "help.json", signers: [await readPrivateKey(privateKey)] });
    const policy = { threshold: 2, keys: [{ name: "key", publicKey: publicKey.pem }] };
    expect(await judge([plain, timed], { policy })).toBe("BELOW_THRESHOLD");
    expect(await judge([plain, keyed], { policy })).toBe("release, key");
    // Each file must be in order: a broken one beside good ones is no accident.
    const broken = change(plain, (parts) => (entryOf(parts).logIndex = "1"));
    expect(await judge([plain, keyed, broken], { policy })).toBe("BUNDLE_INVALID");
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
    expect(await judge(plain, { identity })).toBe("NOT_TRUSTED");
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
    expect(await judge(evidence, { root: other.root })).toBe("NOT_TRUSTED");
    expect(await judge(evidence)).toBe("BUNDLE_INVALID");
  });

  it.each<[string, Partial<TrustedIdentity>, string]>([
    ["expired", { expires: "2020-01-01" }, "KEY_EXPIRED"],
    ["revoked", { revoked: { reason: "leaked" } }, "KEY_REVOKED"],
    ["for other packs", { packs: ["other-*", "acme"] }, "OUT_OF_NAMESPACE"],
  ])("does not count when the policy says that it is %s", async (_, identity, code) => {
    expect(await judge(plain, { identity })).toBe(code);
  });
});

describe("what was signed", () => {
  it("is this file: other bytes, another pack and another version are refused", async () => {
    expect(await judge(plain, { file: text.encode(`${packText()}\n`) })).toBe("DIGEST_MISMATCH");
    expect(await judge(plain, { file: text.encode(packText("acme-other")) })).toBe("DIGEST_MISMATCH");
    expect(await judge(plain, { file: text.encode(packText("acme-help", "1.0.1")) })).toBe("DIGEST_MISMATCH");
  });

  it("is a release of a pack, and nothing else that the same identity signs", async () => {
    const release = await createStatement("help.json", pack, { id: "acme-help", version: "1.0.0" });
    const edited = (edit: (statement: Record<string, unknown>) => void): Uint8Array => {
      const statement = JSON.parse(new TextDecoder().decode(release)) as Record<string, unknown>;
      edit(statement);
      return text.encode(JSON.stringify(statement));
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
      ["STATEMENT_INVALID", text.encode("{"), STATEMENT_PAYLOAD_TYPE],
      [
        "PACK_MISMATCH",
        edited((it) => (it["predicate"] = { pack: "other", version: "1.0.0" })),
        STATEMENT_PAYLOAD_TYPE,
      ],
      ["release", release, STATEMENT_PAYLOAD_TYPE],
    ];
    const other = await startAuthority();
    for (const [code, payload, type] of cases)
      expect(await judge(await other.signAnything(payload, type), { root: other.root }), `${code} ${type}`).toBe(code);
    other.close();
  });
});

describe("when it was signed", () => {
  it("is judged by the log and the clock, not by the day of the verdict", async () => {
    expect(await judge(timed, { now: new Date("2099-01-01") })).toBe("release");
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

describe("a trusted root", () => {
  const past = { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" };
  const ended = (list: object[]): void => list.forEach((one) => Object.assign(one, { validFor: past }));
  const endedKey = (list: object[]): void =>
    (list as { publicKey: object }[]).forEach(({ publicKey }) => Object.assign(publicKey, { validFor: past }));
  it.each<[string, (root: TrustedRoot) => void]>([
    ["without the certificate authority", (root) => (root.certificateAuthorities = [])],
    ["without the certificate log", (root) => (root.ctlogs = [])],
    ["without the transparency log", (root) => (root.tlogs = [])],
    ["without the time stamp authority", (root) => (root.timestampAuthorities = [])],
    ["whose certificate authority had ended", (root) => ended(root.certificateAuthorities)],
    ["whose time stamp authority had ended", (root) => ended(root.timestampAuthorities)],
    ["whose transparency log had ended", (root) => endedKey(root.tlogs)],
    ["whose certificate log had ended", (root) => endedKey(root.ctlogs)],
    ["whose logs are swapped", (root) => ([root.tlogs, root.ctlogs] = [root.ctlogs, root.tlogs])],
    [
      "whose authorities are swapped",
      (root) =>
        ([root.certificateAuthorities, root.timestampAuthorities] = [
          root.timestampAuthorities,
          root.certificateAuthorities,
        ]),
    ],
  ])("%s trusts nothing", async (_, edit) => {
    expect(await judge(timed, { root: withRoot(edit) })).toBe("BUNDLE_INVALID");
  });

  it("of other authorities trusts nothing, in whole and in part", async () => {
    const other = await startAuthority();
    other.close();
    expect(await judge(timed, { root: other.root })).toBe("BUNDLE_INVALID");
    for (const part of ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"] as const) {
      expect(await judge(timed, { root: { ...authority.root, [part]: other.root[part] } }), part).toBe(
        "BUNDLE_INVALID",
      );
      const both = { ...authority.root, [part]: [...other.root[part], ...authority.root[part]] };
      expect(await judge(timed, { root: both }), part).toBe("release");
    }
  });

  it.each([
    ["a text", "nonsense"],
    ["nothing", undefined],
    ["a list", []],
    ["empty", {}],
  ])("that is %s is a mistake of the host", (_, root) => {
    expect(() => createBundleVerifier({ bundle, verify, specs }, root)).toThrow(TypeError);
  });
});

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
    expect(await judge(change(timed, (parts) => edit(parts, other)))).toBe("BUNDLE_INVALID");
  });
  let otherBundle = "";
  beforeAll(async () => {
    const second = await startAuthority(); // other keys: nothing of it may help
    otherBundle = await second.sign(text.encode(packText("acme-other")), { witnesses: ["log", "time"] });
    second.close();
  });

  it("is refused when any text in it is another", async () => {
    const accepted: string[] = [];
    const visit = async (value: unknown, path: readonly string[]): Promise<void> => {
      if (typeof value === "object" && value !== null) {
        for (const [name, member] of Object.entries(value)) await visit(member, [...path, name]);
        return;
      }
      const edited = change(timed, (parts) => {
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
      if ((await judge(edited)) === "release") accepted.push(path.join("/"));
    };
    await visit(JSON.parse(timed), []);
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
      expect(await judge(change(timed, (parts) => (parts.mediaType = mediaType))), mediaType).toBe("BUNDLE_INVALID");
    for (const mediaType of [undefined, null, 3, "", ["application/vnd.dev.sigstore.bundle.v0.3+json"], "text/plain"])
      expect(await judge(change(timed, (parts) => (parts.mediaType = mediaType)))).toBe("ENVELOPE_INVALID");
  });

  it("that is cut anywhere, or has something after its end, is refused", async () => {
    for (let length = 0; length < timed.trimEnd().length; length += 7)
      expect(await judge(timed.slice(0, length)), `${length}`).toBe("ENVELOPE_INVALID");
    for (const extra of ["{}", ",", "\0", timed]) expect(await judge(timed + extra)).toBe("ENVELOPE_INVALID");
  });

  it("that is huge, deep, or says a member twice is refused before anything in it is read", async () => {
    const huge = change(timed, ({ dsseEnvelope }) => (dsseEnvelope.payload = "A".repeat(2_000_000)));
    expect(await judge(huge)).toBe("ENVELOPE_INVALID");
    expect(await judge(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBe("ENVELOPE_INVALID");
    expect(await judge(timed.replace("{", `{"dsseEnvelope":{},`))).toBe("ENVELOPE_INVALID");
    expect(await judge(timed.replace("{", `{"__proto__":{},`))).toBe("ENVELOPE_INVALID");
  });

  it("cannot keep the machine busy with a pattern for a name: the libraries match names in checkpoints as patterns", async () => {
    const busy = change(timed, (parts) =>
      Object.assign(entryOf(parts).inclusionProof?.checkpoint ?? {}, {
        envelope: entryOf(parts).inclusionProof?.checkpoint.envelope.replace(
          /\u2014 \S+/,
          "\u2014 (?:.|.|.|.|.)*\u00ff",
        ),
      }),
    );
    expect(await judge(busy)).toBe("BUNDLE_INVALID");
  });

  it("says in its error nothing of what it holds", async () => {
    const parts = JSON.parse(timed) as BundleParts;
    parts.dsseEnvelope.signatures = [];
    const verifier = createBundleVerifier({ bundle, verify, specs }, authority.root);
    await expect((async () => verifier(parts))()).rejects.toThrow(/^BUNDLE_INVALID: .{0,200}$/);
  });
});
