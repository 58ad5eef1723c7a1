import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import type { Bytes } from "./base64.ts";
import { imageSize } from "./image-size.ts";
import { formatOf, type MimeType } from "./mime-type.ts";

export interface MediaBytesOptions {
  /** Pointer of the bytes in the input. */
  readonly pointer?: string;
  /** Width times height that an image header may claim; 100 000 000 when absent. */
  readonly maxPixels?: number;
}

const MAX_PIXELS = 100_000_000;

/** Returns what is wrong with the bytes of a medium: they are not of its MIME type, or claim too many pixels. Source: RULINGS 24. */
export function checkMediaBytes(
  bytes: Bytes,
  mimeType: MimeType,
  { pointer = "", maxPixels }: MediaBytesOptions = {},
): readonly Diagnostic[] {
  const fault = mediaBytesFault(bytes, mimeType, maxPixels);
  return fault === undefined ? [] : [createDiagnostic(fault.code, pointer, fault.message)];
}

/** Returns what is wrong with the bytes of a medium, or undefined. */
export function mediaBytesFault(
  bytes: Bytes,
  mimeType: MimeType,
  maxPixels: number = MAX_PIXELS,
): { readonly code: DiagnosticCode; readonly message: string } | undefined {
  const format = formatOf(mimeType);
  if (contradicts(bytes, format)) {
    const found = sniffFormats(bytes)[0];
    const message = `the bytes are not ${mimeType.essence}${found === undefined ? "" : ` but look like ${found}`}`;
    return { code: "MEDIA_CONTENT_MISMATCH", message };
  }
  const size = imageSize(bytes, format);
  if (size === undefined || size.width * size.height <= maxPixels) return undefined;
  const message = `the image claims ${size.width} x ${size.height} pixels; at most ${maxPixels} are accepted`;
  return { code: "TOO_MANY_PIXELS", message };
}

/** Returns the formats whose signature the bytes begin with. */
export function sniffFormats(bytes: Bytes): readonly string[] {
  return Object.keys(SIGNATURES).filter((format) => hasSignature(bytes, format));
}

// Hexadecimal, ".." is any byte. Formats that share a container share its signature.
const FTYP = "........66747970";
const ZIP = "504b0304";
const OLE = "d0cf11e0a1b11ae1";
const EBML = "1a45dfa3";
const ASF = "3026b2758e66cf11";
const SIGNATURES: { readonly [format: string]: readonly string[] } = {
  png: ["89504e470d0a1a0a"],
  jpeg: ["ffd8ff"],
  gif: ["474946383761", "474946383961"],
  webp: ["52494646........57454250"],
  bmp: ["424d"],
  tiff: ["49492a00", "4d4d002a"],
  ico: ["00000100"],
  avif: [FTYP],
  heic: [FTYP],
  heif: [FTYP],
  mp3: ["494433", "fffb", "fffa", "fff3", "fff2", "ffe3", "ffe2"],
  wav: ["52494646........57415645"],
  ogg: ["4f676753"],
  opus: ["4f676753"],
  flac: ["664c6143"],
  aac: ["fff1", "fff9", "41444946", "494433"],
  m4a: [FTYP],
  aiff: ["464f524d........41494646", "464f524d........41494643"],
  wma: [ASF],
  mp4: [FTYP],
  m4v: [FTYP],
  mov: [FTYP, "........6d6f6f76", "........6d646174", "........77696465", "........66726565"],
  "3gp": [FTYP],
  webm: [EBML],
  mkv: [EBML],
  avi: ["52494646........41564920"],
  wmv: [ASF],
  flv: ["464c5601"],
  mpeg: ["000001ba", "000001b3"],
  pdf: ["255044462d"],
  rtf: ["7b5c727466"],
  docx: [ZIP],
  xlsx: [ZIP],
  pptx: [ZIP],
  odt: [ZIP],
  ods: [ZIP],
  odp: [ZIP],
  epub: [ZIP],
  doc: [OLE],
  xls: [OLE],
  ppt: [OLE],
  // Never accepted as text; no pack lists them.
  "an ELF program": ["7f454c46"],
  "a gzip archive": ["1f8b08"],
};
const TEXT_FORMATS: ReadonlySet<string> = new Set("txt md html csv json xml yaml svg".split(" "));
// Their signatures may be the first letters of a text.
const TEXT_LIKE: ReadonlySet<string> = new Set(["bmp", "mp3", "aac"]);
const TEXT_PREFIX = 512;

function contradicts(bytes: Bytes, format: string): boolean {
  if (Object.hasOwn(SIGNATURES, format)) return !hasSignature(bytes, format);
  if (!TEXT_FORMATS.has(format)) return false;
  for (let index = 0; index < Math.min(bytes.length, TEXT_PREFIX); index++) if (bytes.at(index) === 0) return true;
  return sniffFormats(bytes).some((found) => !TEXT_LIKE.has(found));
}

function hasSignature(bytes: Bytes, format: string): boolean {
  return (SIGNATURES[format] ?? []).some((signature) => {
    for (let index = 0; index < signature.length / 2; index++) {
      const expected = signature.slice(index * 2, index * 2 + 2);
      if (expected !== ".." && bytes.at(index) !== Number.parseInt(expected, 16)) return false;
    }
    return true;
  });
}
