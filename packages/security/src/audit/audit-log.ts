import { createRedactor, type Redactor } from "../credentials/redactor.ts";
import { encodeBase64 } from "../sign/base64.ts";
import { preAuthEncoding } from "../sign/dsse.ts";
import type { Signer } from "../sign/private-key.ts";
import {
  type AuditEvent,
  type AuditRecord,
  CHECKPOINT_TYPE,
  checkpointBytes,
  cleanEvent,
  FIRST_PREV,
  hashRecord,
} from "./audit-record.ts";
import { parseRecord } from "./verify-audit-log.ts";

export interface AuditLogOptions {
  /** Appends one line, without its line feed, to where the log is kept. */
  readonly append: (line: string) => void | Promise<void>;
  readonly now: () => Date;
  /** The last line that is there already; absent for a new log. */
  readonly last?: string;
  /** Knows the program's credentials; without it well-known forms of keys are found all the same. */
  readonly redactor?: Redactor;
}

export interface AuditLog {
  /**
   * Writes one event and returns its record. Calls are written in their order, one after the other.
   * @throws {TypeError} for an event that is none; what `append` throws is thrown, and the log goes on from the line before
   */
  readonly record: (event: AuditEvent) => Promise<AuditRecord>;
  /** Writes a signature over all the lines so far: whoever rewrites the log needs the key. */
  readonly checkpoint: (signer: Signer) => Promise<AuditRecord>;
}

/**
 * Returns an append-only log in which each line holds the hash of the line before.
 * @throws {TypeError} when the last line is no audit record
 */
export function createAuditLog({ append, now, last, redactor = createRedactor() }: AuditLogOptions): AuditLog {
  const before = last === undefined ? undefined : parseRecord(last);
  if (typeof before === "string") throw new TypeError(`the last line is no audit record: ${before}`);
  let seq = before === undefined ? 0 : before.seq + 1;
  let prev = before?.hash ?? FIRST_PREV;
  let queue: Promise<unknown> = Promise.resolve();

  const write = (make: () => AuditEvent | Promise<AuditEvent>): Promise<AuditRecord> => {
    const written = queue.then(async () => {
      const unsealed = { seq, time: now().toISOString(), prev, entry: await cleanEvent(await make(), redactor.text) };
      const record: AuditRecord = { ...unsealed, hash: await hashRecord(unsealed) };
      await append(JSON.stringify(record));
      seq++;
      prev = record.hash;
      return record;
    });
    queue = written.catch(() => undefined);
    return written;
  };
  return {
    record: (event) => write(() => event),
    checkpoint: ({ publicKey, sign }) =>
      write(async () => {
        const signature = await sign(preAuthEncoding(CHECKPOINT_TYPE, checkpointBytes(seq, prev)));
        return { event: "checkpoint", keyId: publicKey.keyId, signature: encodeBase64(signature) };
      }),
  };
}
