import { hasError } from "../diagnostics/report.ts";
import type { JsonValue } from "../json/json.ts";
import { ANY, type Shape } from "../json/shape.ts";
import { decodeText } from "./text/decode-text.ts";
import type { Document } from "./document.ts";
import { type DocumentLimits, fillLimits, withShortKeys } from "./limits.ts";
import { createLineMap } from "./text/line-map.ts";
import { locate, type OffsetInside } from "./locate.ts";
import { parseStrict, type StrictResult } from "./parse-strict.ts";
import { readClean } from "./read-clean.ts";
import { offsetInString } from "./text/read-string.ts";

export interface DocumentOptions {
  /** Name of the file, for spans. */
  readonly file?: string;
  readonly limits?: DocumentLimits;
}

/** A document, and what its reader may know besides. */
export interface ShapedDocument extends Document {
  /** Whether the value is known to fit the shape that was asked for. */
  readonly fits: boolean;
  /** What the text says, even where it breaks a rule, so that further faults can be named too. */
  readonly value: JsonValue | undefined;
}

/**
 * Parses strict UTF-8 and JSON. What is wrong is in the diagnostics; foreign data never makes it throw. Source: RULINGS 2.
 * @throws {TypeError} for a source that is neither text nor bytes, or limits that make no sense
 */
export function parseDocument(source: string | Uint8Array, options: DocumentOptions = {}): Document {
  return parseShapedDocument(source, ANY, options);
}

/** Parses like parseDocument; a clean text whose value fits the shape is read without positions, which cost more than the value. */
export function parseShapedDocument(
  source: string | Uint8Array,
  shape: Shape,
  { file, limits }: DocumentOptions,
): ShapedDocument {
  const filled = fillLimits(limits);
  const decoded = decodeText(source, filled, file);
  const { text } = decoded;
  const lines = createLineMap(text, file);
  let last = { start: -1, unit: 0, offset: 0 };
  const offsetInside: OffsetInside = ({ start }, unit) => {
    if (text[start] !== '"') return undefined;
    // hostile: thousands of findings in one long string; who asks in their order walks through it once
    const from = last.start === start && last.unit <= unit ? last : { unit: 0, offset: start + 1 };
    last = { start, unit, offset: offsetInString(text, from.offset, unit - from.unit) };
    return last.offset;
  };
  let strict: StrictResult | undefined;
  const parse = (): StrictResult => (strict ??= parseStrict(text, filled, lines));

  const isReadable = !hasError(decoded.diagnostics);
  const clean = isReadable ? readClean(text, withShortKeys(filled), shape) : undefined;
  const isClean = clean !== undefined;
  const diagnostics = isClean || !isReadable ? decoded.diagnostics : [...decoded.diagnostics, ...parse().diagnostics];
  const value = isClean ? clean : isReadable ? parse().value : undefined;
  return {
    text,
    ...(file === undefined ? {} : { file }),
    data: hasError(diagnostics) ? undefined : value,
    value,
    diagnostics,
    fits: isClean,
    locate: (pointer, at) => locate(parse().root, lines, offsetInside, pointer, at),
  };
}
