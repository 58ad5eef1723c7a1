import { collectFindings, hasError, type Report } from "../diagnostics/report.ts";
import { listNames } from "../diagnostics/suggest.ts";
import { getOwn, isObject } from "../json/json.ts";
import type { ContentPart, MediaPart } from "../messages/message.ts";
import type { MediaConfig, MultimodalPart } from "../schema/sections/media.ts";
import { base64Bytes, decodedLength } from "./base64.ts";
import { mediaBytesFault } from "./check-media-bytes.ts";
import { type MediaPathFault, mediaPathFault, mediaUrlFault } from "./check-media-source.ts";
import { type CheckedParts, isDetail, isMediaPart, toContentPart } from "./content-parts.ts";
import { formatNamed, formatOf, type MimeType, parseMimeType } from "./mime-type.ts";

/** What the host has measured of a medium. */
export interface MediaMetadata {
  readonly duration_sec?: number;
  readonly pages?: number;
  readonly size_bytes?: number;
  readonly [key: string]: unknown;
}

export interface MediaPartsOptions {
  /** For each part, what the host knows of its medium. */
  readonly metadata?: readonly (MediaMetadata | undefined)[];
  /** Hosts that a url may name; any public one when absent. */
  readonly allowedHosts?: readonly string[];
  /** Decoded bytes of one medium that the host accepts at most; the pack's max_size_mb can only lower it. */
  readonly maxBytes?: number;
  /** Width times height that an image header may claim; 100 000 000 when absent. */
  readonly maxPixels?: number;
}

/**
 * Checks content parts against a prompt's media settings before they reach a model, and returns them as models get them,
 * with the image's default_detail filled in. Reads no file and fetches no URL. Without settings, or with `enabled` false,
 * media are refused and text passes. Source: SPEC 4.16, R101-R118, RULINGS 24-26.
 */
export function checkMediaParts(
  parts: readonly (MultimodalPart | ContentPart)[],
  config: MediaConfig | undefined,
  options: MediaPartsOptions = {},
): CheckedParts {
  const { findings, report } = collectFindings();
  const checked: ContentPart[] = [];
  parts.forEach((written, index) => {
    const pointer = `/${index}`;
    const part = toContentPart(written, pointer, report);
    if (part === undefined) return;
    if (!isMediaPart(part)) {
      checked.push(part);
    } else if (config?.enabled !== true) {
      report("MEDIA_DISABLED", pointer, "the prompt does not enable media");
    } else if (supportedTypes(config).includes(part.type)) {
      checkMediaPart(part, {
        limits: typeConfig(config, part.type),
        maxBytes: maxBytesOf(config, part.type, options.maxBytes),
        pointer,
        report,
        options,
        metadata: options.metadata?.[index],
      });
      checked.push(withDetail(part, config));
    } else {
      const message = `media of type "${part.type}" are not supported; the prompt takes ${listNames(supportedTypes(config))}`;
      report("UNSUPPORTED_MEDIA_TYPE", `${pointer}/type`, message);
    }
  });
  if (config !== undefined) checkImageCount(checked, config, report);
  const diagnostics = findings.map(({ diagnostic }) => diagnostic);
  return hasError(diagnostics) ? { diagnostics } : { parts: checked, diagnostics };
}

/** Returns the types that a prompt accepts: supported_types, or the configured types when it is absent (RULINGS 24). */
export function supportedTypes(config: MediaConfig): readonly string[] {
  return config.supported_types ?? configuredTypes(config);
}

/** Returns the types that have a configuration object. */
export function configuredTypes(config: MediaConfig): readonly string[] {
  return Object.keys(config).filter((key) => isObject(config[key]));
}

/** Returns how many decoded bytes a medium of a type may have: the minimum of pack and host. */
export function maxBytesOf(config: MediaConfig | undefined, type: string, hostLimit: number = Infinity): number {
  const { max_size_mb } = config === undefined ? {} : typeConfig(config, type);
  return Math.min(typeof max_size_mb === "number" ? max_size_mb * 1_048_576 : Infinity, hostLimit);
}

/** The limits of every kind of media together; each kind has its own few. */
interface Limits {
  readonly max_size_mb?: number;
  readonly allowed_formats?: readonly string[];
  readonly require_caption?: boolean;
  readonly require_metadata?: boolean;
  readonly max_duration_sec?: number;
  readonly max_pages?: number;
}

function typeConfig(config: MediaConfig, type: string): Limits {
  const limits = getOwn<unknown>(config, type);
  return isObject(limits) ? limits : {};
}

interface PartRun {
  readonly limits: Limits;
  readonly maxBytes: number;
  readonly pointer: string;
  readonly report: Report;
  readonly options: MediaPartsOptions;
  readonly metadata: MediaMetadata | undefined;
}

