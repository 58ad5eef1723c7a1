import { printable } from "../diagnostics/printable.ts";

/** Returns a name in quotes for a message: one line, nothing that acts or hides, 60 characters at most. */
export function quoteName(name: string): string {
  // hostile: names come from templates and from callers
  return `"${printable(name.length > 60 ? `${name.slice(0, 59)}…` : name)}"`;
}
