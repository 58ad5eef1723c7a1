import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { InputError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import type { ContentPart, MediaPart } from "../messages/message.ts";
import type { MediaConfig, MultimodalPart } from "../schema/sections/media.ts";
import { checkMediaBytes } from "../media/check-media-bytes.ts";
import { checkMediaParts, type MediaPartsOptions, maxBytesOf } from "../media/check-media-parts.ts";
import { isMediaPart } from "../media/content-parts.ts";
import { parseMimeType } from "../media/mime-type.ts";
import { fetchMedia, type MediaFetchOptions } from "./fetch-media.ts";
import { readMediaFile } from "./read-media-file.ts";

export interface ReadMediaOptions
  extends MediaPartsOptions, Pick<MediaFetchOptions, "timeoutMs" | "lookup" | "request"> {
  /** The folder that file_path is below; without it every file_path is refused. */
  readonly root?: string;
  /** Fetches each url from these hosts; without it a url stays as it is, for the provider to fetch. */
  readonly allowedHosts?: readonly string[];
}

/** Of one medium, wherever it comes from, when the host says nothing. */
const MAX_BYTES = 20 * 1_048_576;

/**
 * Checks content parts and replaces every file_path, and with `allowedHosts` every url, by the base64 of what is there,
 * after checking those bytes too. Every part's faults are collected. Source: SPEC 4.16, RULINGS 24, 25.
 * @throws {InputError} every code of checkMediaParts, and UNREADABLE_MEDIA
 */
export async function readMedia(
  parts: readonly (MultimodalPart | ContentPart)[],
  config: MediaConfig | undefined,
  options: ReadMediaOptions = {},
): Promise<readonly ContentPart[]> {
  const limits = { ...options, maxBytes: options.maxBytes ?? MAX_BYTES };
  const checked = checkMediaParts(parts, config, limits);
  if (checked.parts === undefined) throw new InputError(checked.diagnostics);
  const diagnostics: Diagnostic[] = [];
  const read: ContentPart[] = [];
  for (const [index, part] of checked.parts.entries()) {
    try {
      read.push(isMediaPart(part) ? await readPart(part, `/${index}/media`, config, limits) : part);
    } catch (error) {
      if (!InputError.isInstance(error)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return read;
}

async function readPart(
  part: MediaPart,
  pointer: string,
  config: MediaConfig | undefined,
  options: ReadMediaOptions & { readonly maxBytes: number },
): Promise<MediaPart> {
  const { file_path, url, ...rest } = part.media;
  const { root, allowedHosts, maxPixels } = options;
  const maxBytes = maxBytesOf(config, part.type, options.maxBytes);
  let bytes: Uint8Array;
  if (file_path !== undefined) {
    if (root === undefined) throw new InputError([noRoot(`${pointer}/file_path`)]);
    bytes = await readMediaFile(file_path, { root, maxBytes, pointer: `${pointer}/file_path` });
  } else if (url !== undefined && allowedHosts !== undefined) {
    bytes = await fetchMedia(url, {
      ...options,
      allowedHosts,
      maxBytes,
      mimeType: rest.mime_type,
      pointer: `${pointer}/url`,
    });
  } else {
    return part;
  }
  const mimeType = parseMimeType(rest.mime_type);
  const contentOptions = { pointer, ...(maxPixels === undefined ? {} : { maxPixels }) };
  const faults = mimeType === undefined ? [] : checkMediaBytes(bytes, mimeType, contentOptions);
  if (faults.length > 0) throw new InputError(faults);
  return { ...part, media: { ...rest, base64: Buffer.from(bytes).toString("base64") } };
}

function noRoot(pointer: string): Diagnostic {
  return createDiagnostic("UNREADABLE_MEDIA", pointer, "a file_path is read only below a root, and none is given");
}
