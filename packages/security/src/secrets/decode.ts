const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map([
  ...Array.from(ALPHABET, (character, value) => [character, value] as const),
  ["-", 62],
  ["_", 63],
]);

/** Returns the bytes of base64 text in either alphabet, with or without padding; foreign characters end it. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) break;
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (buffer >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}

/** Returns the bytes of hex text of even length. */
export function decodeHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length >> 1 }, (_, at) => parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

/** Returns bytes as text, or undefined when they are not UTF-8 text that a person could read. */
export function readableText(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
