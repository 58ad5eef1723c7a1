/** promptpack-security: judge packs that you have not written, before anything runs them. */

// what a pack can do, and what deserves a look
export { type ReviewFinding, type ReviewOptions, reviewPack, type ReviewReport } from "./review/review-pack.ts";
export { reviewToCsv } from "./review/report/review-to-csv.ts";
export { reviewToHtml } from "./review/report/review-to-html.ts";
export { reviewToText } from "./review/report/review-to-text.ts";
export { type ReviewRule, reviewRules } from "./review/rules.ts";
export { type Approval, type Approvals, approveReview, isApprovals } from "./review/approval.ts";
export { requireApproval, type RequireApprovalOptions } from "./review/require-approval.ts";

// what a new version changes
export { diffPacks, type PackChange, type PackDiff } from "./diff/diff-packs.ts";
export { packLines } from "./diff/pack-lines.ts";
export { diffToHtml } from "./diff/report/diff-to-html.ts";
export { diffToMarkdown } from "./diff/report/diff-to-markdown.ts";
export { diffToText } from "./diff/report/diff-to-text.ts";
export { type DiffRule, diffRules } from "./diff/rules.ts";

// credentials that should not be there
export {
  findSecrets,
  type FindSecretsOptions,
  type SecretAllowance,
  type SecretFinding,
} from "./secrets/find-secrets.ts";
export { redactSecrets } from "./secrets/redact-secrets.ts";

// for all of them
export { type Finding, isAtLeast, type Severity } from "./ground/finding.ts";
export { type SarifFile, type SarifOptions, toSarif } from "./sarif.ts";
export { PolicyError, type SecurityCode, type SecurityDiagnostic, VerificationError } from "./errors.ts";

// bytes -> lock, signature, trust
export { checkLock, type LockState } from "./lock/check-lock.ts";
export type { LockChange } from "./lock/compare-lock.ts";
export { formatLock, type LockEntry, type LockFile, parseLock } from "./lock/lock-file.ts";
export { createLock, lockPack, type LockSource } from "./lock/lock-pack.ts";
export { requireLock, type RequireLockOptions } from "./lock/require-lock.ts";
export { type Envelope, mergeEnvelopes, parseEnvelope, preAuthEncoding, signEnvelope } from "./sign/dsse.ts";
export { generateKeyPair, isEncryptedKey, type KeyPair, readPrivateKey, type Signer } from "./sign/private-key.ts";
export { type PublicKey, readPublicKey, toJwk } from "./sign/public-key.ts";
export { signKeyless, type SigstoreSigner } from "./sign/sign-keyless.ts";
export { signPack, type SignPackOptions } from "./sign/sign-pack.ts";
export { createStatement, parseStatement, type ReleaseStatement } from "./sign/statement.ts";
export { emptyPolicy, revokeDigest, revokeKey, trustIdentity, trustKey } from "./trust/edit-policy.ts";
export {
  parseTrustPolicy,
  type ReadyPolicy,
  readyPolicy,
  type TrustedIdentity,
  type TrustedKey,
  type TrustPolicy,
} from "./trust/trust-policy.ts";
export {
  type BundleProof,
  type BundleVerifier,
  createBundleVerifier,
  type SigstoreLibraries,
} from "./verify/sigstore.ts";
export type { TrustCode } from "./verify/trust-code.ts";
export { type PackVerifier, trustPolicy, type TrustPolicyOptions } from "./verify/trust-policy-verifier.ts";
export { type Evidence, type PackTrust, verifyPack, type VerifyPackOptions } from "./verify/verify-pack.ts";

// what happened, and what must not be seen
export { type AuditLog, type AuditLogOptions, createAuditLog } from "./audit/audit-log.ts";
export type { AuditEvent, AuditRecord } from "./audit/audit-record.ts";
export {
  type AuditFault,
  type AuditVerdict,
  verifyAuditLog,
  type VerifyAuditOptions,
} from "./audit/verify-audit-log.ts";
export {
  checkCredentials,
  type CheckCredentialsOptions,
  type CredentialFinding,
  scopeCredentials,
  type SearchedFile,
} from "./credentials/check-credentials.ts";
export { type CredentialPlan, parseCredentialPlan, type PlannedCredential } from "./credentials/credential-plan.ts";
export { CredentialError, type CredentialCode } from "./credentials/credential-error.ts";
export {
  createCredentials,
  type CredentialOptions,
  type Credentials,
  type CredentialSource,
  envSource,
} from "./credentials/credentials.ts";
export { createRedactor, type Redactor } from "./credentials/redactor.ts";
export { SecretString } from "./credentials/secret-string.ts";

// what is in it
export { createSbom, type Sbom, type SbomComponent } from "./sbom/create-sbom.ts";
