// The part of WebCrypto that this package uses; every supported runtime has it under this global name.
interface CryptoKey {
  readonly type: string;
}
interface CryptoKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}
interface SubtleCrypto {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
  generateKey(algorithm: "Ed25519", extractable: boolean, usages: string[]): Promise<CryptoKeyPair>;
  importKey(
    format: "raw" | "pkcs8" | "spki",
    data: Uint8Array,
    algorithm: string,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>;
  exportKey(format: "pkcs8" | "spki", key: CryptoKey): Promise<ArrayBuffer>;
  exportKey(format: "jwk", key: CryptoKey): Promise<{ readonly x?: string }>;
  sign(algorithm: string, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  verify(algorithm: string, key: CryptoKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  deriveKey(
    algorithm: { name: "PBKDF2"; hash: string; salt: Uint8Array; iterations: number },
    key: CryptoKey,
    derived: { name: "AES-GCM"; length: number },
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>;
  encrypt(
    algorithm: { name: "AES-GCM"; iv: Uint8Array; additionalData: Uint8Array },
    key: CryptoKey,
    data: Uint8Array,
  ): Promise<ArrayBuffer>;
  decrypt(
    algorithm: { name: "AES-GCM"; iv: Uint8Array; additionalData: Uint8Array },
    key: CryptoKey,
    data: Uint8Array,
  ): Promise<ArrayBuffer>;
}
declare const crypto: {
  readonly subtle: SubtleCrypto;
  getRandomValues(array: Uint8Array): Uint8Array;
};
