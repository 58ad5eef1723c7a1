import { parseDocument } from "promptpack";
import { PolicyError, refusal } from "../errors.ts";
import { sha256 } from "../ground/sha256.ts";
import { type Approvals, isApprovals } from "./approval.ts";

export interface RequireApprovalOptions {
  /** Whose approvals count; everybody's when absent. */
  readonly reviewers?: readonly string[];
  /** Milliseconds since 1970; the host's clock when absent. */
  readonly now?: () => number;
}

/**
 * Returns a verifier for `loadPack(path, { verify })` that lets in only packs whose very bytes somebody approved.
 * The approvals are those of `approveReview`, or the text of a file of them.
 * @throws {PolicyError} APPROVAL_INVALID when the file is not one; the verifier throws APPROVAL_MISSING or APPROVAL_EXPIRED
 */
export function requireApproval(
  approvals: Approvals | string | Uint8Array,
  options: RequireApprovalOptions = {},
): (bytes: Uint8Array, path: string) => void {
  const { reviewers, now = Date.now } = options;
  // hostile: the file may be anything; the strict parser refuses duplicate keys and the like
  const value =
    typeof approvals === "string" || approvals instanceof Uint8Array ? parseDocument(approvals).data : approvals;
  if (!isApprovals(value)) throw new PolicyError([refusal("APPROVAL_INVALID", "", "this is no file of approvals")]);
  const counted = value.approvals.filter(({ reviewer }) => reviewers === undefined || reviewers.includes(reviewer));
  return (bytes, path) => {
    const digest = sha256(bytes);
    const given = counted.filter((approval) => approval.digest === digest);
    if (given.some(({ expiresAt }) => Date.parse(expiresAt) > now())) return;
    const { code, message } =
      given.length === 0
        ? ({
            code: "APPROVAL_MISSING",
            message: "nobody who counts has approved these bytes; promptpack review --approve does",
          } as const)
        : ({
            code: "APPROVAL_EXPIRED",
            message: "the approval of these bytes has expired; promptpack review --approve renews it",
          } as const);
    throw new PolicyError([refusal(code, path, message)]);
  };
}
