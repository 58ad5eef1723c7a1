import { renderTemplate } from "promptpack";
import { clip } from "../../ground/clip.ts";
import { pointTo } from "../../ground/pointer.ts";
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
  for (const [id, { system_template: old }] of Object.entries(before.prompts)) {
    const now = Object.hasOwn(after.prompts, id) ? after.prompts[id]?.system_template : undefined;
    if (now === undefined) continue;
    const [was, is] = [rendered(old, before), rendered(now, after)];
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
  for (const [key, { name }] of Object.entries(before.tools ?? {})) {
    if (!Object.hasOwn(after.tools ?? {}, key)) continue;
    const at = pointTo("/tools", key);
    const parts = new Set(
      changes
        .filter(({ pointer }) => pointer.startsWith(`${at}/`))
        .map(({ pointer }) => pointer.slice(at.length + 1).split("/")[0] ?? ""),
    );
    parts.delete("extensions");
    if (parts.size > 0)
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

function rendered(template: string, { fragments = {}, template_engine: { syntax } }: PackData): string {
  try {
    return renderTemplate(template, { syntax, fragments, missing: "keep", extra: "ignore" });
  } catch {
    return template; // hostile: output beyond every limit
  }
}
