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

/**
 * Decodes strict UTF-8 within the size limit and strips one byte order mark, with a warning. Source: RULINGS 2.
 * @throws {TypeError} for what is neither text nor bytes
 */
export function decodeText(source: string | Uint8Array, limits: Limits, file?: string): DecodedText {
  // a view, not an instance: bytes of another realm are bytes too
  if (typeof source !== "string" && !ArrayBuffer.isView(source))
    throw new TypeError("the source is text (a string) or bytes (a Uint8Array)");
  const size = typeof source === "string" ? utf8Length(source, limits.maxBytes) : source.byteLength;
  if (size > limits.maxBytes) {
    return refuse("", "LIMIT_EXCEEDED", `the text is longer than ${limits.maxBytes} bytes, the limit`, 0, file);
  }
  const text = typeof source === "string" ? source : decodeUtf8(source);
  if (text === undefined) return refuseBytes(source as Uint8Array, file);
  if (!text.isWellFormed()) {
    return refuse(text, "LONE_SURROGATE", "the text holds half of a surrogate pair", loneSurrogateAt(text), file);
  }
  if (!text.startsWith(BOM)) return { text, diagnostics: [] };
  const start = { offset: 0, line: 1, column: 1 };
  const warning = createDiagnostic("BYTE_ORDER_MARK", "", "a byte order mark was skipped");
  return {
    text: text.slice(1),
    diagnostics: [{ ...warning, span: { ...(file === undefined ? {} : { file }), start, end: start } }],
  };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuseBytes(bytes: Uint8Array, file: string | undefined): DecodedText {
  const valid = validLength(bytes);
  const looksLike = FOREIGN.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const message = `byte ${valid} is not UTF-8${looksLike === undefined ? "" : `; the bytes look like ${looksLike}`}`;
  const text = decodeUtf8(bytes.subarray(0, valid)) ?? "";
  return { ...refuse(text, "INVALID_UTF8", message, text.length, file), text: "" };
}

const FOREIGN = [
  [0xff, 0xfe, "UTF-16"],
  [0xfe, 0xff, "UTF-16"],
  [0x1f, 0x8b, "gzip"],
  [0x50, 0x4b, "a zip archive"],
] as const;

/** Returns how many bytes are whole characters: a decoder says that bytes are wrong but not where. Source: RFC 3629. */
function validLength(bytes: Uint8Array): number {
  let index = 0;
  while (index < bytes.length) {
    const lead = bytes[index] as number;
    const length = lead < 0x80 ? 1 : lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length === 0) return index;
    // no overlong form, no surrogate, nothing above U+10FFFF
    let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    for (let next = index + 1; next < index + length; next++) {
      const byte = bytes[next] ?? 0;
      if (byte < low || byte > high) return index;
      low = 0x80;
      high = 0xbf;
    }
    index += length;
  }
  return index;
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

function refuse(
  text: string,
  code: "LIMIT_EXCEEDED" | "INVALID_UTF8" | "LONE_SURROGATE",
  message: string,
  offset: number,
  file: string | undefined,
): DecodedText {
  return {
    text,
    diagnostics: [{ ...createDiagnostic(code, "", message), span: createLineMap(text, file).span(offset, offset) }],
  };
}
