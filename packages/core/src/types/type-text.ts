import { printable } from "../diagnostics/printable.ts";

// hostile: names, values and descriptions of a pack become source text here and nowhere else.

/** Returns a string literal of printable ASCII only. */
export function quoteText(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Returns a property name, quoted unless it is a plain identifier. */
export function quoteKey(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quoteText(name);
}

/** Returns the union of the literal types, each once and in the order given; `never` when there are none. */
export function unionOf(types: Iterable<string>): string {
  const each = [...new Set(types)];
  if (each.includes("unknown")) return "unknown";
  return each.length === 0 ? "never" : each.join(" | ");
}

/** Returns a documentation comment as lines of source, none without a text. It cannot end early or hold a directive or tag. */
export function commentOf(text: string | undefined): readonly string[] {
  const words = printable((text ?? "").replace(/\s+/g, " ").trim());
  if (words === "") return [];
  const short = words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH).toWellFormed()}...` : words;
  return [`/** ${short.replaceAll("*/", "*\\/").replace(/@(?=[A-Za-z])/g, "\\@")} */`];
}

const MAX_LENGTH = 300; // characters of a description that a hover shows

/** One member of an object type. */
export interface Member {
  readonly name: string;
  /** Source of its type; the lines after the first are indented already, from column 0. */
  readonly type: string;
  readonly isOptional?: boolean;
  readonly about?: string | undefined;
}

/** Returns an object type with a line for each member; `{}` when there are none. */
export function objectOf(members: readonly Member[], whenEmpty = "{}"): string {
  if (members.length === 0) return whenEmpty;
  const lines = members.flatMap(({ name, type, isOptional = false, about }) => [
    ...commentOf(about),
    ...`readonly ${quoteKey(name)}${isOptional ? "?" : ""}: ${type};`.split("\n"),
  ]);
  return `{\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
}
