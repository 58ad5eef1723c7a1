const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/**
 * Returns whether a sampling eval runs: the same answer for the same session and turn, everywhere.
 * FNV-1a (64 bits) over the session id and the decimal turn, modulo 10 000, against the percentage times 100;
 * PromptKit draws the same lots. Source: R127.
 */
export function isSampled(sessionId: string, turn: number, percentage: number): boolean {
  return sampleLot(sessionId, turn) < Math.floor(percentage * 100);
}

/** Returns the lot of a session's turn, 0 to 9999. */
export function sampleLot(sessionId: string, turn: number): number {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(`${sessionId}${turn}`)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return Number(hash % 10000n);
}
