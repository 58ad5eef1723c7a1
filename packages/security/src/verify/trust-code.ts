/** Why evidence is bad, or why good evidence is not enough. Constant: programs may branch on them. */
export type TrustCode =
  // the evidence is bad (VerificationError)
  | "ENVELOPE_INVALID"
  | "PAYLOAD_TYPE_UNKNOWN"
  | "SIGNATURE_INVALID"
  | "STATEMENT_INVALID"
  | "WEAK_DIGEST"
  | "DIGEST_MISMATCH"
  | "PACK_MISMATCH"
  | "BUNDLE_INVALID"
  // the lock does not fit (VerificationError, NOT_LOCKED: PolicyError)
  | "LOCK_INVALID"
  | "NOT_LOCKED"
  | "TOOL_CHANGED"
  | "PROMPT_CHANGED"
  | "SECTION_CHANGED"
  // the evidence is good and not enough (PolicyError)
  | "POLICY_INVALID"
  | "UNSIGNED"
  | "NOT_TRUSTED"
  | "KEY_REVOKED"
  | "KEY_EXPIRED"
  | "OUT_OF_NAMESPACE"
  | "BELOW_THRESHOLD"
  | "DIGEST_REVOKED";
