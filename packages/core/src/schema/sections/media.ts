import {
  anyObject,
  closed,
  count,
  flag,
  list,
  MEDIA_TYPE_NAME,
  oneOf,
  open,
  ref,
  type SchemaData,
  text,
} from "../notation.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";

/** What media a prompt accepts. Keys beyond the four are custom types. Source: schema 1.9.0, MediaConfig. */
export interface MediaConfig {
  readonly enabled: boolean;
  readonly supported_types?: readonly string[];
  readonly image?: ImageConfig;
  readonly audio?: AudioConfig;
  readonly video?: VideoConfig;
  readonly document?: DocumentConfig;
  readonly examples?: readonly MultimodalExample[];
  readonly [customType: string]: unknown;
}

/** What every kind of media may limit. */
export interface MediaLimits {
  /** Megabytes of decoded bytes, 1 MB = 1 048 576 bytes. */
  readonly max_size_mb?: number;
  readonly allowed_formats?: readonly string[];
}

export interface ImageConfig extends MediaLimits {
  readonly default_detail?: string;
  readonly require_caption?: boolean;
  readonly max_images_per_msg?: number;
}

export interface AudioConfig extends MediaLimits {
  readonly max_duration_sec?: number;
  readonly require_metadata?: boolean;
}

export interface VideoConfig extends MediaLimits {
  readonly max_duration_sec?: number;
  readonly require_metadata?: boolean;
}

export interface DocumentConfig extends MediaLimits {
  readonly max_pages?: number;
  readonly require_metadata?: boolean;
  readonly extraction_mode?: "text" | "structured" | "raw";
}

/** A custom type. It needs a key beyond the first three, usually validation_params, to be schema-valid. */
export interface GenericMediaTypeConfig extends MediaLimits {
  readonly require_metadata?: boolean;
  readonly validation_params?: JsonObject;
  readonly [key: string]: JsonValue | undefined;
}

export interface MultimodalExample {
  readonly name: string;
  readonly description?: string;
  readonly role: "user" | "assistant" | "system";
  readonly parts: readonly MultimodalPart[];
}

/** A content part as packs write it; messages/ has the stricter form that models get. */
export interface MultimodalPart {
  readonly type: string;
  readonly text?: string;
  readonly media?: MediaReference;
}

/** Names its content by exactly one of file_path, url and base64. */
export interface MediaReference {
  readonly file_path?: string;
  readonly url?: string;
  readonly base64?: string;
  readonly mime_type: string;
  readonly detail?: "low" | "high" | "auto";
  readonly caption?: string;
}

const limits = { max_size_mb: count(), allowed_formats: list(text()) };

export const mediaDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  MediaConfig: open(
    "enabled",
    {
      enabled: flag(),
      supported_types: list(text({ pattern: MEDIA_TYPE_NAME })),
      image: ref("ImageConfig"),
      audio: ref("AudioConfig"),
      video: ref("VideoConfig"),
      document: ref("DocumentConfig"),
      examples: list(ref("MultimodalExample")),
    },
    {
      additionalProperties: {
        oneOf: ["ImageConfig", "AudioConfig", "VideoConfig", "DocumentConfig", "GenericMediaTypeConfig"].map(ref),
        ambiguityHint: 'add "validation_params": {}, which only a custom type has (R105)',
      },
    },
  ),
  ImageConfig: closed("", {
    ...limits,
    default_detail: text({ default: "auto" }),
    require_caption: flag(false),
    max_images_per_msg: count(),
  }),
  AudioConfig: closed("", { ...limits, max_duration_sec: count(), require_metadata: flag(false) }),
  VideoConfig: closed("", { ...limits, max_duration_sec: count(), require_metadata: flag(false) }),
  DocumentConfig: closed("", {
    ...limits,
    max_pages: count(),
    require_metadata: flag(false),
    extraction_mode: { ...oneOf("text", "structured", "raw"), default: "text" },
  }),
  GenericMediaTypeConfig: open("", { ...limits, require_metadata: flag(false), validation_params: anyObject }),
  MultimodalExample: closed("name role parts", {
    name: text(),
    description: text(),
    role: oneOf("user", "assistant", "system"),
    parts: list(ref("ContentPart"), { minItems: 1 }),
  }),
  ContentPart: closed("type", { type: text({ pattern: MEDIA_TYPE_NAME }), text: text(), media: ref("MediaReference") }),
  MediaReference: closed("mime_type", {
    file_path: text(),
    url: text({ format: "uri" }),
    base64: text(),
    mime_type: text(),
    detail: oneOf("low", "high", "auto"),
    caption: text(),
  }),
});
