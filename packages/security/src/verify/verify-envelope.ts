import { VerificationError } from "../errors.ts";
import { type Envelope, preAuthEncoding } from "../sign/dsse.ts";
import type { PublicKey } from "../sign/public-key.ts";
import { problem } from "./problem.ts";

/** What came of the signatures of an envelope. */
export interface EnvelopeVerdict {
  /** The keys, among those that were given, that verify at least one signature; each once. */
  readonly verifiedBy: readonly PublicKey[];
  /** A signature names one of the keys, or has the wrong length, and does not verify. For the message only. */
  readonly hasForged: boolean;
}

/**
 * Tries every signature with every key: what verifies counts, whatever the key ids say. Source: DSSE, protocol.
 * @throws {VerificationError} PAYLOAD_TYPE_UNKNOWN when the payload is not of the expected type
 */
export async function verifyEnvelope(
  envelope: Envelope,
  payloadType: string,
  keys: readonly PublicKey[],
): Promise<EnvelopeVerdict> {
  if (envelope.payloadType !== payloadType)
    throw new VerificationError([
      problem("PAYLOAD_TYPE_UNKNOWN", `the envelope's payload is not of the type ${payloadType}`),
    ]);
  const signed = preAuthEncoding(envelope.payloadType, envelope.payload);
  const verifiedBy = new Set<PublicKey>();
  const proven = new Set<number>();
  for (const key of keys) {
    const imported = await crypto.subtle.importKey("raw", key.raw, "Ed25519", true, ["verify"]);
    for (const [index, { signature }] of envelope.signatures.entries()) {
      if (
        proven.has(index) ||
        signature.length !== 64 ||
        !(await crypto.subtle.verify("Ed25519", imported, signature, signed))
      )
        continue;
      proven.add(index);
      verifiedBy.add(key);
      break; // a second signature of one key counts no more than the first
    }
  }
  const keyIds = new Set(keys.map(({ keyId }) => keyId));
  const isForged = ({ signature, keyId }: Envelope["signatures"][number], index: number): boolean =>
    !proven.has(index) && (signature.length !== 64 || keyIds.has(keyId ?? ""));
  return { verifiedBy: [...verifiedBy], hasForged: envelope.signatures.some(isForged) };
}
