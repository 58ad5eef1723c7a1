import { RE2JS } from "re2js";
import { compileAsciiPattern } from "../json/ascii-pattern.ts";

/** A regular expression in RE2 syntax: linear in the text, whatever the pattern and the text are. */
export interface Pattern {
  readonly source: string;
  /** Returns whether the pattern occurs anywhere in the text. */
  test(text: string): boolean;
}

/** Why a text is no pattern, in the engine's words made ours. */
export interface PatternFault {
  readonly fault: string;
}

const CACHE_SIZE = 500;
const cache = new Map<string, Pattern | PatternFault>();

/**
 * Compiles a pattern in RE2 syntax (ASCII classes, unanchored search; RULINGS 15).
 * Look-around and backreferences do not exist in it. Returns a fault instead of throwing.
 */
export function compilePattern(source: string): Pattern | PatternFault {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const compiled = compile(source);
  // hostile: patterns come from packs, so the cache must not grow with them
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(source, compiled);
  return compiled;
}

/** Returns whether the compilation failed. */
export function isPatternFault(compiled: Pattern | PatternFault): compiled is PatternFault {
  return "fault" in compiled;
}

function compile(source: string): Pattern | PatternFault {
  const simple = compileAsciiPattern(source);
  if (simple !== undefined) return { source, test: (text) => simple.test(text) };
  try {
    const engine = RE2JS.compile(source);
    return { source, test: (text) => engine.test(text) };
  } catch (error) {
    return { fault: explain(source, error) };
  }
}

function explain(source: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(source)) return "look-around does not exist in RE2 syntax";
  if (/\\[1-9]/.test(source)) return "backreferences do not exist in RE2 syntax";
  const text = error instanceof Error ? error.message : "";
  // The engine quotes the pattern after the last ": "; the pattern is already at the pointer.
  const reason = /^error parsing regexp: (.*?)(?:: `|$)/s.exec(text)?.[1];
  return reason ?? "it is not RE2 syntax";
}
