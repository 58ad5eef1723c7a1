import { parseDocument } from "promptpack";
import { VerificationError } from "../errors.ts";
import { problem } from "../verify/problem.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { Signer } from "./private-key.ts";

/** A DSSE envelope, decoded. Nothing in it is proven. Source: DSSE 1.0.2. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  readonly signature: Uint8Array;
  /** What the envelope claims; never a reason to trust. */
  readonly keyId?: string;
}

/** hostile: each signature is tried with each key. */
const MAX_SIGNATURES = 32;
const MAX_BYTES = 1024 * 1024;

/** Returns what is signed: "DSSEv1", the type and the payload, each with its length in bytes. Source: DSSE, PAE. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeLength = new TextEncoder().encode(payloadType).length;
  const head = new TextEncoder().encode(`DSSEv1 ${typeLength} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** Returns the envelope's JSON text with one signature of each signer. */
export async function signEnvelope(
  payloadType: string,
  payload: Uint8Array,
  signers: readonly Signer[],
): Promise<string> {
  if (signers.length === 0) throw new TypeError("an envelope needs at least one signer");
  const signed = preAuthEncoding(payloadType, payload);
  const signatures = await Promise.all(
    signers.map(async ({ publicKey, sign }) => ({ keyid: publicKey.keyId, sig: encodeBase64(await sign(signed)) })),
  );
  return `${JSON.stringify({ payloadType, payload: encodeBase64(payload), signatures }, null, 2)}\n`;
}

/**
 * Returns an envelope's text with the signatures of both, the second's in place of those with the same key id; undefined
 * when they do not sign the same. So people can sign one after the other.
 */
export function mergeEnvelopes(first: Envelope, second: Envelope): string | undefined {
  const content = ({ payloadType, payload }: Envelope): string => JSON.stringify([payloadType, encodeBase64(payload)]);
  if (content(first) !== content(second)) return undefined;
  const fresh = new Set(second.signatures.map(({ keyId }) => keyId));
  const signatures = [...first.signatures.filter(({ keyId }) => !fresh.has(keyId)), ...second.signatures].map(
    ({ keyId, signature }) => ({
      ...(keyId === undefined ? {} : { keyid: keyId }),
      sig: encodeBase64(signature),
    }),
  );
  return `${JSON.stringify({ payloadType: second.payloadType, payload: encodeBase64(second.payload), signatures }, null, 2)}\n`;
}

/**
 * Reads an envelope from JSON text. Members that DSSE does not know are ignored, as DSSE demands; base64 and base64url
 * are read, but only as an encoder writes them.
 * @throws {VerificationError} ENVELOPE_INVALID
 */
export function parseEnvelope(source: string | Uint8Array): Envelope {
  const { data, diagnostics } = parseDocument(source, {
    limits: { maxBytes: MAX_BYTES, maxDepth: 32, maxNodes: 10_000 },
  });
  const [fault] = diagnostics.filter(({ severity }) => severity === "error");
  if (fault !== undefined) throw invalid(`it is not strict JSON: ${fault.message}`);
  return readEnvelope(data);
}

/**
 * Reads an envelope from parsed JSON; prefer the text, in which a member cannot stand twice.
 * @throws {VerificationError} ENVELOPE_INVALID
 */
export function readEnvelope(value: unknown): Envelope {
  const { payloadType, payload, signatures } = membersOf(value);
  if (typeof payloadType !== "string" || payloadType === "") throw invalid("payloadType is missing");
  const bytes = typeof payload === "string" ? decodeBase64(payload) : undefined;
  if (bytes === undefined) throw invalid("payload is not base64");
  if (!Array.isArray(signatures)) throw invalid("signatures is not a list");
  if (signatures.length > MAX_SIGNATURES)
    throw invalid(`there are ${signatures.length} signatures; ${MAX_SIGNATURES} at most`);
  return { payloadType, payload: bytes, signatures: signatures.map(readSignature) };
}

function readSignature(value: unknown, index: number): EnvelopeSignature {
  const { sig, keyid } = membersOf(value);
  const signature = typeof sig === "string" ? decodeBase64(sig) : undefined;
  if (signature === undefined) throw invalid(`the sig of signature ${index} is not base64`);
  if (keyid !== undefined && keyid !== null && typeof keyid !== "string")
    throw invalid(`the keyid of signature ${index} is not a string`);
  return { signature, ...(typeof keyid === "string" && keyid !== "" ? { keyId: keyid } : {}) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("an object is missing");
  return Object.fromEntries(Object.entries(value)); // own members only
}

function invalid(why: string): VerificationError {
  return new VerificationError([problem("ENVELOPE_INVALID", `the signature file is no DSSE envelope: ${why}`)]);
}
