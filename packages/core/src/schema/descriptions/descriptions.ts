import type { Entries } from "./entry.ts";
import { governanceEntries } from "./governance.ts";
import { mediaEntries } from "./media.ts";
import { packEntries } from "./pack.ts";
import { promptEntries } from "./prompt.ts";
import { workflowEntries } from "./workflow.ts";

/** What the definitions and fields of the schema mean, for people who write packs in an editor. */
const entries: Entries = {
  ...packEntries,
  ...promptEntries,
  ...mediaEntries,
  ...workflowEntries,
  ...governanceEntries,
};

/** The names that have a description. */
export const describedNames: readonly string[] = Object.keys(entries);

/** Returns the annotations of a definition or field; nothing for a name that has none. */
export function descriptionOf(name: string): { readonly description?: string; readonly examples?: readonly unknown[] } {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry === undefined) return {};
  if (typeof entry === "string") return { description: entry };
  const [description, ...examples] = entry;
  return { description, ...(examples.length === 0 ? {} : { examples }) };
}
