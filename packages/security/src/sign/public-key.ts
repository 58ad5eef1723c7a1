import { parseDocument } from "promptpack";
import { decodeBase64, encodeBase64, encodeBase64Url } from "./base64.ts";
import { digestOf } from "./digest.ts";

/** An Ed25519 public key in the forms that people exchange. */
export interface PublicKey {
  /** 32 bytes. */
  readonly raw: Uint8Array;
  /** SubjectPublicKeyInfo as PEM. Source: RFC 8410. */
  readonly pem: string;
  /** "SHA256:" and the digest of the SubjectPublicKeyInfo in base64url. A name for people, never a proof. */
  readonly keyId: string;
}

/** What stands before the 32 bytes in a SubjectPublicKeyInfo for Ed25519. Source: RFC 8410, section 4. */
const SPKI_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** Points of small order, for which anyone can make a signature that fits; in hex, without the sign bit. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * Reads an Ed25519 public key: PEM, or a JWK as text or object.
 * @throws {TypeError} for anything else; the text is not repeated
 */
export async function readPublicKey(source: string | object): Promise<PublicKey> {
  const raw = typeof source === "string" && !source.trimStart().startsWith("{") ? rawOfPem(source) : rawOfJwk(source);
  if (raw?.length !== 32) throw new TypeError("a public key is an Ed25519 key as PEM (BEGIN PUBLIC KEY) or as a JWK");
  if (isSmallOrder(raw)) throw new TypeError("this public key is a point of small order: anyone can sign for it");
  const spki = Uint8Array.of(...SPKI_HEAD, ...raw);
  return { raw, pem: toPem("PUBLIC KEY", spki), keyId: `SHA256:${encodeBase64Url(await digestOf("sha256", spki))}` };
}

/** Returns the key as a JWK. Source: RFC 8037. */
export function toJwk({ raw }: PublicKey): { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string } {
  return { kty: "OKP", crv: "Ed25519", x: encodeBase64Url(raw) };
}

/** Returns bytes as PEM with lines of 64 characters. Source: RFC 7468. */
export function toPem(label: string, bytes: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${encodeBase64(bytes).replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

/** Returns the bytes of the one PEM block in a text, or undefined. */
export function fromPem(label: string, text: string): Uint8Array | undefined {
  const [head, tail] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const trimmed = text.trim();
  if (!trimmed.startsWith(head) || !trimmed.endsWith(tail) || trimmed.length > 10_000) return undefined;
  return decodeBase64(trimmed.slice(head.length, -tail.length).replace(/\s+/g, ""));
}

function rawOfPem(text: string): Uint8Array | undefined {
  const spki = fromPem("PUBLIC KEY", text);
  return spki?.length === 44 && SPKI_HEAD.every((byte, at) => spki[at] === byte) ? spki.subarray(12) : undefined;
}

function rawOfJwk(source: string | object): Uint8Array | undefined {
  const jwk: unknown =
    typeof source === "string" ? parseDocument(source, { limits: { maxBytes: 10_000 } }).data : source;
  const { kty, crv, x } = Object(jwk) as Readonly<Record<string, unknown>>;
  return kty === "OKP" && crv === "Ed25519" && typeof x === "string" ? decodeBase64(x) : undefined;
}

function isSmallOrder(raw: Uint8Array): boolean {
  const hex = Array.from(raw, (byte, at) => (at === 31 ? byte & 0x7f : byte).toString(16).padStart(2, "0")).join("");
  return SMALL_ORDER.has(hex);
}
