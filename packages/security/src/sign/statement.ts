import { canonicalJson, parseDocument } from "promptpack";
import { VerificationError } from "../errors.ts";
import { problem } from "../verify/problem.ts";
import { hexDigest } from "./digest.ts";

export const STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
/** Says that the signer releases this file as this version of this pack. */
export const RELEASE_PREDICATE = "https://promptpack.org/attestation/release/v1";

/** An in-toto statement that a file is a release of a pack. */
export interface ReleaseStatement {
  readonly subjects: readonly Subject[];
  /** The pack's id. */
  readonly pack: string;
  readonly version: string;
}

export interface Subject {
  readonly name: string;
  /** Lower-case hex by the name of the algorithm. */
  readonly digest: Readonly<Record<string, string>>;
}

/** Returns the statement's bytes for the file that these bytes are. */
export async function createStatement(
  fileName: string,
  bytes: Uint8Array,
  pack: { readonly id: string; readonly version: string },
): Promise<Uint8Array> {
  const digest = { sha256: await hexDigest("sha256", bytes), sha512: await hexDigest("sha512", bytes) };
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: fileName, digest }],
    predicateType: RELEASE_PREDICATE,
    predicate: { pack: pack.id, version: pack.version },
  };
  return new TextEncoder().encode(canonicalJson(statement));
}

/**
 * Reads a statement from the bytes of a payload whose signature was verified. Members that in-toto does not know are
 * ignored, as in-toto demands; another kind of statement is not taken for a release.
 * @throws {VerificationError} STATEMENT_INVALID
 */
export function parseStatement(payload: Uint8Array): ReleaseStatement {
  const { data, diagnostics } = parseDocument(payload, { limits: { maxDepth: 32, maxNodes: 10_000 } });
  const [fault] = diagnostics.filter(({ severity }) => severity === "error");
  if (fault !== undefined) throw invalid(`it is not strict JSON: ${fault.message}`);
  if (!isRecord(data) || data["_type"] !== STATEMENT_TYPE) throw invalid(`its _type is not ${STATEMENT_TYPE}`);
  if (data["predicateType"] !== RELEASE_PREDICATE) throw invalid(`its predicateType is not ${RELEASE_PREDICATE}`);
  const predicate = data["predicate"];
  const [pack, version] = isRecord(predicate) ? [predicate["pack"], predicate["version"]] : [];
  if (typeof pack !== "string" || typeof version !== "string") throw invalid("its predicate names no pack and version");
  if (!Array.isArray(data["subject"]) || data["subject"].length === 0) throw invalid("it has no subject");
  return { pack, version, subjects: data["subject"].map(readSubject) };
}

function readSubject(value: unknown): Subject {
  const [name, digest] = isRecord(value) ? [value["name"], value["digest"]] : [];
  if (!isRecord(digest) || !Object.values(digest).every((hex) => typeof hex === "string"))
    throw invalid("a subject has no digests");
  return { name: typeof name === "string" ? name : "", digest: digest as Readonly<Record<string, string>> };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function invalid(why: string): VerificationError {
  return new VerificationError([problem("STATEMENT_INVALID", `what was signed is not a release of a pack: ${why}`)]);
}
