import { type BaseMessage, coerceMessageLikeToMessage, type ContentBlock } from "@langchain/core/messages";
import { type ContentPart, printable } from "promptpack";
import { type PartInput, type PartsOptions, providerParts } from "promptpack/adapters";

export type { PartInput, PartsOptions };

/**
 * Returns content parts as the standard content blocks of LangChain 1. Source: SPEC 4.16, RULINGS 24-26.
 *
 * @throws {InputError} every bad part at once, among them UNREADABLE_MEDIA for a file_path: read files first
 */
export function convertContentParts(parts: readonly PartInput[], options: PartsOptions = {}): ContentBlock.Standard[] {
  return providerParts(parts, options).map(toBlock);
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
