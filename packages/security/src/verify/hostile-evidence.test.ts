import { buildPackData } from "promptpack/testing";
import { describe, expect, it } from "vitest";
import { checkLock } from "../lock/check-lock.ts";
import { formatLock, parseLock } from "../lock/lock-file.ts";
import { createLock } from "../lock/lock-pack.ts";
import { requireLock } from "../lock/require-lock.ts";
import { mergeEnvelopes, parseEnvelope, signEnvelope } from "../sign/dsse.ts";
import { generateKeyPair, readPrivateKey, type Signer } from "../sign/private-key.ts";
import { readPublicKey, toJwk } from "../sign/public-key.ts";
import { signPack } from "../sign/sign-pack.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "../sign/statement.ts";
import { readyPolicy, type TrustPolicy } from "../trust/trust-policy.ts";
import { verifyPack } from "./verify-pack.ts";

// What somebody tries who may write everything but a trusted key: evidence, locks and packs.
const text = new TextEncoder();
const packText = (id = "acme-help", version = "1.0.0", template = "Hi"): string =>
  JSON.stringify(buildPackData({ id, version, prompt: { system_template: template } }));
const pack = text.encode(packText());
const newSigner = async (): Promise<Signer> => readPrivateKey((await generateKeyPair()).privateKey);
const [alice, mallory] = await Promise.all([newSigner(), newSigner()]);
const sign = (bytes: Uint8Array, ...signers: Signer[]): Promise<string> =>
  signPack(bytes, { fileName: "help.json", signers });
const good = await sign(pack, alice);
const evil = text.encode(packText("acme-help", "1.0.0", "Obey me"));

const judge = async (
  evidence: readonly (string | Uint8Array)[],
  file: Uint8Array = pack,
  policy: Partial<TrustPolicy> = {},
): Promise<string> =>
  verifyPack(file, {
    policy: await readyPolicy({ version: 1, keys: [{ name: "alice", publicKey: alice.publicKey.pem }], ...policy }),
    evidence,
    now: new Date("2026-11-22"),
  }).then(
    ({ signers }) => signers.join(),
    (error: { name: string; code: string }) => {
      expect(error.name).toMatch(/^(Verification|Policy)Error$/);
      return error.code;
    },
  );
const edited = (
  edit: (envelope: { payload: string; signatures: { sig: string; keyid?: unknown }[] }) => void,
): string => {
  const envelope = JSON.parse(good) as { payload: string; signatures: { sig: string; keyid?: unknown }[] };
  edit(envelope);
  return JSON.stringify(envelope);
};

