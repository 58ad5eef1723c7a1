/** Bytes by index: a Uint8Array, or base64 text that is never decoded as a whole. */
export interface Bytes {
  readonly length: number;
  at(index: number): number | undefined;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LETTERS_THEN_PADDING = /^[A-Za-z0-9+/]*={0,2}$/;

/** Returns how many bytes a base64 text stands for by its length alone, without looking whether it is valid. */
export function decodedLength(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((text.length * 3) / 4) - padding;
}

/**
 * Returns the bytes of a base64 text, or undefined when it is not exactly what an encoder writes:
 * standard alphabet, padded, no white space, unused bits zero, nothing after the padding. Source: RFC 4648 section 4.
 */
export function base64Bytes(text: string): Bytes | undefined {
  // hostile: lenient decoders drop what they do not know, so two readers would see two files
  if (text.length % 4 !== 0 || !LETTERS_THEN_PADDING.test(text)) return undefined;
  const length = decodedLength(text);
  // padding stands for zero bits
  const sextet = (index: number): number => Math.max(ALPHABET.indexOf(text.charAt(index)), 0);
  const unusedBits = [0, 0b11, 0b1111][(3 - (length % 3)) % 3] ?? 0;
  if (length > 0 && (sextet(Math.ceil((length * 4) / 3) - 1) & unusedBits) !== 0) return undefined;
  return {
    length,
    at: (index) => {
      if (index < 0 || index >= length) return undefined;
      const first = Math.floor(index / 3) * 4 + (index % 3);
      const shift = 4 - (index % 3) * 2;
      const pair = (sextet(first) << 6) | sextet(first + 1);
      return (pair >> shift) & 0xff;
    },
  };
}