function checkMediaPart({ type, media }: MediaPart, run: PartRun): void {
  const { limits, pointer, report, metadata } = run;
  const mimeType = parseMimeType(media.mime_type);
  if (mimeType === undefined) return;
  checkFormat(mimeType, type, run);
  if (limits.require_caption === true && (media.caption ?? "").trim() === "") {
    report("MISSING_CAPTION", `${pointer}/media`, `a part of type "${type}" needs a caption here`);
  }
  checkMetadata(run);
  const tooLarge = sizeFault(metadata?.size_bytes ?? 0, run.maxBytes);
  if (tooLarge !== undefined) report("MEDIA_TOO_LARGE", `${pointer}/media`, tooLarge);
  if (media.base64 !== undefined) {
    checkInlineMedia(media.base64, mimeType, `${pointer}/media/base64`, report, {
      ...run.options,
      maxBytes: run.maxBytes,
    });
  } else if (media.url !== undefined) {
    const fault = mediaUrlFault(media.url, { allowedHosts: run.options.allowedHosts });
    if (fault !== undefined) report("UNSAFE_MEDIA_URL", `${pointer}/media/url`, fault);
  } else {
    const fault = mediaPathFault(media.file_path ?? "");
    if (fault !== undefined) report("UNSAFE_MEDIA_PATH", `${pointer}/media/file_path`, PATH_FAULTS[fault]);
  }
}

/** What each fault of a file path means. */
export const PATH_FAULTS: Readonly<Record<MediaPathFault, string>> = {
  absolute: "the path is absolute; expected one below the root of the pack",
  outside: "the path leaves the root of the pack",
  unportable: "expected names joined by / without empty names, ., %, ~, : or backslashes",
};

/** Reports base64 text that is too large, not canonical, or not of its MIME type; decodes only what it looks at. */
export function checkInlineMedia(
  base64: string,
  mimeType: MimeType,
  pointer: string,
  report: Report,
  { maxBytes = Infinity, maxPixels }: Pick<MediaPartsOptions, "maxBytes" | "maxPixels">,
): void {
  const tooLarge = sizeFault(decodedLength(base64), maxBytes);
  if (tooLarge !== undefined) return report("MEDIA_TOO_LARGE", pointer, tooLarge);
  const bytes = base64Bytes(base64);
  if (bytes === undefined) {
    const message = "it is not base64 as an encoder writes it: standard alphabet, padded, nothing else";
    return report("INVALID_BASE64", pointer, message);
  }
  const fault = mediaBytesFault(bytes, mimeType, maxPixels);
  if (fault !== undefined) report(fault.code, pointer, fault.message);
}

/** Returns why a number of bytes is too large, or undefined. */
export function sizeFault(bytes: number, maxBytes: number): string | undefined {
  return bytes > maxBytes ? `the medium has ${bytes} bytes; at most ${maxBytes} are accepted` : undefined;
}

function checkFormat(mimeType: MimeType, type: string, { limits, pointer, report }: PartRun): void {
  const { allowed_formats } = limits;
  const format = formatOf(mimeType);
  if (allowed_formats === undefined || allowed_formats.some((name) => formatNamed(name, type) === format)) return;
  const message = `the format "${format}" is not allowed; allowed: ${listNames(allowed_formats)}`;
  report("MEDIA_FORMAT_NOT_ALLOWED", `${pointer}/media/mime_type`, message);
}

function checkMetadata({ limits, metadata = {}, pointer, report }: PartRun): void {
  if (limits.require_metadata === true && Object.keys(metadata).length === 0) {
    report("MISSING_MEDIA_METADATA", pointer, "the prompt requires metadata, and the host gave none for this part");
  }
  const { max_duration_sec = Infinity, max_pages = Infinity } = limits;
  const { duration_sec = 0, pages = 0 } = metadata;
  if (duration_sec > max_duration_sec) {
    const message = `the medium takes ${duration_sec} seconds; at most ${max_duration_sec} are accepted`;
    report("MEDIA_TOO_LONG", pointer, message);
  }
  if (pages > max_pages) {
    report("TOO_MANY_PAGES", pointer, `the document has ${pages} pages; at most ${max_pages} are accepted`);
  }
}

function checkImageCount(parts: readonly ContentPart[], config: MediaConfig, report: Report): void {
  const limit = config.image?.max_images_per_msg ?? Infinity;
  const images = parts.filter(({ type }) => type === "image").length;
  if (images > limit) report("TOO_MANY_IMAGES", "", `the message has ${images} images; at most ${limit} are accepted`);
}

/** A part's own detail wins over the prompt's default_detail. */
function withDetail(part: MediaPart, { image }: MediaConfig): MediaPart {
  const detail = part.media.detail ?? image?.default_detail;
  return part.type === "image" && isDetail(detail) ? { ...part, media: { ...part.media, detail } } : part;
}
