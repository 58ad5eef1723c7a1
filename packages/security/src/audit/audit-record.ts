import { canonicalJson, printable } from "promptpack";
import { hexDigest } from "../sign/digest.ts";

/** What happened. Digests, counts and names, never content. */
export type AuditEvent =
  | {
      readonly event: "load";
      readonly pack: string;
      readonly version: string;
      readonly sha256?: string;
      readonly diagnostics?: number;
    }
  | {
      readonly event: "verify";
      readonly pack?: string;
      readonly version?: string;
      readonly sha256?: string;
      readonly ok: boolean;
      readonly code?: string;
      readonly signers?: number;
    }
  | {
      readonly event: "approve";
      readonly pack: string;
      readonly version: string;
      readonly sha256: string;
      readonly reviewer: string;
      readonly findings?: number;
    }
  | {
      readonly event: "render";
      readonly pack: string;
      readonly prompt: string;
      readonly model?: string;
      readonly variables?: number;
      readonly sha256?: string;
    }
  | {
      readonly event: "tool-call";
      readonly tool: string;
      readonly decision: string;
      readonly sha256?: string;
      readonly code?: string;
    }
  | {
      readonly event: "guardrail";
      readonly guardrail: string;
      readonly status: string;
      readonly blocks: boolean;
      readonly sha256?: string;
    }
  | { readonly event: "checkpoint"; readonly keyId: string; readonly signature: string };

/** One line of an audit log. */
export interface AuditRecord {
  /** From 0, without gaps. */
  readonly seq: number;
  /** ISO 8601. */
  readonly time: string;
  /** The hash of the line before; 64 zeros in the first. */
  readonly prev: string;
  readonly entry: AuditEvent;
  /** SHA-256, in hex, of the canonical JSON of the other members. */
  readonly hash: string;
}

export const FIRST_PREV: string = "0".repeat(64);
/** A name, a code, a digest or a moment. Whatever else comes is kept as its digest. */
const NAME = /^[\w.:@/+=-]{1,200}$/;

/** Returns the hash of a record without its own. */
export function hashRecord({ seq, time, prev, entry }: Omit<AuditRecord, "hash">): Promise<string> {
  return hexDigest("sha256", canonicalJson({ seq, time, prev, entry }));
}

/** What a checkpoint signs: that the log's first `seq` lines end in this hash. */
export function checkpointBytes(seq: number, prev: string): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ seq, prev }));
}
export const CHECKPOINT_TYPE = "application/vnd.promptpack.audit-checkpoint+json";

/** The members of each event and their types; a member that is not here is content, and content has no place in the log. */
const MEMBERS: { readonly [event: string]: { readonly [member: string]: "string" | "number" | "boolean" } } = {
  load: { pack: "string", version: "string", sha256: "string", diagnostics: "number" },
  verify: { pack: "string", version: "string", sha256: "string", ok: "boolean", code: "string", signers: "number" },
  approve: { pack: "string", version: "string", sha256: "string", reviewer: "string", findings: "number" },
  render: { pack: "string", prompt: "string", model: "string", variables: "number", sha256: "string" },
  "tool-call": { tool: "string", decision: "string", sha256: "string", code: "string" },
  guardrail: { guardrail: "string", status: "string", blocks: "boolean", sha256: "string" },
  checkpoint: { keyId: "string", signature: "string" },
};

/**
 * Returns the event as it may be written: a string that is no plain name, or that the redactor would change, as its digest.
 * @throws {TypeError} for an unknown event or member, and for a member of the wrong type
 */
export async function cleanEvent(event: AuditEvent, redact: (text: string) => string): Promise<AuditEvent> {
  const members = Object.hasOwn(MEMBERS, event.event) ? MEMBERS[event.event] : undefined;
  if (members === undefined) throw new TypeError("there is no such audit event");
  const clean: Record<string, unknown> = { event: event.event };
  for (const [member, value] of Object.entries(event)) {
    if (member === "event" || value === undefined) continue;
    const type = Object.hasOwn(members, member) ? members[member] : undefined;
    if (typeof value !== type)
      throw new TypeError(
        `the audit event ${printable(event.event)} has no member "${printable(member)}" of this type`,
      );
    if (type === "number" && !Number.isSafeInteger(value)) throw new TypeError(`"${printable(member)}" is a count`);
    clean[member] =
      typeof value !== "string" || event.event === "checkpoint" || isPlain(value, redact)
        ? value
        : `sha256:${await hexDigest("sha256", value)}`;
  }
  return clean as unknown as AuditEvent;
}

const isPlain = (value: string, redact: (text: string) => string): boolean =>
  NAME.test(value) && (/^[0-9a-f]{64}$/.test(value) || redact(value) === value);
