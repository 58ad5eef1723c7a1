import type { TemplateSyntax } from "./syntax.ts";

/** Keys of objects and indexes of arrays after the first name of a path. */
export type TagPath = readonly (string | number)[];

/**
 * One tag of a template. `path`: a name and what follows it; `fragment` and `artifact`: a name in that namespace;
 * `other`: no path, so a fragment of exactly that name or text; the rest are faults.
 */
export interface Tag {
  readonly kind: "path" | "fragment" | "artifact" | "other" | "block" | "empty" | "unclosed";
  readonly name: string;
  /** Present when something follows the name: `user.name` has ["name"]. */
  readonly path?: TagPath | undefined;
  /** UTF-16 offsets of the whole tag in the template; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** White space inside the delimiters, which not every runtime accepts. */
  readonly spaced: boolean;
}

/**
 * Finds the tags of a template in one pass with indexOf; the innermost opening delimiter counts.
 * Source: SPEC 4.1, R038, RULINGS 7.
 */
export function parseTemplate(text: string, syntax: TemplateSyntax): readonly Tag[] {
  let start = text.indexOf(syntax.open);
  if (start < 0) return NO_TAGS;
  const tags: Tag[] = [];
  const width = syntax.open.length;
  let unclosed = syntax.exact;
  while (start >= 0) {
    const close = text.indexOf(syntax.close, start + width);
    if (close < 0) {
      if (!unclosed) tags.push({ kind: "unclosed", name: "", start, end: start + width, spaced: false });
      break;
    }
    let next = text.indexOf(syntax.open, start + 1);
    while (next >= 0 && next < close) {
      // hostile: thousands of openings before one close are one fault, not thousands
      if (!unclosed && next - start >= width) {
        unclosed = true;
        tags.push({ kind: "unclosed", name: "", start, end: start + width, spaced: false });
      }
      start = next;
      next = text.indexOf(syntax.open, start + 1);
    }
    const tag = readTag(text, start, close, syntax);
    if (tag !== undefined) tags.push(tag);
    start = next;
  }
  return tags;
}

const NO_TAGS: readonly Tag[] = [];

function readTag(text: string, start: number, close: number, syntax: TemplateSyntax): Tag | undefined {
  const from = start + syntax.open.length;
  const end = close + syntax.close.length;
  if (close > from && identifierEnd(text, from) === close) {
    return { kind: "path", name: text.slice(from, close), path: undefined, start, end, spaced: false };
  }
  const raw = text.slice(from, close);
  const name = raw.trim();
  const spaced = name.length !== raw.length;
  if (syntax.exact && spaced) return undefined;
  const length = identifierEnd(name, 0);
  if (length > 0 && length === name.length) return { kind: "path", name, path: undefined, start, end, spaced };

  for (const [prefix, kind] of NAMESPACES) {
    if (name.length > prefix.length && name.startsWith(prefix)) {
      const inside = name.slice(prefix.length);
      if (syntax.exact && parsePath(`.${inside}`, 0) === undefined) return undefined;
      return { kind, name: inside.trim(), path: undefined, start, end, spaced };
    }
  }
  const path = length > 0 ? parsePath(name, length) : undefined;
  if (path !== undefined) return { kind: "path", name: name.slice(0, length), path, start, end, spaced };
  if (syntax.exact) return undefined;
  const kind = name === "" ? "empty" : BLOCK_MARKS.includes(name.charAt(0)) || name.includes("|") ? "block" : "other";
  return { kind, name, path: undefined, start, end, spaced };
}

const NAMESPACES = [
  ["fragments.", "fragment"],
  ["fragment:", "fragment"],
  ["artifacts.", "artifact"],
] as const;
const BLOCK_MARKS = "#/^>!";

/** Returns where the identifier that begins at `from` ends; `from` itself when there is none. */
export function identifierEnd(text: string, from: number): number {
  let index = from;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const letter = (code | 32) >= 97 && (code | 32) <= 122 && code < 128;
    if (!letter && code !== 95 && !(index > from && code >= 48 && code <= 57)) break;
  }
  return index;
}

/** Reads `.key` and `[digits]` up to the end of the text, or returns undefined when it holds anything else. */
function parsePath(text: string, from: number): TagPath | undefined {
  const path: (string | number)[] = [];
  STEP.lastIndex = from;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null) return undefined;
    path.push(step[1] ?? Number(step[2]));
  }
  return path;
}

const STEP = /\.([A-Za-z0-9_-]+)|\[(\d+)\]/y;
