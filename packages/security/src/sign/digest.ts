import { canonicalJson } from "promptpack";

export type DigestAlgorithm = "sha256" | "sha512";

const NAMES = { sha256: "SHA-256", sha512: "SHA-512" } as const;

/** Returns the digest of bytes, or of a text's UTF-8. */
export async function digestOf(algorithm: DigestAlgorithm, source: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  return new Uint8Array(await crypto.subtle.digest(NAMES[algorithm], bytes));
}

/** Returns the digest in lower-case hex. */
export async function hexDigest(algorithm: DigestAlgorithm, source: string | Uint8Array): Promise<string> {
  return toHex(await digestOf(algorithm, source));
}

/** Returns "sha256:" and the hex digest of a JSON value's canonical text, so that order and spaces do not count. Source: RFC 8785. */
export async function canonicalDigest(value: unknown): Promise<string> {
  return `sha256:${await hexDigest("sha256", canonicalJson(value))}`;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
