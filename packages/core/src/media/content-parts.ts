import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isObject, jsonTypeOf } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import type { ContentPart, MediaPart, ReasoningPart, TextPart } from "../messages/message.ts";
import type { MultimodalPart } from "../schema/sections/media.ts";
import { parseMimeType } from "./mime-type.ts";

/** `parts` is present exactly when no diagnostic is an error. */
export interface CheckedParts {
  readonly parts?: readonly ContentPart[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns parts as packs and callers write them into the parts that models get, by their shape alone: MIME types in lower case
 * without parameters, one source each, unknown types with text as text. Nothing is dropped or replaced by words.
 * Source: SPEC 4.16, R112, R113, RULINGS 24, 26.
 */
export function toContentParts(parts: readonly (MultimodalPart | ContentPart)[]): CheckedParts {
  const { findings, report } = collectFindings();
  const converted = parts.map((part, index) => toContentPart(part, `/${index}`, report));
  const diagnostics = findings.map(({ diagnostic }) => diagnostic);
  const kept = converted.filter((part) => part !== undefined);
  return kept.length === parts.length ? { parts: kept, diagnostics } : { diagnostics };
}

/** Returns one part as models get it, or undefined after reporting why it is none. */
export function toContentPart(part: unknown, pointer: string, report: Report): ContentPart | undefined {
  // hostile: parts come from callers and examples of packs
  if (!isObject(part) || typeof part.type !== "string") {
    report("WRONG_TYPE", pointer, `found ${jsonTypeOf(part)}, expected an object with a "type"`);
    return undefined;
  }
  const { type, text, media } = part;
  const absent = media === undefined || media === null;
  if (isTextType(type) || (absent && !MEDIA_TYPES.has(type))) {
    if (typeof text === "string" && text !== "") {
      return { type: type === "reasoning" || type === "refusal" ? type : "text", text } as TextPart | ReasoningPart;
    }
    report("EMPTY_TEXT_PART", pointer, `a part of type "${type}" needs ${isTextType(type) ? "" : "media or "}a text`);
    return undefined;
  }
  if (!isObject(media)) {
    report(
      "MISSING_MEDIA",
      pointer,
      `a part of type "${type}" needs media; found ${absent ? "none" : jsonTypeOf(media)}`,
    );
    return undefined;
  }
  return toMediaPart(type, media, appendPointer(pointer, "media"), report);
}

/** Returns whether a part carries media. */
export function isMediaPart(part: ContentPart): part is MediaPart {
  return "media" in part;
}

/** Returns whether a value is a detail of an image (R108, R115). */
export function isDetail(value: unknown): value is "low" | "high" | "auto" {
  return value === "low" || value === "high" || value === "auto";
}

/** The three ways to name the content, in the order of the schema. */
export const MEDIA_SOURCES = ["file_path", "url", "base64"] as const;

const MEDIA_TYPES: ReadonlySet<string> = new Set(["image", "audio", "video", "document"]);
const isTextType = (type: string): boolean => type === "text" || type === "reasoning" || type === "refusal";

function toMediaPart(
  type: string,
  media: { readonly [key: string]: unknown },
  pointer: string,
  report: Report,
): MediaPart | undefined {
  const sources = MEDIA_SOURCES.filter((source) => media[source] !== undefined && media[source] !== null);
  const [source] = sources;
  const content = source === undefined ? "" : media[source];
  const mimeType = checkMimeType(type, media.mime_type, appendPointer(pointer, "mime_type"), report);
  if (sources.length > 1) {
    report("SEVERAL_MEDIA_SOURCES", pointer, `found ${sources.join(" and ")}; expected exactly one`);
    return undefined;
  }
  if (source === undefined || typeof content !== "string" || content === "") {
    report("MISSING_MEDIA_SOURCE", pointer, `expected one of ${MEDIA_SOURCES.join(", ")} with a text`);
    return undefined;
  }
  if (mimeType === undefined) return undefined;
  const { detail, caption } = media;
  return {
    type,
    media: {
      mime_type: mimeType,
      [source]: content,
      ...(isDetail(detail) ? { detail } : {}),
      ...(typeof caption === "string" && caption !== "" ? { caption } : {}),
    },
  };
}

function checkMimeType(type: string, text: unknown, pointer: string, report: Report): string | undefined {
  const mimeType = typeof text === "string" ? parseMimeType(text) : undefined;
  if (mimeType === undefined) {
    report("INVALID_MIME_TYPE", pointer, 'expected a MIME type such as "image/png"');
    return undefined;
  }
  if (fitsType(type, mimeType.type)) return mimeType.essence;
  report("MIME_TYPE_MISMATCH", pointer, `a part of type "${type}" cannot hold "${mimeType.essence}"`);
  return undefined;
}

function fitsType(type: string, top: string): boolean {
  if (type === "document") return top !== "image" && top !== "audio" && top !== "video";
  // Containers such as application/ogg and application/mp4 hold sound and video.
  if (type === "audio" || type === "video") return top === type || top === "application";
  return type !== "image" || top === "image";
}
