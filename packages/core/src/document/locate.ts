import type { Span, TextRange } from "../diagnostics/diagnostic.ts";
import { parsePointer } from "../json/pointer.ts";
import type { TextNode } from "./document.ts";
import type { LineMap } from "./text/line-map.ts";

/** What `Document.locate` may be asked for besides the value itself. */
export interface LocateOptions {
  readonly atKey?: boolean;
  readonly range?: TextRange | undefined;
}

/** Returns the offset in the text of a code unit of a decoded string; undefined when the node is no string that can be looked into. */
export type OffsetInside = (node: TextNode, unit: number) => number | undefined;

/** Returns where the value at a pointer stands; without a tree, the start of the text. */
export function locate(
  root: TextNode | undefined,
  lines: LineMap,
  offsetInside: OffsetInside,
  pointer: string,
  { atKey = false, range }: LocateOptions = {},
): Span {
  if (root === undefined) return lines.span(0, 0);
  let node = root;
  for (const segment of parsePointer(pointer)) {
    const next = node.members?.get(segment) ?? node.items?.[Number(segment)];
    // A member that is missing is shown at what misses it: the key of the object, or its brace.
    if (next === undefined)
      return hasKey(node)
        ? lines.span(node.keyStart, node.keyEnd)
        : lines.span(node.start, Math.min(node.start + 1, node.end));
    node = next;
  }
  if (atKey && hasKey(node)) return lines.span(node.keyStart, node.keyEnd);
  const start = range && offsetInside(node, range.start);
  const end = range && offsetInside(node, range.end);
  return start === undefined || end === undefined ? lines.span(node.start, node.end) : lines.span(start, end);
}

const hasKey = (node: TextNode): boolean => node.keyEnd > node.keyStart;
