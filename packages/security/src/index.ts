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
export { diffToHtml } from "./diff/report/diff-to-html.ts";
export { diffToMarkdown } from "./diff/report/diff-to-markdown.ts";
export { diffToText } from "./diff/report/diff-to-text.ts";
export { type DiffRule, diffRules } from "./diff/rules.ts";

// credentials that should not be there
export { findSecrets, type FindSecretsOptions, type SecretAllowance, type SecretFinding } from "./secrets/find-secrets.ts";
export { redactSecrets } from "./secrets/redact-secrets.ts";

// for all of them
export { type Finding, isAtLeast, type Severity } from "./ground/finding.ts";
export { type SarifFile, type SarifOptions, toSarif } from "./sarif.ts";
export { PolicyError, type SecurityCode, type SecurityDiagnostic, VerificationError } from "./errors.ts";
