import { type BaseMessage, coerceMessageLikeToMessage, type ContentBlock } from "@langchain/core/messages";
import { checkMediaParts, type ContentPart, type Diagnostic, InputError, printable, toContentParts } from "promptpack";
import type { MediaConfig, MediaPartsOptions } from "promptpack/types";

/** A content part as packs and callers write it. */
export type PartInput = Parameters<typeof toContentParts>[0][number];

export interface PartsOptions extends MediaPartsOptions {
  /** The prompt's media settings, to check the parts against; without them only their shape is checked. */
  readonly media?: MediaConfig | undefined;
}

/**
 * Returns content parts as the standard content blocks of LangChain 1. Source: SPEC 4.16, RULINGS 24-26.
 *
 * @throws {InputError} every bad part at once, among them UNREADABLE_MEDIA for a file_path: read files first
 */
export function convertContentParts(parts: readonly PartInput[], options: PartsOptions = {}): ContentBlock.Standard[] {
  const { media, ...limits } = options;
  const checked = media === undefined ? toContentParts(parts) : checkMediaParts(parts, media, limits);
  const converted = checked.parts ?? [];
  const faults = [...checked.diagnostics, ...converted.flatMap(unreadable)];
  if (faults.some(({ severity }) => severity === "error")) throw new InputError(faults);
  return converted.map(toBlock);
}

/**
 * Returns a message of content blocks; a single text is plain text content.
 *
 * @throws {InputError} as convertContentParts
 * @throws {TypeError} for another role
 */
export function createMultimodalMessage(
  role: "user" | "assistant" | "system",
  parts: readonly PartInput[],
  options: PartsOptions = {},
): BaseMessage {
  if (!["user", "assistant", "system"].includes(role))
    throw new TypeError(`a multimodal message is of the user, the assistant or the system, not "${printable(role)}"`);
  const content = convertContentParts(parts, options);
  const [first, second] = content;
  if (first?.type === "text" && second === undefined) return coerceMessageLikeToMessage([role, first.text as string]);
  return coerceMessageLikeToMessage({ role, content, response_metadata: { output_version: "v1" } });
}

function toBlock(part: ContentPart): ContentBlock.Standard {
  if (!("media" in part)) return { type: "text", text: part.text };
  const { mime_type: mimeType, url, base64, detail, caption } = part.media;
  const metadata = { ...(detail && { detail }), ...(caption && { caption }) };
  return {
    type: ["image", "audio", "video"].includes(part.type) ? part.type : "file",
    ...(url === undefined ? { data: base64 } : { url }),
    mimeType,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  } as ContentBlock.Standard;
}

function unreadable(part: ContentPart, index: number): Diagnostic[] {
  if (!("media" in part) || part.media.file_path === undefined) return [];
  return [
    {
      code: "UNREADABLE_MEDIA",
      severity: "error",
      layer: "reference",
      pointer: `/${index}/media/file_path`,
      message: "a provider cannot read a file_path; read the file first and pass its content as base64",
    },
  ];
}
