import { findAll } from "../ground/find-all.ts";
import type { Severity, TextRange } from "../ground/finding.ts";
import { decodeBase64, decodeHex, readableText } from "./decode.ts";
import { entropyOf, isPlaceholder } from "./entropy.ts";
import {
  CONTEXT_PATTERNS,
  CREDENTIAL_NAME,
  DIGEST_NAME,
  HEX_KEY,
  PROVIDER_PATTERNS,
  type SecretPattern,
} from "./patterns.ts";

/** How a credential was disguised, from the outside in. */
export type SecretLayer = "invisible characters" | "base64" | "hex" | "escapes" | "joined texts" | "rendered template";

/** A credential in one text. `secret` stays inside this package: it is never shown or returned. */
export interface SecretMatch {
  readonly kind: string;
  readonly severity: Severity;
  readonly secret: string;
  /** Where it, or what disguises it, stands in the text. */
  readonly range: TextRange;
  readonly layers: readonly SecretLayer[];
}

const MAX_LAYERS = 4;
// hostile: a text of nothing but encodings must not cost more than its own length a few times
const MAX_DECODED = 4 * 1024 * 1024;
const SHORTEST = 12;

/** Finds credentials in one text, through what hides them. `label` is what the text is called. */
export function scanText(text: string, label = ""): readonly SecretMatch[] {
  if (text.length < SHORTEST) return [];
  const scan: Scan = { matches: [], places: new Map(), taken: undefined, left: MAX_DECODED };
  scanLayer(text, label, [], undefined, scan);
  return scan.matches;
}

/** hostile: a text may hold nothing but credentials, so none is compared with all the others. */
interface Scan {
  readonly matches: SecretMatch[];
  /** Of each secret, where it was found. */
  readonly places: Map<string, Set<TextRange>>;
  /** 1 for each unit of the text that is part of a credential in the open. */
  taken: Uint8Array | undefined;
  /** Characters that may still be decoded. */
  left: number;
}

function scanLayer(
  text: string,
  label: string,
  layers: readonly SecretLayer[],
  outer: TextRange | undefined,
  scan: Scan,
): void {
  scanPlain(text, label, (pattern, secret, range) => {
    // Where the whole text is unveiled, what stood in it openly turns up once more.
    const places = scan.places.get(secret) ?? new Set();
    const isKnown =
      outer === undefined
        ? (scan.taken ??= new Uint8Array(text.length)).subarray(range.start, range.end).includes(1)
        : places.size > 0 && (layers[0] === "invisible characters" || layers[0] === "escapes" || places.has(outer));
    if (isKnown) return;
    if (outer === undefined) scan.taken?.fill(1, range.start, range.end);
    const place = outer ?? range;
    scan.places.set(secret, places.add(place));
    scan.matches.push({ kind: pattern.kind, severity: pattern.severity, secret, range: place, layers });
  });
  if (layers.length >= MAX_LAYERS) return;
  const deeper = (layer: SecretLayer, decoded: string | undefined, range: TextRange): void => {
    if (decoded === undefined || decoded.length < SHORTEST || decoded.length > scan.left) return;
    scan.left -= decoded.length;
    scanLayer(decoded, label, [...layers, layer], outer ?? range, scan);
  };
  const whole = { start: 0, end: text.length };
  if (NOT_ASCII.test(text)) {
    const visible = text.normalize("NFKC").replace(INVISIBLE, "");
    if (visible !== text) deeper("invisible characters", visible, whole);
  }
  if (text.includes("\\") || text.includes("%")) {
    const unescaped = text.replace(ESCAPE, (_, a: string, b: string, c: string) =>
      String.fromCharCode(parseInt(a ?? b ?? c, 16)),
    );
    if (unescaped !== text) deeper("escapes", unescaped, whole);
  }
  for (const match of findAll(text, ENCODED)) {
    const [run] = match;
    const range = { start: match.index, end: match.index + run.length };
    if (/^(?:[0-9a-fA-F]{2})+$/.test(run)) deeper("hex", readableText(decodeHex(run)), range);
    deeper("base64", readableText(decodeBase64(run)), range);
  }
}

function scanPlain(
  text: string,
  label: string,
  found: (pattern: SecretPattern, secret: string, range: TextRange) => void,
): void {
  if (!WORDLIKE.test(text)) return;
  for (const pattern of PROVIDER_PATTERNS) scanPattern(text, pattern, found);
  for (const pattern of CONTEXT_PATTERNS) {
    scanPattern(text, pattern, (kind, secret, range) => {
      if (looksRandom(secret)) found(kind, secret, range);
    });
  }
  const isNamed = CREDENTIAL_NAME.test(label) && text.length >= 16 && text.length <= 500 && !/\s/.test(text);
  if (isNamed && looksRandom(text) && entropyOf(text) >= 3.3 && !isPlaceholder(text)) {
    found({ kind: "credential", pattern: HEX_KEY, severity: "high" }, text, { start: 0, end: text.length });
  }
  if (DIGEST_NAME.test(label)) return;
  scanPattern(text, { kind: "hex-key", pattern: HEX_KEY, severity: "medium" }, (kind, secret, range) => {
    if (!DIGEST_NAME.test(text.slice(Math.max(0, range.start - 24), range.start))) found(kind, secret, range);
  });
}

function scanPattern(
  text: string,
  pattern: SecretPattern,
  found: (pattern: SecretPattern, secret: string, range: TextRange) => void,
): void {
  for (const match of findAll(text, pattern.pattern)) {
    const secret = match[1] ?? match[0];
    if (isPlaceholder(secret) || entropyOf(secret) < (pattern.entropy ?? 3)) continue;
    found(pattern, secret, { start: match.index, end: match.index + match[0].length });
  }
}

/** A password in prose has letters and digits; a word or a dotted name has not. */
function looksRandom(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text) && !/^[\w.-]+\.(?:json|ya?ml|md|txt|com|org|dev|io)$/i.test(text);
}

/** Every credential has a run of characters that is longer than most words. */
const WORDLIKE = /\S{12}|PRIVATE KEY/;
const NOT_ASCII = /[^\u0000-\u007F]/;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u{E0000}-\u{E0FFF}]/gu;
const ESCAPE = /\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})/g;
const ENCODED = /[A-Za-z0-9+/_-]{20,}={0,2}/g;
