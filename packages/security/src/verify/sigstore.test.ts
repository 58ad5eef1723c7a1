import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signKeyless, type SigstoreSigner } from "../sign/sign-keyless.ts";
import { readyPolicy, type TrustedIdentity } from "../trust/trust-policy.ts";
import { type BundleVerifier, createBundleVerifier, type SigstoreLibraries } from "./sigstore.ts";
import { type PackTrust, verifyPack } from "./verify-pack.ts";

// The packages of sigstore are optional: they are looked for here and in the folder of PROMPTPACK_SIGSTORE_DIR.
const load = createRequire(join(process.env["PROMPTPACK_SIGSTORE_DIR"] ?? process.cwd(), "package.json"));
const hasSigstore = ["bundle", "mock", "protobuf-specs", "sign", "verify"].every((name) => {
  try {
    return load.resolve(`@sigstore/${name}`) !== "";
  } catch {
    return false;
  }
});

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
type Handler = {
  readonly path: string;
  readonly fn: (body: string) => Promise<{ statusCode: number; response: string; contentType?: string }>;
};
interface Mock {
  readonly initializeCTLog: (keys: Keys) => Promise<{ publicKey: Buffer; logID: ArrayBuffer }>;
  readonly initializeCA: (keys: Keys, log: unknown) => Promise<{ rootCertificate: Buffer }>;
  readonly initializeTLog: (url: string, keys: Keys) => Promise<{ publicKey: Buffer }>;
  readonly fulcioHandler: (ca: unknown, options: object) => Handler;
  readonly rekorHandler: (log: unknown, options: object) => Handler;
}
interface Sign {
  readonly DSSEBundleBuilder: new (options: object) => SigstoreSigner;
  readonly FulcioSigner: new (options: object) => object;
  readonly RekorWitness: new (options: object) => object;
}

const newKeys = (): Keys => generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const issuer = "https://fake.oidcissuer.com";
const subject = "https://example.com/release-workflow";
const bytes = new TextEncoder().encode(
  JSON.stringify({
    id: "acme-help",
    name: "Help",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: { id: "main", name: "Main", version: "1.0.0", system_template: "Hi" } },
  }),
);

