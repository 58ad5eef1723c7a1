import { AIMessage, type BaseMessage, type ContentBlock, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { checkMediaParts, type ContentPart, type Diagnostic, InputError, toContentParts } from "promptpack";

/** A content part as packs and callers write it. */
export type PartInput = Parameters<typeof toContentParts>[0][number];

type MediaConfig = NonNullable<Parameters<typeof checkMediaParts>[1]>;
type MediaPartsOptions = NonNullable<Parameters<typeof checkMediaParts>[2]>;

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
  const faults = checked.diagnostics.filter(({ severity }) => severity === "error");
  const converted = checked.parts ?? [];
  converted.forEach((part, index) => {
    if ("media" in part && part.media.file_path !== undefined) faults.push(unread(index));
  });
  if (faults.length > 0) throw new InputError(faults);
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
  const blocks = convertContentParts(parts, options);
  const [first] = blocks;
  const text = blocks.length === 1 && first?.type === "text" && typeof first.text === "string" ? first.text : undefined;
  const fields = text === undefined ? { contentBlocks: blocks } : { content: text };
  if (role === "user") return new HumanMessage(fields);
  if (role === "assistant") return new AIMessage(fields);
  if (role === "system") return new SystemMessage(fields);
  throw new TypeError(`a multimodal message is of the user, the assistant or the system, not "${String(role)}"`);
}

function toBlock(part: ContentPart): ContentBlock.Standard {
  if (!("media" in part)) return { type: "text", text: part.text };
  const { mime_type: mimeType, url, base64, detail, caption } = part.media;
  const metadata = { ...(detail && { detail }), ...(caption && { caption }) };
  return {
    type: part.type === "image" || part.type === "audio" || part.type === "video" ? part.type : "file",
    ...(url === undefined ? { data: base64 } : { url }),
    mimeType,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  } as ContentBlock.Standard;
}

function unread(index: number): Diagnostic {
  const message = "a provider cannot read a file_path; read the file first and pass its content as base64";
  return {
    code: "UNREADABLE_MEDIA",
    severity: "error",
    layer: "reference",
    pointer: `/${index}/media/file_path`,
    message,
  };
}
