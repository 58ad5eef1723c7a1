import { createDiagnostic } from "../../diagnostics/report.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Limits } from "../limits.ts";
import { createLineMap } from "./line-map.ts";

/** A text, and what was wrong with the bytes that it came from. An error means that the text cannot be used. */
export interface DecodedText {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

const BOM = "\uFEFF";

/** Decodes strict UTF-8 within the size limit and strips one byte order mark, with a warning. Source: RULINGS 2. */
export function decodeText(source: string | Uint8Array, limits: Limits, file?: string): DecodedText {
  const size = typeof source === "string" ? utf8Length(source, limits.maxBytes) : source.byteLength;
  if (size > limits.maxBytes) {
    return refuse("", "LIMIT_EXCEEDED", `the text has ${typeof source === "string" ? "more" : size} bytes, the limit is ${limits.maxBytes}`.replace("more bytes", "more bytes than allowed"), 0, file);
  }
  const text = typeof source === "string" ? source : decodeUtf8(source);
  if (text === undefined) return refuseBytes(source as Uint8Array, file);
  if (!text.isWellFormed()) {
    return refuse(text, "LONE_SURROGATE", "the text holds half of a surrogate pair", loneSurrogateAt(text), file);
  }
  if (!text.startsWith(BOM)) return { text, diagnostics: [] };
  const start = { offset: 0, line: 1, column: 1 };
  const warning = createDiagnostic("BYTE_ORDER_MARK", "", "the text starts with a byte order mark; it was skipped");
  return { text: text.slice(1), diagnostics: [{ ...warning, span: { ...(file === undefined ? {} : { file }), start, end: start } }] };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuseBytes(bytes: Uint8Array, file: string | undefined): DecodedText {
  const prefix = validPrefix(bytes);
  const looksLike = FOREIGN.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const message = `byte ${prefix.length} is not UTF-8${looksLike === undefined ? "" : `; the bytes look like ${looksLike}`}`;
  const text = decodeUtf8(bytes.subarray(0, prefix.length)) ?? "";
  return { ...refuse(text, "INVALID_UTF8", message, text.length, file), text: "" };
}

const FOREIGN = [
  [0xff, 0xfe, "UTF-16"],
  [0xfe, 0xff, "UTF-16"],
  [0x1f, 0x8b, "gzip"],
  [0x50, 0x4b, "a zip archive"],
] as const;

/** The longest prefix that is UTF-8: bisected, because a decoder says that bytes are wrong but not where. */
function validPrefix(bytes: Uint8Array): Uint8Array {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUtf8Prefix(bytes, middle)) low = middle;
    else high = middle - 1;
  }
  return bytes.subarray(0, low);
}

// A cut may fall inside a character, so up to three bytes before it are forgiven where they begin one.
function isUtf8Prefix(bytes: Uint8Array, end: number): boolean {
  for (let back = 0; back <= 3 && back <= end; back++) {
    if (decodeUtf8(bytes.subarray(0, end - back)) !== undefined) return back === 0 || canContinue(bytes.subarray(end - back, end));
  }
  return false;
}

function canContinue(tail: Uint8Array): boolean {
  const lead = tail[0] ?? 0;
  const length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xc2 && lead <= 0xdf ? 2 : 0;
  return tail.length < length && tail.subarray(1).every((byte) => byte >= 0x80 && byte <= 0xbf) && decodeUtf8(complete(tail, length)) !== undefined;
}

function complete(tail: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length).fill(tail.length === 1 && (tail[0] === 0xe0 || tail[0] === 0xf0) ? 0xa0 : 0x80);
  whole.set(tail);
  return whole;
}

function utf8Length(text: string, enough: number): number {
  // one UTF-16 code unit is at most three bytes of UTF-8, so most texts need no count
  if (text.length * 3 <= enough) return text.length;
  if (text.length > enough) return text.length;
  return new TextEncoder().encode(text).byteLength;
}

function loneSurrogateAt(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return index;
    if (code > 0xffff) index++;
  }
  return 0;
}

function refuse(text: string, code: "LIMIT_EXCEEDED" | "INVALID_UTF8" | "LONE_SURROGATE", message: string, offset: number, file: string | undefined): DecodedText {
  return { text, diagnostics: [{ ...createDiagnostic(code, "", message), span: createLineMap(text, file).span(offset, offset) }] };
}
