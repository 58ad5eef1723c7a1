import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { InputError } from "../diagnostics/errors.ts";
import { createDiagnostic, hasError } from "../diagnostics/report.ts";
import type { ContentPart } from "../messages/message.ts";
import type { MediaConfig } from "../schema/sections/media.ts";
import { checkMediaParts, type MediaPartsOptions } from "../media/check-media-parts.ts";
import { isMediaPart, toContentParts } from "../media/content-parts.ts";

/** A content part as packs and callers write it; messages of the compiler name both kinds. */
export type PartInput = Parameters<typeof toContentParts>[0][number];

export interface PartsOptions extends MediaPartsOptions {
  /** The prompt's media settings, to check the parts against; without them only their shape is checked. */
  readonly media?: MediaConfig | undefined;
}

/**
 * Returns checked content parts for a provider, each medium as a URL or as base64. Source: SPEC 4.16, RULINGS 24-26.
 *
 * @throws {InputError} every bad part at once, among them UNREADABLE_MEDIA for a file_path: read files first
 */
export function providerParts(parts: readonly PartInput[], options: PartsOptions = {}): readonly ContentPart[] {
  demandList(parts);
  const { media, ...limits } = options;
  const checked = media === undefined ? toContentParts(parts) : checkMediaParts(parts, media, limits);
  return refuseFaults(checked.parts ?? [], checked.diagnostics);
}

/**
 * Returns the parts as they are, when a provider can read them.
 *
 * @throws {InputError} UNREADABLE_MEDIA for every file_path
 */
export function readableParts(parts: readonly ContentPart[]): readonly ContentPart[] {
  demandList(parts);
  return refuseFaults(parts, []);
}

function demandList(parts: unknown): void {
  if (!Array.isArray(parts)) throw new TypeError("content is a text or an array of content parts");
}

function refuseFaults(parts: readonly ContentPart[], known: readonly Diagnostic[]): readonly ContentPart[] {
  const faults = [...known, ...parts.flatMap(pathFaults)];
  if (hasError(faults)) throw new InputError(faults);
  return parts;
}

function pathFaults(part: ContentPart, index: number): Diagnostic[] {
  if (!isMediaPart(part) || part.media.file_path === undefined) return [];
  const message = "a provider cannot read a file_path; read the file first and pass its content as base64";
  return [createDiagnostic("UNREADABLE_MEDIA", `/${index}/media/file_path`, message)];
}
