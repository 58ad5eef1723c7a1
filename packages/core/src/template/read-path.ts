import { isObject } from "../json/json.ts";
import type { TagPath } from "./parse-template.ts";

/**
 * Returns what a path leads to inside a value, by own keys of objects and indexes of arrays, or undefined.
 * Never a property of the host language, such as the length of a text. Source: R045, R046, RULINGS 7.
 */
export function readPath(value: unknown, path: TagPath): unknown {
  let current = value;
  for (const key of path) {
    const mayHold = typeof key === "number" ? Array.isArray(current) : isObject(current);
    if (!mayHold || !Object.hasOwn(current as object, key)) return undefined;
    current = (current as { readonly [key: string | number]: unknown })[key];
  }
  return current;
}

/** Returns a path as a template writes it: `items[0].title`. */
export function formatPath(name: string, path: TagPath = []): string {
  return path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${key}`), name);
}
