// WebCrypto is asynchronous only, and findings carry digests; so this is FIPS 180-4, section 6.2, over whole texts.

/** Returns "sha256:" and the digest in hex, of bytes or of a text's UTF-8. */
export function sha256(source: string | Uint8Array): string {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const state = Int32Array.from(INITIAL);
  const words = new Int32Array(64);
  for (const block of blocksOf(bytes)) {
    for (let at = 0; at < 16; at++) words[at] = block.getInt32(at * 4);
    compress(state, words);
  }
  return `sha256:${Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("")}`;
}

function* blocksOf(bytes: Uint8Array): Generator<DataView> {
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) yield new DataView(bytes.buffer, bytes.byteOffset + at, 64);
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);
  for (let at = 0; at < tail.length; at += 64) yield new DataView(tail.buffer, at, 64);
}

function compress(state: Int32Array, words: Int32Array): void {
  const word = (at: number): number => words[at] as number;
  for (let at = 16; at < 64; at++) {
    const a = word(at - 15);
    const b = word(at - 2);
    words[at] =
      (word(at - 16) +
        (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) +
        word(at - 7) +
        (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) |
      0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let at = 0; at < 64; at++) {
    const first =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (ROUND[at] as number) + word(at)) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] = ((state[at] as number) + value) | 0));
}

const turn = (value: number, by: number): number => (value >>> by) | (value << (32 - by));

/** The first 32 bits of the fractions of a root of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractions(count: number, root: (prime: number) => number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes.map((prime) => ((root(prime) % 1) * 2 ** 32) | 0);
}
const INITIAL = fractions(8, Math.sqrt);
const ROUND = fractions(64, Math.cbrt);
