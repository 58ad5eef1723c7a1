import { clip } from "../../ground/clip.ts";
import { pointTo } from "../../ground/pointer.ts";
import { rendered, renderRoom } from "../../ground/rendered.ts";
import { securitySentences } from "../../ground/security-sentences.ts";
import type { PackData } from "../../review/settings/note.ts";
import { foldLookAlikes } from "../../review/texts/check-scripts.ts";
import type { ValueChange } from "../compare-values.ts";
import type { NoteRisk } from "./note.ts";

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u{E0000}-\u{E0FFF}]/gu;

/** hidden-unicode: a change that nobody sees. */
export function checkInvisibleChange({ kind, before, after, pointer }: ValueChange, note: NoteRisk): void {
  if (kind !== "changed" || typeof before !== "string" || typeof after !== "string") return;
  if (visible(before) === visible(after)) {
    note("hidden-unicode", "critical", "the text was changed, and a reader sees no difference", pointer);
  }
}

/** template-security-sentence-removed: gone from what a model gets, not moved between a template and its fragments. */
export function checkSentences(before: PackData, after: PackData, note: NoteRisk): void {
  const room = renderRoom();
  for (const [id, { system_template: old }] of Object.entries(before.prompts)) {
    const now = Object.hasOwn(after.prompts, id) ? after.prompts[id]?.system_template : undefined;
    if (now === undefined) continue;
    if (room.left < 0) {
      const message = "the templates of both versions come to too many characters; from here on they were not compared";
      return note("template-security-sentence-removed", "high", message, pointTo("/prompts", id));
    }
    const [was, is] = [rendered(old, before, room), rendered(now, after, room)];
    if (was === is) continue;
    const kept = securitySentences(is);
    for (const [folded, sentence] of securitySentences(was)) {
      if (kept.has(folded)) continue;
      note(
        "template-security-sentence-removed",
        "high",
        `gone: "${clip(sentence, 160)}"`,
        pointTo("/prompts", id, "system_template"),
      );
    }
  }
}

/** tool-definition-changed: what a host approved is not what it gets. */
export function checkDefinitions(
  before: PackData,
  after: PackData,
  changes: readonly ValueChange[],
  note: NoteRisk,
): void {
  // hostile: thousands of tools, each with thousands of changes
  const changed = new Map<string, Set<string>>();
  for (const { pointer } of changes) {
    const [, section, tool = "", part] = pointer.split("/", 4);
    if (section !== "tools" || part === undefined || part === "extensions") continue;
    const at = `/tools/${tool}`;
    changed.set(at, (changed.get(at) ?? new Set()).add(part));
  }
  for (const [key, { name }] of Object.entries(before.tools ?? {})) {
    if (!Object.hasOwn(after.tools ?? {}, key)) continue;
    const at = pointTo("/tools", key);
    const parts = changed.get(at);
    if (parts !== undefined)
      note(
        "tool-definition-changed",
        "high",
        `the tool "${name}" was approved as something else: ${[...parts].join(", ")} changed`,
        at,
      );
  }
}

/** Text as a reader sees it. */
const visible = (text: string): string =>
  foldLookAlikes(text.normalize("NFKC").replace(INVISIBLE, "")).replace(/\s+/g, " ").trim();
