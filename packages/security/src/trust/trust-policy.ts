import { checkJsonSchema, type Diagnostic, parseDocument } from "promptpack";
import { PolicyError } from "../errors.ts";
import { type PublicKey, readPublicKey } from "../sign/public-key.ts";
import { problem } from "../verify/problem.ts";

/** Whom a host trusts, as JSON (`trust.json`). */
export interface TrustPolicy {
  readonly version: 1;
  /** Whether a pack without any signature is refused; true when absent. */
  readonly requireSignature?: boolean;
  /** How many different signers must have signed; 1 when absent. */
  readonly threshold?: number;
  readonly keys?: readonly (string | TrustedKey)[];
  readonly identities?: readonly TrustedIdentity[];
  /** Files that must not be used, whoever signed them. */
  readonly revokedDigests?: readonly RevokedDigest[];
}

interface Scope {
  /** Pack ids that it may sign, such as "acme-support" or "acme-*"; all when absent. */
  readonly packs?: readonly string[];
  /** ISO 8601; it no longer counts from this moment on. */
  readonly expires?: string;
  /** Present when it no longer counts, for signatures of any time. */
  readonly revoked?: { readonly reason: string; readonly at?: string };
}

/** An Ed25519 key that may sign. A plain string in a policy is a key without limits. */
export interface TrustedKey extends Scope {
  /** What messages call it; its key id when absent. */
  readonly name?: string;
  /** PEM. */
  readonly publicKey: string;
}

/** An identity of a sigstore certificate. Both texts must be equal; nothing in them is a pattern. */
export interface TrustedIdentity extends Scope {
  readonly name?: string;
  /** Who vouches for the identity, such as "https://token.actions.githubusercontent.com". */
  readonly issuer: string;
  /** The certificate's subject alternative name: an e-mail address or a workflow's URL. */
  readonly subject: string;
}

export interface RevokedDigest {
  /** Lower-case hex of the file's bytes. */
  readonly sha256: string;
  readonly reason: string;
}

/** One who may sign, made ready. */
export interface Authority extends Scope {
  readonly name: string;
  readonly key?: PublicKey;
  readonly identity?: Pick<TrustedIdentity, "issuer" | "subject">;
}

/** A policy that passed every check, with its keys read. */
export interface ReadyPolicy {
  readonly requireSignature: boolean;
  readonly threshold: number;
  readonly authorities: readonly Authority[];
  readonly revokedDigests: ReadonlyMap<string, string>;
}

/**
 * Reads a policy from JSON text or from parsed JSON; unknown members are errors, since a misspelt limit is no limit.
 * @throws {PolicyError} POLICY_INVALID with every fault
 */
export function parseTrustPolicy(source: string | Uint8Array | object): TrustPolicy {
  let value: unknown = source;
  if (typeof source === "string" || source instanceof Uint8Array) {
    const { data, diagnostics } = parseDocument(source);
    if (data === undefined) throw invalid(diagnostics.filter(({ severity }) => severity === "error"));
    value = data;
  }
  const faults = checkJsonSchema(policySchema, value);
  if (faults.length > 0) throw invalid(faults);
  return value as TrustPolicy;
}

/**
 * Checks a policy and reads its keys.
 * @throws {PolicyError} POLICY_INVALID with every fault
 */
export async function readyPolicy(source: TrustPolicy): Promise<ReadyPolicy> {
  const policy = parseTrustPolicy(source);
  const { requireSignature = true, threshold = 1, keys = [], identities = [], revokedDigests = [] } = policy;
  const faults: { readonly message: string; readonly pointer: string }[] = [];
  const fail = (pointer: string, message: string): number => faults.push({ pointer, message });
  const authorities: Authority[] = [];
  const known = new Set<string>();
  for (const [index, entry] of keys.entries()) {
    const { publicKey, ...rest } = typeof entry === "string" ? { publicKey: entry } : entry;
    const key = await readPublicKey(publicKey).catch((error: Error) => void fail(`/keys/${index}`, error.message));
    if (key === undefined) continue;
    if (known.has(key.keyId)) fail(`/keys/${index}`, "this key stands in the policy twice");
    known.add(key.keyId);
    authorities.push({ name: key.keyId, ...rest, key });
  }
  for (const [index, { issuer, subject, ...rest }] of identities.entries()) {
    const id = JSON.stringify([issuer, subject]);
    if (known.has(id)) fail(`/identities/${index}`, "this identity stands in the policy twice");
    known.add(id);
    authorities.push({ name: subject, ...rest, identity: { issuer, subject } });
  }
  for (const [index, { expires }] of [...authorities].entries())
    if (expires !== undefined && Number.isNaN(Date.parse(expires)))
      fail("", `the expiry of signer ${index} is not a date`);
  if (requireSignature && threshold < 1) fail("/threshold", "requireSignature needs a threshold of at least 1");
  if (faults.length > 0) throw invalid(faults);
  return {
    requireSignature,
    threshold,
    authorities,
    revokedDigests: new Map(revokedDigests.map(({ sha256, reason }) => [sha256, reason])),
  };
}

/** Returns whether a list of pack ids and `prefix*` patterns holds the id. */
export function isInScope(id: string, packs: readonly string[] | undefined): boolean {
  return (
    packs === undefined ||
    packs.some((pattern) => (pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern))
  );
}

function invalid(faults: readonly Pick<Diagnostic, "message" | "pointer">[]): PolicyError {
  return new PolicyError(
    faults.map(({ message, pointer }) => problem("POLICY_INVALID", `the trust policy: ${message}`, pointer)),
  );
}

const scope = {
  name: { type: "string", minLength: 1, maxLength: 200 },
  packs: { type: "array", minItems: 1, items: { type: "string", pattern: "^[a-z][a-z0-9-]*\\*?$" } },
  expires: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?$" },
  revoked: {
    type: "object",
    properties: { reason: { type: "string" }, at: { type: "string" } },
    required: ["reason"],
    additionalProperties: false,
  },
};
const policySchema = {
  type: "object",
  properties: {
    version: { const: 1 },
    requireSignature: { type: "boolean" },
    threshold: { type: "integer", minimum: 0, maximum: 100 },
    keys: {
      type: "array",
      maxItems: 1000,
      items: {
        anyOf: [
          { type: "string" },
          {
            type: "object",
            properties: { publicKey: { type: "string" }, ...scope },
            required: ["publicKey"],
            additionalProperties: false,
          },
        ],
      },
    },
    identities: {
      type: "array",
      maxItems: 1000,
      items: {
        type: "object",
        properties: { issuer: { type: "string", minLength: 1 }, subject: { type: "string", minLength: 1 }, ...scope },
        required: ["issuer", "subject"],
        additionalProperties: false,
      },
    },
    revokedDigests: {
      type: "array",
      items: {
        type: "object",
        properties: { sha256: { type: "string", pattern: "^[0-9a-f]{64}$" }, reason: { type: "string" } },
        required: ["sha256", "reason"],
        additionalProperties: false,
      },
    },
  },
  required: ["version"],
  additionalProperties: false,
};
