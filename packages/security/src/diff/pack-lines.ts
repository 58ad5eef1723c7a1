import { printable } from "promptpack";
import { sha256 } from "../ground/sha256.ts";

/**
 * Returns a JSON value as lines that compare well: members in the order of their names, each with its path, each line
 * of a text on a line of its own, hidden characters written out. For `git diff`.
 */
export function packLines(value: unknown, place = ""): string[] {
  const path = shorten(place);
  if (typeof value === "string" && value.includes("\n")) {
    return [`${path}:`, ...value.split("\n").map((line) => `  | ${exact(line)}`)];
  }
  if (typeof value !== "object" || value === null)
    return [`${path}: ${exact(typeof value === "string" ? value : JSON.stringify(value))}`];
  if (Object.keys(value).length === 0) return [`${path}: ${Array.isArray(value) ? "[]" : "{}"}`];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => packLines(item, `${path}[${labelOf(item) ?? index}]`));
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([key, member]) => packLines(member, path === "" ? exact(key) : `${path}.${exact(key)}`));
}

const MAX_PATH = 500;

/** hostile: long names inside long names would make each line as long as the file; a digest still tells their changes. */
const shorten = (path: string): string =>
  path.length <= MAX_PATH ? path : `…${sha256(path).slice(7, 39)}…${path.slice(-100).toWellFormed()}`;

// git shows what it has, and a changed credential is a change.
const exact = (text: string): string => printable(text, { mask: false });

/** Items with a name keep it when others are put before them. */
function labelOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { id, name, key } = item as Readonly<Record<string, unknown>>;
  const label = [id, name, key].find((value) => typeof value === "string");
  return label === undefined ? undefined : exact(label);
}
