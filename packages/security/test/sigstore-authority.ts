import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bundleToJSON } from "@sigstore/bundle";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock";
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from "@sigstore/sign";
import { signKeyless } from "../src/sign/sign-keyless.ts";

/** What a bundle is made of, as far as tests change it. */
export interface BundleParts {
  mediaType: unknown;
  verificationMaterial: {
    certificate?: { rawBytes: string };
    x509CertificateChain?: { certificates: { rawBytes: string }[] };
    publicKey?: { hint: string };
    tlogEntries: LogEntry[];
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
  };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid?: string }[] };
}
export interface LogEntry {
  logIndex: string;
  integratedTime: string;
  logId: { keyId: string };
  canonicalizedBody: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: {
    rootHash: string;
    treeSize: string;
    logIndex: string;
    hashes: string[];
    checkpoint: { envelope: string };
  };
}

/** A trusted_root.json, as the repository of sigstore (TUF) hands it out. */
export interface TrustedRoot {
  mediaType: string;
  tlogs: object[];
  ctlogs: object[];
  certificateAuthorities: object[];
  timestampAuthorities: object[];
}

export interface SigningOptions {
  readonly issuer?: string;
  readonly subject?: string;
  /** Who vouches for the time; the log when absent. */
  readonly witnesses?: readonly ("log" | "time")[];
  /** As bundles before version 0.3 had it. */
  readonly chain?: boolean;
}

/** Seconds that a clock goes ahead of the machine's. */
export interface Clocks {
  readonly ca?: number;
  readonly log?: number;
  readonly time?: number;
}

export interface SigstoreAuthority {
  /** Where all of them answer. */
  readonly url: string;
  readonly root: TrustedRoot;
  /** Signs a pack's bytes as a CI job does, over HTTP. */
  readonly sign: (bytes: Uint8Array, options?: SigningOptions) => Promise<string>;
  /** Signs anything, as whoever misuses the service may. */
  readonly signAnything: (data: Uint8Array, type: string, options?: SigningOptions) => Promise<string>;
  readonly close: () => void;
}

export const ISSUER = "https://token.example";
export const SUBJECT = "https://git.example/acme/packs/.github/workflows/release.yml@refs/heads/main";

const newKeys = (): ReturnType<typeof generateKeyPairSync> => generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const base64 = (bytes: ArrayBufferView): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** A log writes down digests of what it is given; the mock's log writes down what it is given. */
function asLogged(body: string): string {
  const { kind, apiVersion, spec } = JSON.parse(body) as {
    kind?: string;
    apiVersion?: string;
    spec?: { proposedContent: { envelope: string; verifiers: string[] } };
  };
  if (kind !== "dsse" || spec === undefined) return body;
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
  const sha256 = (source: string | Uint8Array): object => ({
    algorithm: "sha256",
    value: createHash("sha256").update(source).digest("hex"),
  });
  return JSON.stringify({
    kind,
    apiVersion,
    spec: {
      envelopeHash: sha256(envelope),
      payloadHash: sha256(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }, at) => ({ signature: sig, verifier: verifiers[at] })),
    },
  });
}

/** Starts a certificate authority, its log, a transparency log and a time stamp authority on this machine. */
export async function startAuthority({ ca = 0, log = 0, time = 0 }: Clocks = {}): Promise<SigstoreAuthority> {
  // Whole seconds, as time stamps have them, and not before the authorities' own certificates.
  const start = Math.ceil(Date.now() / 1000) + 2;
  const clock = (ahead: number): Date => new Date((start + ahead) * 1000);
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const certificateLog = await initializeCTLog(newKeys());
  const authority = await initializeCA(newKeys(), certificateLog, clock(ca));
  const transparencyLog = await initializeTLog(url, newKeys(), clock(log));
  const timestampAuthority = await initializeTSA(newKeys(), clock(time));
  const handlers = [
    fulcioHandler(authority, { strict: true, subjectClaim: "sub" }),
    rekorHandler(transparencyLog, { strict: true }),
    tsaHandler(timestampAuthority, { strict: true }),
  ];
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const handler = handlers.find(({ path }) => path === request.url);
      void handler
        ?.fn(asLogged(Buffer.concat(chunks).toString()))
        .then(({ statusCode, contentType = "text/plain", response: body }) =>
          response.writeHead(statusCode, { "content-type": contentType }).end(body),
        );
    });
  });

  const builderOf = ({ issuer = ISSUER, subject = SUBJECT, witnesses = ["log"], chain = false }: SigningOptions) =>
    new DSSEBundleBuilder({
      signer: new FulcioSigner({
        fulcioBaseURL: url,
        identityProvider: {
          getToken: async () =>
            `${[{ alg: "none" }, { sub: subject, iss: issuer }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.x`,
        },
      }),
      witnesses: witnesses.map((witness) =>
        witness === "time" ? new TSAWitness({ tsaBaseURL: url }) : new RekorWitness({ rekorBaseURL: url }),
      ),
      certificateChain: chain,
    });
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const logOf = (publicKey: Buffer): object => ({
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(publicKey), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: createHash("sha256").update(publicKey).digest("base64") },
  });
  const authorityOf = (name: string, ...certificates: readonly ArrayBufferView[]): object => ({
    subject: { organization: "test", commonName: name },
    uri: url,
    certChain: { certificates: certificates.map((bytes) => ({ rawBytes: base64(bytes) })) },
    validFor,
  });
  return {
    url,
    root: {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [logOf(transparencyLog.publicKey)],
      ctlogs: [logOf(certificateLog.publicKey)],
      certificateAuthorities: [authorityOf("ca", authority.rootCertificate)],
      timestampAuthorities: [
        authorityOf("time", timestampAuthority.intCertificate, timestampAuthority.rootCertificate),
      ],
    },
    sign: (bytes, options = {}) =>
      signKeyless(bytes, { fileName: "help.json", builder: builderOf(options), bundleToJSON }),
    signAnything: async (data, type, options = {}) =>
      JSON.stringify(bundleToJSON(await builderOf(options).create({ data: Buffer.from(data), type }))),
    close: () => void server.close(),
  };
}
