import type { Severity } from "../ground/finding.ts";

/** A kind of credential and the form that its provider gives it. */
export interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
  readonly severity: Severity;
  /** The least Shannon entropy of a real one, in bits per character; 3 when absent. */
  readonly entropy?: number;
}

const token = (kind: string, pattern: RegExp, severity: Severity = "critical", entropy = 3): SecretPattern => ({
  kind,
  pattern,
  severity,
  entropy,
});

/** Forms that are a credential wherever they stand. The first group, when there is one, is the secret part. */
export const PROVIDER_PATTERNS: readonly SecretPattern[] = [
  token("anthropic-key", /\bsk-ant-[\w-]{24,}/g),
  token("openrouter-key", /\bsk-or-v1-[0-9a-f]{40,}/g),
  token("openai-key", /\bsk-(?!ant-|or-v1-)(?:proj-|svcacct-|admin-|live-)?[A-Za-z0-9_-]{24,}/g, "critical", 3.4),
  token("aws-access-key", /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g),
  token("github-token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})/g),
  token("gitlab-token", /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{20,}/g),
  token("google-key", /\bAIza[\w-]{33,}/g),
  token("google-oauth-secret", /\bGOCSPX-[\w-]{24,}/g),
  token("huggingface-token", /\bhf_[A-Za-z0-9]{30,}/g),
  token("groq-key", /\bgsk_[A-Za-z0-9]{40,}/g),
  token("xai-key", /\bxai-[A-Za-z0-9]{40,}/g),
  token("perplexity-key", /\bpplx-[A-Za-z0-9]{32,}/g),
  token("replicate-token", /\br8_[A-Za-z0-9]{30,}/g),
  token("langsmith-key", /\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/g),
  token("pinecone-key", /\bpcsk_[A-Za-z0-9_]{40,}/g),
  token("databricks-token", /\bdapi[0-9a-f]{32}/g),
  token("slack-token", /\bxox[abeoprs]-[A-Za-z0-9-]{16,}|\bxapp-\d-[A-Z0-9]{8,}-\d{8,}-[0-9a-f]{32,}/g),
  token("slack-webhook", /\bhooks\.slack\.com\/services\/T\w{6,}\/B\w{6,}\/\w{16,}/g),
  token("discord-webhook", /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/g),
  token("telegram-token", /\b\d{8,10}:AA[\w-]{32,}/g),
  token("stripe-key", /\b(?:sk|rk)_live_[A-Za-z0-9]{20,}/g),
  token("stripe-test-key", /\b(?:sk|rk)_test_[A-Za-z0-9]{20,}/g, "medium"),
  token("npm-token", /\bnpm_[A-Za-z0-9]{36,}/g),
  token("pypi-token", /\bpypi-AgE[\w-]{50,}/g),
  token("sendgrid-key", /\bSG\.[\w-]{16,}\.[\w-]{32,}/g),
  token("digitalocean-token", /\bdo[oprt]_v1_[0-9a-f]{64}/g),
  token("shopify-token", /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g),
  token("vault-token", /\bhvs\.[\w-]{24,}/g),
  token("linear-key", /\blin_api_[A-Za-z0-9]{32,}/g),
  token("notion-token", /\bntn_[A-Za-z0-9]{40,}/g),
  token("azure-storage-key", /\bAccountKey=([A-Za-z0-9+/]{80,}={0,2})/g),
  token("age-key", /\bAGE-SECRET-KEY-1[0-9A-Z]{58}/g),
  token(
    "private-key",
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,-]{0,8000}/g,
    "critical",
    0,
  ),
  token("jwt", /\beyJ[\w-]{10,2000}\.[\w-]{10,4000}\.[\w-]{16,2000}/g, "high"),
  token(
    "url-password",
    /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>{}]{0,100}:([^\s:@/"'<>{}]{4,200})@[^\s@/]/gi,
    "critical",
    2,
  ),
];

const NAME =
  "(?:api[_-]?keys?|apikey|secret|token|passw(?:or)?d|passphrase|pwd|credentials?|private[_-]?key|access[_-]?key|account[_-]?key|auth)";

/** Forms that only their context makes a credential. */
export const CONTEXT_PATTERNS: readonly SecretPattern[] = [
  token("bearer-token", /\bbearer\s{1,4}([\w.~+/-]{20,2000}={0,2})/gi, "high", 3.3),
  token("basic-auth", /\bbasic\s{1,4}([A-Za-z0-9+/]{16,2000}={0,2})/gi, "high", 3.3),
  token(
    "credential",
    new RegExp(`${NAME}[\\w-]{0,20}["'\`]?\\s{0,4}(?:[:=]|\\bis\\b)\\s{0,4}["'\`]?([^\\s"'\`,;{}<>()]{12,500})`, "gi"),
    "high",
    3.3,
  ),
];

/** Names of members whose value is likely to be a credential. */
export const CREDENTIAL_NAME: RegExp = new RegExp(`${NAME}$`, "i");

/** A bare key of 128 bits in hex, as several clouds hand out; digests look alike, so their names excuse them. */
export const HEX_KEY: RegExp = /(?<![\w-])[0-9a-f]{32}(?![\w-])/g;
export const DIGEST_NAME: RegExp =
  /md5|sha|hash|digest|checksum|etag|fingerprint|uuid|commit|revision|integrity|nonce|\bid$|_id$|Id$/i;
