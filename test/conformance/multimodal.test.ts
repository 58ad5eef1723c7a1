import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkMediaParts, supportedTypes } from "../../packages/core/src/media/check-media-parts.ts";
import { isMediaPart, toContentParts } from "../../packages/core/src/media/content-parts.ts";
import type { DiagnosticCode } from "../../packages/core/src/diagnostics/codes.ts";
import type { ContentPart } from "../../packages/core/src/messages/message.ts";
import type { MediaConfig, MultimodalPart } from "../../packages/core/src/schema/sections/media.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

/** What RULINGS decide where the vectors are open. */
const DECIDED: Readonly<Record<string, unknown>> = {
  "multimodal-002": { error: "empty_text" }, // ruling 24
  "multimodal-006": { error: "unread_file" }, // ruling 25: only a loader with a root reads it
  "multimodal-007": { error: "missing_media" }, // ruling 24
  "multimodal-008": { error: "missing_media" }, // ruling 24
  "multimodal-061": { error: "several_sources" }, // ruling 24
  "multimodal-068": { error: "unread_file" }, // ruling 25
  "multimodal-069": { error: "several_sources" }, // ruling 24
  "multimodal-070": { role: "user", content: [] }, // rulings are silent; both older libraries agree on the empty list
};

const ERRORS: Partial<Record<DiagnosticCode, string>> = {
  MEDIA_DISABLED: "media_disabled",
  UNSUPPORTED_MEDIA_TYPE: "unsupported_type",
  MEDIA_FORMAT_NOT_ALLOWED: "format_not_allowed",
  MISSING_CAPTION: "caption_required",
  MIME_TYPE_MISMATCH: "invalid_mime",
  INVALID_MIME_TYPE: "invalid_mime",
  MISSING_MEDIA_SOURCE: "missing_source",
  SEVERAL_MEDIA_SOURCES: "several_sources",
  MEDIA_TOO_LARGE: "too_large",
  EMPTY_TEXT_PART: "empty_text",
  MISSING_MEDIA: "missing_media",
};

interface Input {
  readonly op: string;
  readonly role?: string;
  readonly parts: readonly MultimodalPart[];
  readonly media?: MediaConfig;
  readonly prompt?: { readonly media?: MediaConfig };
}
interface Case {
  readonly id: string;
  readonly title: string;
  readonly input: Input;
  readonly expect: unknown;
  readonly open?: boolean;
}

/** The standard content block of LangChain 1 that carries a part; an adapter does the same. */
function toBlock(part: ContentPart): object {
  if (!isMediaPart(part)) return { type: "text", text: part.text };
  const { mime_type, url, base64, detail, caption } = part.media;
  const metadata = { ...(detail && { detail }), ...(caption && { caption }) };
  return {
    type: ["image", "audio", "video"].includes(part.type) ? part.type : "file",
    ...(url === undefined ? { data: base64 } : { url }),
    mimeType: mime_type,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function convert(parts: readonly MultimodalPart[]): { content: unknown } | { error: unknown } {
  const { parts: converted, diagnostics } = toContentParts(parts);
  if (converted === undefined) return { error: errorOf(diagnostics) };
  if (converted.some((part) => isMediaPart(part) && part.media.file_path !== undefined))
    return { error: "unread_file" };
  return { content: converted.map(toBlock) };
}

const errorOf = (diagnostics: readonly { readonly code: DiagnosticCode }[]): unknown =>
  diagnostics.map(({ code }) => ERRORS[code] ?? code)[0];

const ops: Readonly<Record<string, (input: Input) => unknown>> = {
  convert_parts: ({ parts }) => convert(parts),
  message: ({ role, parts }) => {
    const result = convert(parts);
    const [only] = parts;
    const alone = parts.length === 1 && only?.type === "text" ? { content: only.text } : result;
    return { ...(role !== undefined && { role }), ...alone };
  },
  validate_media: ({ parts, media }) => {
    const { parts: checked, diagnostics } = checkMediaParts(parts, media);
    return checked === undefined ? { error: errorOf(diagnostics) } : { ok: true };
  },
  prompt_media: ({ prompt }) => ({
    multimodal: prompt?.media?.enabled ?? false,
    supported_types: prompt?.media === undefined ? null : supportedTypes(prompt.media),
  }),
};

const repeated = (_key: string, value: unknown): unknown => {
  const repeat = (value as { $repeat?: [string, number] } | null)?.$repeat;
  return repeat === undefined ? value : repeat[0].repeat(repeat[1]);
};

describe.skipIf(dir === undefined)("vectors of content parts (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const text = dir === undefined ? '{"vectors":[]}' : readFileSync(join(dir, "vectors/multimodal.json"), "utf8");
  const cases = (JSON.parse(text, repeated) as { vectors: readonly Case[] }).vectors;
  for (const { id, title, input, expect: expected, open } of cases) {
    it(`${id}: ${title}`, () => {
      const actual = ops[input.op]?.(input);
      const wanted = open === true ? DECIDED[id] : expected;
      expect(wanted).toBeDefined();
      // Some expectations leave out the role that the input gives.
      if (input.op === "message") expect(actual).toMatchObject(wanted as object);
      else expect(actual).toEqual(wanted);
    });
  }
});
