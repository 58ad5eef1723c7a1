import { printable } from "promptpack";
import { createRedactor, type Redactor } from "../credentials/redactor.ts";
import { encodeBase64 } from "../sign/base64.ts";
import { VerificationError } from "../errors.ts";
import { preAuthEncoding } from "../sign/dsse.ts";
import type { Signer } from "../sign/private-key.ts";
import { problem } from "../verify/problem.ts";
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
  /** The last line that is there already; absent for a new log, and when `exclusive` reads it. */
  readonly last?: string;
  /**
   * Runs one write while nobody else writes, and gives it the last line that is there then; for logs that several programs
   * write. `auditFile` of the node subpath does so for a file.
   */
  readonly exclusive?: <T>(write: (last: string | undefined) => Promise<T>) => Promise<T>;
  /** Knows the program's credentials; without it well-known forms of keys are found all the same. */
  readonly redactor?: Redactor;
}

export interface AuditLog {
  /**
   * Writes one event and returns its record. Calls are written in their order, one after the other.
   * @throws {TypeError} for an event that is none
   * @throws {VerificationError} AUDIT_LOG_CHANGED when lines that were written here are gone, or others; what `append` throws is thrown, and the log goes on from the line before
   */
  readonly record: (event: AuditEvent) => Promise<AuditRecord>;
  /** Writes a signature over all the lines so far: whoever rewrites the log needs the key. */
  readonly checkpoint: (signer: Signer) => Promise<AuditRecord>;
}

/**
 * Returns an append-only log in which each line holds the hash of the line before.
 * @throws {TypeError} when the last line is no audit record
 */
export function createAuditLog({
  append,
  now,
  last,
  exclusive,
  redactor = createRedactor(),
}: AuditLogOptions): AuditLog {
  const end = new LogEnd(last);
  let queue: Promise<unknown> = Promise.resolve();
  const writeOne = async (make: () => AuditEvent | Promise<AuditEvent>): Promise<AuditRecord> => {
    const { seq, prev } = end;
    const unsealed = { seq, time: now().toISOString(), prev, entry: await cleanEvent(await make(), redactor.text) };
    const record: AuditRecord = { ...unsealed, hash: await hashRecord(unsealed) };
    await append(JSON.stringify(record));
    end.moveTo(record);
    return record;
  };
  const write = (make: () => AuditEvent | Promise<AuditEvent>): Promise<AuditRecord> => {
    const writeAfter = (line: string | undefined): Promise<AuditRecord> => {
      end.follow(line);
      return writeOne(make);
    };
    const written = queue.then(() => (exclusive === undefined ? writeOne(make) : exclusive(writeAfter)));
    queue = written.catch(() => undefined);
    return written;
  };
  return {
    record: (event) => write(() => event),
    checkpoint: ({ publicKey, sign }) =>
      write(async () => {
        const signature = await sign(preAuthEncoding(CHECKPOINT_TYPE, checkpointBytes(end.seq, end.prev)));
        return { event: "checkpoint", keyId: publicKey.keyId, signature: encodeBase64(signature) };
      }),
  };
}

/** Where the log ends: what the next record continues. */
class LogEnd {
  seq = 0;
  prev: string = FIRST_PREV;

  constructor(last: string | undefined) {
    const record = last === undefined ? undefined : parseRecord(last);
    if (typeof record === "string") throw new TypeError(`the last line is no audit record: ${printable(record)}`);
    if (record !== undefined) this.moveTo(record);
  }

  moveTo({ seq, hash }: Pick<AuditRecord, "seq" | "hash">): void {
    this.seq = seq + 1;
    this.prev = hash;
  }

  /** A log that somebody cut or replaced must not go on as if nothing had happened. */
  follow(line: string | undefined): void {
    const found = line === undefined ? undefined : parseRecord(line);
    const isOurs = typeof found !== "string" && (found?.seq ?? -1) >= this.seq - 1;
    if (!isOurs || (found !== undefined && found.seq === this.seq - 1 && found.hash !== this.prev))
      throw new VerificationError([
        problem("AUDIT_LOG_CHANGED", "the end of the audit log is not what was written there; see audit verify"),
      ]);
    if (found !== undefined) this.moveTo(found);
  }
}