describe.skipIf(!hasSigstore)("sigstore bundles (skipped when the packages of sigstore are not installed)", () => {
  let server: Server;
  let bundle = "";
  let bundles: BundleVerifier;
  let root: object;
  const libraries = (): SigstoreLibraries => ({
    bundle: load("@sigstore/bundle") as SigstoreLibraries["bundle"],
    verify: load("@sigstore/verify") as SigstoreLibraries["verify"],
    specs: load("@sigstore/protobuf-specs") as SigstoreLibraries["specs"],
  });

  beforeAll(async () => {
    const { DSSEBundleBuilder, FulcioSigner, RekorWitness } = load("@sigstore/sign") as Sign;
    const authority = await makeAuthority(load("@sigstore/mock") as Mock);
    ({ server, root } = authority);
    const token = [{ alg: "none" }, { sub: subject, iss: issuer }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signer = new FulcioSigner({
      fulcioBaseURL: authority.url,
      identityProvider: { getToken: async () => `${token.join(".")}.x` },
    });
    const builder = new DSSEBundleBuilder({
      signer,
      witnesses: [new RekorWitness({ rekorBaseURL: authority.url, entryType: "intoto" })],
    });
    const { bundleToJSON } = load("@sigstore/bundle") as { bundleToJSON: (value: never) => unknown };
    bundle = await signKeyless(bytes, { fileName: "help.json", builder, bundleToJSON });
    server.close(); // from here on there is no network to ask
    bundles = createBundleVerifier(libraries(), root);
  });
  afterAll(() => server?.close());

  const judge = async (
    identity: Partial<TrustedIdentity>,
    evidence = bundle,
    verifier = bundles,
    file = bytes,
  ): Promise<PackTrust> =>
    verifyPack(file, {
      policy: await readyPolicy({ version: 1, identities: [{ issuer, subject, ...identity }] }),
      evidence: [evidence],
      now: new Date(),
      bundles: verifier,
    });

  it("are trusted offline when the policy names the identity", async () => {
    expect((await judge({ name: "release workflow", packs: ["acme-*"] })).signers).toEqual(["release workflow"]);
  });

  it("of somebody else are refused: issuer and subject are compared whole, and nothing in them is a pattern", async () => {
    for (const other of [
      { issuer: "https://other.example" },
      { subject: "https://example.com/" },
      { subject: ".*" },
      { subject: `${subject}/x` },
    ])
      await expect(judge(other)).rejects.toMatchObject({ name: "PolicyError", code: "NOT_TRUSTED" });
    await expect(judge({ packs: ["other-*"] })).rejects.toMatchObject({ code: "OUT_OF_NAMESPACE" });
    await expect(judge({ revoked: { reason: "leaked" } })).rejects.toMatchObject({ code: "KEY_REVOKED" });
  });

  it("are refused for other bytes", async () => {
    await expect(
      judge({}, bundle, bundles, new TextEncoder().encode(new TextDecoder().decode(bytes).replace("Hi", "Ho"))),
    ).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("are refused when anything in them was changed", async () => {
    type Parts = {
      dsseEnvelope: { payload: string; signatures: { sig: string }[] };
      verificationMaterial: { tlogEntries: { integratedTime: string; logIndex: string }[] };
    };
    const changes: readonly ((parts: Parts) => void)[] = [
      ({ dsseEnvelope }) =>
        (dsseEnvelope.payload = Buffer.from(
          Buffer.from(dsseEnvelope.payload, "base64").toString().replace("acme", "evil"),
        ).toString("base64")),
      ({ dsseEnvelope }) => (dsseEnvelope.signatures = [{ sig: Buffer.alloc(70).toString("base64") }]),
      ({ dsseEnvelope }) => (dsseEnvelope.signatures = []),
      ({ dsseEnvelope }) => dsseEnvelope.signatures.push(...dsseEnvelope.signatures),
      ({ verificationMaterial }) => (verificationMaterial.tlogEntries = []),
      ({ verificationMaterial }) =>
        ((verificationMaterial.tlogEntries[0] as { integratedTime: string }).integratedTime = "1"),
      (parts) => delete (parts as Partial<Parts>).verificationMaterial,
    ];
    for (const change of changes) {
      const parts = JSON.parse(bundle) as Parts;
      change(parts);
      await expect(judge({}, JSON.stringify(parts))).rejects.toMatchObject({
        name: "VerificationError",
        code: "BUNDLE_INVALID",
      });
    }
  });

  it("of an authority that is not in the trusted root are refused", async () => {
    const other = await makeAuthority(load("@sigstore/mock") as Mock);
    other.server.close();
    await expect(judge({}, bundle, createBundleVerifier(libraries(), other.root))).rejects.toMatchObject({
      code: "BUNDLE_INVALID",
    });
    expect(() => createBundleVerifier(libraries(), "nonsense")).toThrow(TypeError);
  });
});

/** Makes a certificate authority and two logs that answer on this machine, and the trusted root that names them. */
async function makeAuthority(mock: Mock): Promise<{ server: Server; url: string; root: object }> {
  const [caKeys, ctKeys, rekorKeys] = [newKeys(), newKeys(), newKeys()];
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ctlog = await mock.initializeCTLog(ctKeys);
  const ca = await mock.initializeCA(caKeys, ctlog);
  const tlog = await mock.initializeTLog(url, rekorKeys);
  const handlers = [
    mock.fulcioHandler(ca, { strict: true, subjectClaim: "sub" }),
    mock.rekorHandler(tlog, { strict: true }),
  ];
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const handler = handlers.find(({ path }) => path === request.url);
      void handler
        ?.fn(Buffer.concat(chunks).toString())
        .then(({ statusCode, contentType = "text/plain", response: body }) =>
          response.writeHead(statusCode, { "content-type": contentType }).end(body),
        );
    });
  });
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const log = (publicKey: Buffer): object => ({
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: publicKey.toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: createHash("sha256").update(publicKey).digest("base64") },
  });
  const root = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(tlog.publicKey)],
    ctlogs: [log(ctlog.publicKey)],
    certificateAuthorities: [
      {
        subject: { organization: "test", commonName: "test" },
        uri: url,
        certChain: { certificates: [{ rawBytes: ca.rootCertificate.toString("base64") }] },
        validFor,
      },
    ],
    timestampAuthorities: [],
  };
  return { server, url, root };
}
