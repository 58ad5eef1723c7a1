import { parseDocument } from "promptpack";
import { decodeBase64 } from "../sign/base64.ts";
import { preAuthEncoding } from "../sign/dsse.ts";
import type { PublicKey } from "../sign/public-key.ts";
import { type AuditRecord, CHECKPOINT_TYPE, checkpointBytes, FIRST_PREV, hashRecord } from "./audit-record.ts";

export type AuditFaultCode =
  | "NOT_A_RECORD"
  | "OUT_OF_ORDER"
  | "CHAIN_BROKEN"
  | "HASH_MISMATCH"
  | "CHECKPOINT_INVALID"
  | "NOT_SIGNED"
  | "TRUNCATED";

/** Where a log is broken. */
export interface AuditFault {
  /** From 1. */
  readonly line: number;
  readonly code: AuditFaultCode;
  readonly message: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  /** Lines that are in order, from the first. */
  readonly records: number;
  /** The hash of the last of them. Keep it elsewhere: a log that ends early is otherwise in order. */
  readonly head: string;
  /** Lines that a checkpoint of a given key covers. */
  readonly signedRecords: number;
  /** The first fault; what follows it proves nothing. */
  readonly fault?: AuditFault;
}

export interface VerifyAuditOptions {
  /** Keys whose checkpoints count; a log without any of them is then not in order. */
  readonly keys?: readonly PublicKey[];
  /** A hash that the log must hold, as an earlier verdict gave it. */
  readonly head?: string;
}

/** Verifies the lines of an audit log, in order; foreign lines never make it throw. */
export async function verifyAuditLog(
  lines: Iterable<string> | AsyncIterable<string>,
  { keys = [], head }: VerifyAuditOptions = {},
): Promise<AuditVerdict> {
  let records = 0;
  let signedRecords = 0;
  let prev = FIRST_PREV;
  let hasHead = head === undefined || head === FIRST_PREV;
  const verdict = (code?: AuditFaultCode, message = ""): AuditVerdict => ({
    ok: code === undefined,
    records,
    head: prev,
    signedRecords,
    ...(code === undefined ? {} : { fault: { line: records + 1, code, message } }),
  });
  for await (const line of lines) {
    const record = parseRecord(line);
    if (typeof record === "string") return verdict("NOT_A_RECORD", record);
    if (record.seq !== records)
      return verdict(
        "OUT_OF_ORDER",
        `it is record ${record.seq}, and record ${records} belongs here: lines are missing, repeated or moved`,
      );
    if (record.prev !== prev)
      return verdict("CHAIN_BROKEN", "it does not follow the line before: one of the two was changed or replaced");
    if ((await hashRecord(record)) !== record.hash)
      return verdict("HASH_MISMATCH", "its content is not what was written");
    const signed = await checkCheckpoint(record, keys);
    if (signed === false) return verdict("CHECKPOINT_INVALID", "the checkpoint's signature does not verify");
    records++;
    if (signed === true) signedRecords = records;
    prev = record.hash;
    hasHead ||= prev === head;
  }
  if (keys.length > 0 && records > 0 && signedRecords === 0)
    return verdict(
      "NOT_SIGNED",
      "no checkpoint of the given keys covers any line: anybody can have written all of them",
    );
  return hasHead ? verdict() : verdict("TRUNCATED", "the log ends before the record whose hash was given");
}

/** Returns the record of a line, or why it is none. */
export function parseRecord(line: string): AuditRecord | string {
  const { data, diagnostics } = parseDocument(line, { limits: { maxBytes: 64 * 1024, maxDepth: 8 } });
  if (data === undefined)
    return `it is not strict JSON: ${diagnostics.find(({ severity }) => severity === "error")?.message ?? ""}`;
  const { seq, time, prev, entry, hash, ...rest } = Object(data) as Record<string, unknown>;
  const isHash = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  const hasMembers =
    Number.isSafeInteger(seq) &&
    typeof time === "string" &&
    isHash(prev) &&
    isHash(hash) &&
    typeof entry === "object" &&
    entry !== null;
  if (!hasMembers || Object.keys(rest).length > 0) return "it does not have the members of an audit record";
  return data as unknown as AuditRecord;
}

/** Returns undefined when it is no checkpoint or one of a key that was not given. */
async function checkCheckpoint(
  { seq, prev, entry }: AuditRecord,
  keys: readonly PublicKey[],
): Promise<boolean | undefined> {
  if (entry.event !== "checkpoint" || keys.length === 0) return undefined;
  const signature = typeof entry.signature === "string" ? decodeBase64(entry.signature) : undefined;
  const signed = preAuthEncoding(CHECKPOINT_TYPE, checkpointBytes(seq, prev));
  for (const { raw } of keys) {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]);
    if (signature !== undefined && (await crypto.subtle.verify("Ed25519", key, signature, signed))) return true;
  }
  return keys.some(({ keyId }) => keyId === entry.keyId) ? false : undefined;
}
