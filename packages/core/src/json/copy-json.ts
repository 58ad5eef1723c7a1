import { isObject, type JsonValue } from "./json.ts";

const MAX_DEPTH = 128;
const MAX_NODES = 200_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Returns a deeply frozen copy of JSON data, or why it is none or too large.
 * Frozen data is copied too: a value that holds one object many times is as large as it is written.
 * `maxCharacters` counts all strings and keys, in UTF-16 code units.
 */
export function copyJson(
  value: unknown,
  maxCharacters: number = MAX_CHARACTERS,
): { readonly value: JsonValue } | { readonly fault: string } {
  let nodes = 0;
  let characters = 0;
  let fault: string | undefined;

  const spend = (text: string): void => {
    characters += text.length;
    if (characters > maxCharacters) fault ??= `it has more than ${maxCharacters} characters`;
  };
  const copy = (item: unknown, depth: number): JsonValue => {
    // hostile: an echoing tool doubles its input at every step, so the size is counted while copying
    if (++nodes > MAX_NODES) fault ??= `it has more than ${MAX_NODES} values`;
    if (depth > MAX_DEPTH) fault ??= `it is nested deeper than ${MAX_DEPTH}`;
    if (fault !== undefined) return null;
    if (item === null || typeof item === "boolean") return item;
    if (typeof item === "number" && Number.isFinite(item)) return item;
    if (typeof item === "string") {
      spend(item);
      return item;
    }
    if (Array.isArray(item)) return Object.freeze(Array.from(item, (entry) => copy(entry, depth + 1)));
    if (isObject(item)) {
      const entries = Object.entries(item).filter((entry) => entry[1] !== undefined);
      return Object.freeze(
        Object.fromEntries(
          entries.map(([key, entry]) => {
            spend(key);
            return [key, copy(entry, depth + 1)];
          }),
        ),
      );
    }
    fault ??= `it holds a ${typeof item}, which JSON cannot`;
    return null;
  };

  const copied = copy(value, 0);
  return fault === undefined ? { value: copied } : { fault };
}
