import { maskSecrets } from "./mask-secrets.ts";
import { printable } from "./printable.ts";

/** Returns a name in quotes for a message: one line, no credential, nothing that acts or hides, 60 characters at most. */
export function quoteName(name: string): string {
  // hostile: names come from packs, templates and callers
  const shown = maskSecrets(name);
  return `"${printable(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown)}"`;
}
