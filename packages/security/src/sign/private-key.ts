import { parseDocument } from "promptpack";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { fromPem, type PublicKey, readPublicKey, toPem } from "./public-key.ts";

/** Whatever can sign: a key in memory, or a key management service behind these two members. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** Returns the 64 bytes of an Ed25519 signature. */
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

export interface KeyPair {
  readonly publicKey: PublicKey;
  /** PKCS #8 as PEM, or the JSON of an encrypted key. Secret either way. */
  readonly privateKey: string;
}

/** A CryptoKey, by whichever name the types of the host know it. */
type HeldKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** OWASP's figure for PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;
/** hostile: a key file may not keep the machine busy for minutes. */
const MAX_ITERATIONS = 10_000_000;
const TYPE = "promptpack-private-key/v1";

/** Makes an Ed25519 key pair; with a passphrase the private key is encrypted (PBKDF2 with SHA-256, AES-256-GCM). */
export async function generateKeyPair(passphrase?: string): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as Readonly<
    Record<"privateKey" | "publicKey", HeldKey>
  >;
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return {
    publicKey: await readPublicKey(toPem("PUBLIC KEY", spki)),
    privateKey: passphrase === undefined ? toPem("PRIVATE KEY", pkcs8) : await encrypt(pkcs8, passphrase),
  };
}

/** Returns whether a private key's text needs a passphrase. */
export function isEncryptedKey(text: string): boolean {
  return text.trimStart().startsWith("{");
}

/**
 * Reads a private key: PKCS #8 as PEM, or the JSON that generateKeyPair makes with a passphrase.
 * @throws {TypeError} for a text that is no such key, and for a missing or wrong passphrase; neither is repeated
 */
export async function readPrivateKey(text: string, passphrase?: string): Promise<Signer> {
  const pkcs8 = isEncryptedKey(text) ? await decrypt(text, passphrase) : fromPem("PRIVATE KEY", text);
  const key = pkcs8 === undefined ? undefined : await importPrivate(pkcs8);
  if (key === undefined)
    throw new TypeError("a private key is an Ed25519 key as PEM (BEGIN PRIVATE KEY) or an encrypted key of promptpack");
  const jwk = await crypto.subtle.exportKey("jwk", key);
  return {
    publicKey: await readPublicKey({ kty: "OKP", crv: "Ed25519", x: jwk.x }),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, bytes)),
  };
}

/** The raw bytes of the key must not outlive the import as text; WebCrypto keeps them. */
async function importPrivate(pkcs8: Uint8Array): Promise<HeldKey | undefined> {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  } catch {
    return undefined;
  }
}

async function encrypt(pkcs8: Uint8Array, passphrase: string): Promise<string> {
  if (passphrase === "") throw new TypeError("the passphrase is empty");
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(passphrase, salt, ITERATIONS);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: headOf(ITERATIONS) }, key, pkcs8);
  const file = {
    type: TYPE,
    kdf: "PBKDF2-SHA-256",
    iterations: ITERATIONS,
    salt: encodeBase64(salt),
    cipher: "AES-256-GCM",
    iv: encodeBase64(iv),
    data: encodeBase64(new Uint8Array(sealed)),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

async function decrypt(text: string, passphrase: string | undefined): Promise<Uint8Array | undefined> {
  const file = parseDocument(text, { limits: { maxBytes: 10_000 } }).data as
    | Readonly<Record<string, unknown>>
    | undefined;
  const bytes = (name: string): Uint8Array =>
    (typeof file?.[name] === "string" ? decodeBase64(file[name]) : undefined) ?? new Uint8Array();
  const iterations = Number(file?.["iterations"]);
  if (file?.["type"] !== TYPE || !(iterations >= 1 && iterations <= MAX_ITERATIONS)) return undefined;
  if (passphrase === undefined) throw new TypeError("this private key is encrypted and needs its passphrase");
  const key = await keyOf(passphrase, bytes("salt"), iterations);
  try {
    const iv = bytes("iv");
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: headOf(iterations) }, key, bytes("data")),
    );
  } catch {
    throw new TypeError("the passphrase is wrong, or the private key was changed");
  }
}

async function keyOf(passphrase: string, salt: Uint8Array, iterations: number): Promise<HeldKey> {
  const bytes = new TextEncoder().encode(passphrase.normalize("NFC"));
  const material = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt, iterations } as const;
  return crypto.subtle.deriveKey(derivation, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const headOf = (iterations: number): Uint8Array =>
  new TextEncoder().encode(`${TYPE} PBKDF2-SHA-256 ${iterations} AES-256-GCM`);