describe("an envelope", () => {
  it("does not help another file, another version, or another pack, however it is combined", async () => {
    const older = text.encode(packText("acme-help", "0.9.0"));
    const replayed = await sign(older, alice);
    expect(await judge([good], evil)).toBe("DIGEST_MISMATCH");
    expect(await judge([replayed], pack)).toBe("DIGEST_MISMATCH");
    expect(await judge([good, replayed], pack)).toBe("DIGEST_MISMATCH");
    expect(await judge([good, await sign(evil, mallory)], evil)).toBe("DIGEST_MISMATCH");
    expect(await judge([await sign(evil, mallory)], evil)).toBe("NOT_TRUSTED");
  });

  it("with the signatures of one and the payload of another is worth nothing", async () => {
    const forged = JSON.parse(await sign(evil, mallory)) as { payload: string };
    expect(await judge([edited((envelope) => (envelope.payload = forged.payload))], evil)).toBe("SIGNATURE_INVALID");
    expect(mergeEnvelopes(parseEnvelope(good), parseEnvelope(JSON.stringify(forged)))).toBeUndefined();
  });

  it("counts what verifies, when key ids repeat, lie, or are of other types", async () => {
    const { keyId } = alice.publicKey;
    const strange = await sign(pack, mallory);
    const foreign = (JSON.parse(strange) as { signatures: { sig: string }[] }).signatures[0]?.sig ?? "";
    expect(await judge([edited(({ signatures }) => signatures.unshift({ sig: foreign, keyid: keyId }))])).toBe("alice");
    expect(await judge([edited(({ signatures }) => signatures.push({ sig: foreign, keyid: keyId }))])).toBe("alice");
    const twice = edited(({ signatures }) => signatures.push(...signatures));
    expect(await judge([twice, twice], pack, { threshold: 2 })).toBe("BELOW_THRESHOLD");
    for (const keyid of ["__proto__", "constructor", "\u0000", "e\u0301", "x".repeat(1000), null])
      expect(await judge([edited(({ signatures }) => signatures.forEach((one) => (one.keyid = keyid)))])).toBe("alice");
    for (const keyid of [1, {}, [], true])
      expect(await judge([edited(({ signatures }) => signatures.forEach((one) => (one.keyid = keyid)))])).toBe(
        "ENVELOPE_INVALID",
      );
  });

  it("in which a member stands twice is refused, also when an escape hides it", async () => {
    for (const twice of [
      good.replace('"payload":', '"payload": "", "payload":'),
      good.replace('"payload":', '"p\\u0061yload": "", "payload":'),
      good.replace('"sig":', '"sig": "", "sig":'),
      good.replace('"signatures":', '"signatures": [], "signatures":'),
      good.replace('"payloadType":', '"__proto__": {}, "payloadType":'),
    ]) {
      expect(twice).not.toBe(good);
      expect(await judge([twice])).toBe("ENVELOPE_INVALID");
    }
  });

  it("is read in the base64 that encoders write, and in no other", async () => {
    const url = (base64: string): string => base64.replaceAll("+", "-").replaceAll("/", "_");
    for (const write of [
      url,
      (base64: string) => url(base64).replace(/=+$/, ""),
      (base64: string) => base64.replace(/=+$/, ""),
    ])
      expect(
        await judge([
          edited((envelope) => {
            envelope.payload = write(envelope.payload);
            envelope.signatures.forEach((one) => (one.sig = write(one.sig)));
          }),
        ]),
      ).toBe("alice");
    for (const spoil of [
      (base64: string) => ` ${base64}`,
      (base64: string) => `${base64}\n`,
      (base64: string) => `${base64}=`,
      (base64: string) => base64.replace(/.{76}/g, "$&\r\n"),
      (base64: string) => `${base64.slice(0, 8)}-_+/${base64.slice(12)}`,
      (base64: string) => `${base64.slice(0, 4)}\u200b${base64.slice(4)}`,
      (base64: string) => `data:;base64,${base64}`,
    ])
      expect(await judge([edited((envelope) => (envelope.payload = spoil(envelope.payload)))])).toBe(
        "ENVELOPE_INVALID",
      );
  });

  it("may be laid out in any way that is the same JSON: line ends, a byte order mark, spaces", async () => {
    for (const layout of [
      good.replaceAll("\n", "\r\n"),
      `\ufeff${good}`,
      ` ${good}\t`,
      JSON.stringify(JSON.parse(good)),
    ])
      expect(await judge([text.encode(layout)])).toBe("alice");
    for (const broken of [`${good}\0`, `\ufeff\ufeff${good}`, `\u00a0${good}`, `${good}//`, good.replaceAll('"', "'")])
      expect(await judge([text.encode(broken)])).toBe("ENVELOPE_INVALID");
    const sixteen = new Uint8Array(new Uint16Array(Array.from(good, (unit) => unit.charCodeAt(0))).buffer);
    expect(await judge([sixteen])).toBe("ENVELOPE_INVALID");
  });

  it("that is huge, or holds very many signatures, is refused before anything is verified", async () => {
    expect(await judge([edited((envelope) => (envelope.payload = "A".repeat(1_400_000)))])).toBe("ENVELOPE_INVALID");
    const many = edited((envelope) => (envelope.signatures = Array.from({ length: 33 }, () => ({ sig: "AAAA" }))));
    expect(await judge([many])).toBe("ENVELOPE_INVALID");
    expect(await judge([`{"signatures":${"[".repeat(50_000)}`])).toBe("ENVELOPE_INVALID");
  });

  it("is signed for one type: PAE binds it, and types that look alike are others", async () => {
    const statement = await createStatement("help.json", pack, { id: "acme-help", version: "1.0.0" });
    for (const type of [
      `${STATEMENT_PAYLOAD_TYPE} `,
      STATEMENT_PAYLOAD_TYPE.toUpperCase(),
      `${STATEMENT_PAYLOAD_TYPE}\u200b`,
      "application/vnd.in-toto+js\u043en",
    ])
      expect(await judge([await signEnvelope(type, statement, [alice])]), type).toBe("PAYLOAD_TYPE_UNKNOWN");
    const relabelled = (await signEnvelope("text/plain", statement, [alice])).replace(
      "text/plain",
      STATEMENT_PAYLOAD_TYPE,
    );
    expect(await judge([relabelled])).toBe("SIGNATURE_INVALID");
  });
});

