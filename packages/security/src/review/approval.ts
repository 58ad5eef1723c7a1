import { checkJsonSchema } from "promptpack";
import type { Severity } from "../ground/finding.ts";
import type { ReviewReport } from "./review-pack.ts";

/** A person's word that a pack, byte for byte, may be used. It is worth as much as the place that it is kept in. */
export interface Approval {
  /** "sha256:" and the hex digest of the pack's bytes. */
  readonly digest: string;
  readonly reviewer: string;
  /** ISO 8601, UTC. */
  readonly approvedAt: string;
  /** ISO 8601, UTC: from then on the approval counts no more. */
  readonly expiresAt: string;
  /** For readers; only the digest counts. */
  readonly pack: { readonly id: string; readonly version: string };
  /** What the reviewer saw and accepted. */
  readonly accepted: readonly { readonly rule: string; readonly severity: Severity; readonly pointer: string }[];
}

/** A file of approvals. */
export interface Approvals {
  readonly format: 1;
  readonly approvals: readonly Approval[];
}

/**
 * Returns the approval of a review.
 * @throws {TypeError} for a report without a digest, an empty reviewer, or an expiry that is not after the approval
 */
export function approveReview(
  report: ReviewReport,
  by: { readonly reviewer: string; readonly approvedAt: Date; readonly expiresAt: Date },
): Approval {
  const { id, version, digest } = report.pack;
  if (digest === undefined)
    throw new TypeError("an approval needs the digest of the pack; pass its bytes to reviewPack as source");
  if (by.reviewer.trim() === "") throw new TypeError("an approval needs the name of its reviewer");
  if (!(by.expiresAt.getTime() > by.approvedAt.getTime()))
    throw new TypeError("an approval expires after it was given");
  return {
    digest,
    reviewer: by.reviewer.trim(),
    approvedAt: by.approvedAt.toISOString(),
    expiresAt: by.expiresAt.toISOString(),
    pack: { id, version },
    accepted: report.findings.map(({ rule, severity, pointer }) => ({ rule, severity, pointer })),
  };
}

/** Returns whether a value is a file of approvals: a member that nobody knows, such as "revoked", may not be passed over. */
export function isApprovals(value: unknown): value is Approvals {
  if (checkJsonSchema(approvalsSchema, value).length > 0) return false;
  const { approvals } = value as Approvals;
  return approvals.every(({ approvedAt, expiresAt }) => Date.parse(approvedAt) < Date.parse(expiresAt));
}

const text = { type: "string", minLength: 1, maxLength: 1000 };
const moment = { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$" };
const closed = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const approvalsSchema = closed({
  format: { const: 1 },
  approvals: {
    type: "array",
    items: closed({
      digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
      reviewer: text,
      approvedAt: moment,
      expiresAt: moment,
      pack: closed({ id: text, version: text }),
      accepted: {
        type: "array",
        items: closed({ rule: text, severity: text, pointer: { type: "string" } }),
      },
    }),
  },
});
