import { quoteName } from "../diagnostics/quote-name.ts";

/** What a text may not exceed. A host may raise them; a pack cannot. */
export interface DocumentLimits {
  /** UTF-8 bytes of the text; 16 MiB when absent. */
  readonly maxBytes?: number;
  /** Nested arrays and objects; 128 when absent, 1000 at most. */
  readonly maxDepth?: number;
  /** Values in all; 200 000 when absent. */
  readonly maxNodes?: number;
  /** UTF-16 code units of a key; 1024 when absent. */
  readonly maxKeyLength?: number;
  /** Characters of a number; 400 when absent. */
  readonly maxNumberLength?: number;
}

/** Ends a reading, after it was reported why: what follows a syntax error or a limit has no sure meaning. */
export class Stop extends Error {}

export type Limits = Required<DocumentLimits>;

/** Beyond this depth the stack of some runtimes ends before ours does. */
const DEEPEST = 1000;

/**
 * Returns the limits with defaults filled in. Source: RULINGS 2.
 * @throws {TypeError} for a limit that is not a positive number
 */
export function fillLimits(limits?: DocumentLimits): Limits {
  return limits === undefined ? DEFAULTS : fill(limits);
}

function fill(limits: DocumentLimits): Limits {
  const filled: Limits = {
    maxBytes: limits.maxBytes ?? 16 * 1024 * 1024,
    maxDepth: Math.min(limits.maxDepth ?? 128, DEEPEST),
    maxNodes: limits.maxNodes ?? 200_000,
    maxKeyLength: limits.maxKeyLength ?? 1024,
    maxNumberLength: limits.maxNumberLength ?? 400,
  };
  for (const [name, value] of Object.entries(filled)) {
    if (!(value > 0)) throw new TypeError(`the limit ${quoteName(name)} is a positive number`);
  }
  return filled;
}

/** Characters of a pointer. */
const MAX_PATH = 20_480;

/** Returns the limits within which no pointer is too long, even where every character of a key is escaped. */
export function withShortKeys(limits: Limits): Limits {
  const { maxDepth, maxKeyLength } = limits;
  return { ...limits, maxKeyLength: Math.min(maxKeyLength, Math.floor(MAX_PATH / maxDepth / 2) - 1) };
}

/** Returns why a key below a pointer is too long, by itself or with those before it, or undefined. */
export function keyFault(key: string, pointer: string, { maxKeyLength }: Limits): string | undefined {
  // hostile: each of thousands of findings names the whole way
  const isKey = key.length > maxKeyLength;
  const [text, limit] = isKey ? [key, maxKeyLength] : [pointer, MAX_PATH];
  return text.length > limit
    ? `a ${isKey ? "key" : "pointer"} has ${text.length} characters, the limit is ${limit}`
    : undefined;
}

const DEFAULTS: Limits = fill({});