describe("the bytes of a pack", () => {
  it("are what was signed: no byte order mark, other line ends or other normal form", async () => {
    const accented = text.encode(packText("acme-help", "1.0.0", "Caf\u00e9\nHi"));
    const signed = await sign(accented, alice);
    expect(await judge([signed], accented)).toBe("alice");
    const source = new TextDecoder().decode(accented);
    for (const other of [`\ufeff${source}`, source.normalize("NFD"), `${source}\r\n`, source.replace("\\n", "\\u000a")])
      expect(await judge([signed], text.encode(other))).toBe("DIGEST_MISMATCH");
  });

  it("have an id letter by letter: a key for acme-* may sign no lookalike", async () => {
    for (const id of [
      "acm\u0435-help",
      "acme\u2010help",
      "ACME-help",
      "\u0061\u0301cme-help",
      "__proto__",
      "constructor",
    ]) {
      const bytes = text.encode(packText(id));
      const statement = await createStatement("help.json", bytes, { id, version: "1.0.0" });
      const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, statement, [alice]);
      const keys = [{ publicKey: alice.publicKey.pem, packs: ["acme-*"] }];
      expect(await judge([envelope], bytes, { keys }), id).toMatch(/^(OUT_OF_NAMESPACE|PACK_MISMATCH)$/);
    }
  });

  it("name themselves once: a second id is no way out of a namespace", async () => {
    const bytes = text.encode(packText("evil-help").replace("{", '{"id":"acme-help",'));
    const statement = await createStatement("help.json", bytes, { id: "acme-help", version: "1.0.0" });
    const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, statement, [alice]);
    expect(await judge([envelope], bytes)).toBe("PACK_MISMATCH");
  });
});

describe("a public key", () => {
  it("is read strictly, so that one text is one key", async () => {
    const { x } = toJwk(alice.publicKey);
    const other = toJwk(mallory.publicKey).x;
    await expect(readPublicKey(`{"kty":"OKP","crv":"Ed25519","x":"${other}","x":"${x}"}`)).rejects.toThrow(TypeError);
    await expect(readPublicKey(`${alice.publicKey.pem}${mallory.publicKey.pem}`)).rejects.toThrow(TypeError);
    await expect(readPublicKey(`comment\n${alice.publicKey.pem}`)).rejects.toThrow(TypeError);
  });
});

describe("a lock", () => {
  it("with names of prototypes locks what it names, and nothing that every object inherits", async () => {
    const lock = await createLock([{ bytes: pack }]);
    const hostile = formatLock({
      lockVersion: 1,
      packs: Object.fromEntries(
        ["constructor@1.0.0", "toString", "valueOf@1.0.0"].map((name) => [
          name,
          lock.packs["acme-help@1.0.0"] as never,
        ]),
      ),
    });
    await expect(requireLock(hostile)(pack, "help.json")).rejects.toMatchObject({ code: "NOT_LOCKED" });
    await expect(
      requireLock('{"lockVersion":1,"packs":{}}')(text.encode(packText("constructor")), ""),
    ).rejects.toMatchObject({
      code: "NOT_LOCKED",
    });
    const named = await createLock([{ bytes: text.encode(packText("constructor")) }]);
    expect(checkLock(parseLock(formatLock(named)), named).map(({ state }) => state)).toEqual(["same"]);
    expect(checkLock({ lockVersion: 1, packs: {} }, named).map(({ state }) => state)).toEqual(["new"]);
  });

  it("that was weakened by hand still holds the bytes", async () => {
    const lock = await createLock([{ bytes: pack }]);
    const [[name, entry] = ["", undefined]] = Object.entries(lock.packs);
    const weakened = { lockVersion: 1 as const, packs: { [name]: { integrity: entry?.integrity ?? "" } } };
    await requireLock(weakened)(pack, "");
    for (const compare of ["bytes", "content"] as const)
      await expect(requireLock(weakened, { compare })(evil, "")).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    for (const integrity of ["", "sha512-", `sha512-${"A".repeat(85)}==`, `SHA512-${"A".repeat(86)}==`, "md5-AAAA"])
      expect(() => parseLock(JSON.stringify({ lockVersion: 1, packs: { [name]: { integrity } } })), integrity).toThrow(
        expect.objectContaining({ code: "LOCK_INVALID" }),
      );
  });

  it("may have other line ends and a byte order mark, which say nothing", async () => {
    const lock = formatLock(await createLock([{ bytes: pack }]));
    for (const layout of [lock.replaceAll("\n", "\r\n"), `\ufeff${lock}`])
      await expect(requireLock(text.encode(layout))(pack, "help.json")).resolves.toBeUndefined();
  });
});
