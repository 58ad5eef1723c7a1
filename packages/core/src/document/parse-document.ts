import type { Diagnostic, Span, TextRange } from "../diagnostics/diagnostic.ts";
import type { JsonValue } from "../json/json.ts";
import { parsePointer } from "../json/pointer.ts";
import { ANY, type Shape } from "../json/shape.ts";
import { decodeText } from "./decode-text.ts";
import type { Document, TextNode } from "./document.ts";
import { type DocumentLimits, fillLimits } from "./limits.ts";
import { createLineMap, type LineMap } from "./line-map.ts";
import { parseStrict, type StrictResult } from "./parse-strict.ts";
import { readClean } from "./read-clean.ts";
import { offsetInString } from "./read-string.ts";

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

/** Parses strict UTF-8 and JSON. What is wrong is in the diagnostics; foreign data never makes it throw. Source: RULINGS 2. */
export function parseDocument(source: string | Uint8Array, options: DocumentOptions = {}): Document {
  return parseShapedDocument(source, ANY, options);
}

/** Parses like parseDocument; a clean text whose value fits the shape is read without positions, which cost more than the value. */
export function parseShapedDocument(source: string | Uint8Array, shape: Shape, { file, limits }: DocumentOptions): ShapedDocument {
  const filled = fillLimits(limits);
  const decoded = decodeText(source, filled, file);
  const { text } = decoded;
  const lines = createLineMap(text, file);
  let strict: StrictResult | undefined;
  const parse = (): StrictResult => (strict ??= parseStrict(text, filled, lines));

  const isReadable = decoded.diagnostics.every(isHarmless);
  const clean = isReadable ? readClean(text, filled, shape) : undefined;
  const isClean = clean !== undefined;
  const diagnostics = isClean || !isReadable ? decoded.diagnostics : [...decoded.diagnostics, ...parse().diagnostics];
  const value = isClean ? clean : isReadable ? parse().value : undefined;
  return {
    text,
    ...(file === undefined ? {} : { file }),
    data: diagnostics.every(isHarmless) ? value : undefined,
    value,
    diagnostics,
    fits: isClean,
    locate: (pointer, at) => locate(text, parse().root, lines, pointer, at),
  };
}

const isHarmless = ({ severity }: Diagnostic): boolean => severity !== "error";

function locate(
  text: string,
  root: TextNode | undefined,
  lines: LineMap,
  pointer: string,
  at: { readonly atKey?: boolean; readonly range?: TextRange } = {},
): Span {
  if (root === undefined) return lines.span(0, 0);
  let node = root;
  for (const segment of parsePointer(pointer)) {
    const next = node.members?.get(segment) ?? node.items?.[Number(segment)];
    // A member that is missing is shown at what misses it: the key of the object, or its brace.
    if (next === undefined) return node.keyEnd > node.keyStart ? lines.span(node.keyStart, node.keyEnd) : lines.span(node.start, Math.min(node.start + 1, text.length));
    node = next;
  }
  if (at.atKey === true && node.keyEnd > node.keyStart) return lines.span(node.keyStart, node.keyEnd);
  if (at.range !== undefined && text[node.start] === "\"") {
    return lines.span(offsetInString(text, node.start, at.range.start), offsetInString(text, node.start, at.range.end));
  }
  return lines.span(node.start, node.end);
}
