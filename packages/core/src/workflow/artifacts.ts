import { copyJson } from "../json/copy-json.ts";
import type { Report } from "../diagnostics/report.ts";
import { listNames } from "../diagnostics/suggest.ts";
import { jsonTypeOf, type JsonValue } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { ArtifactDef } from "../schema/sections/workflow.ts";

const MIME_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9*][\w!#$&^.+-]{0,126}\s*(?:;|$)/;
const PREFIX = "artifacts.";
const USE = /\{ *artifacts\.([A-Za-z0-9_-]{1,256})/y;

/** Reports artifacts with odd types, slots that states declare differently, and templates that read what no state of theirs declares. Source: R202-R206. */
export function checkArtifacts(pack: Pick<PackData, "workflow" | "prompts">, report: Report): void {
  const slots = new Map<string, { definition: ArtifactDef; pointer: string }>();
  const declaredFor = new Map<string, Set<string>>();
  for (const [stateName, { artifacts, prompt_task: task }] of Object.entries(pack.workflow?.states ?? {})) {
    if (artifacts === undefined) continue;
    for (const [name, definition] of Object.entries(artifacts)) {
      const pointer = formatPointer("workflow", "states", stateName, "artifacts", name);
      if (!MIME_TYPE.test(definition.type)) {
        const message = `expected a MIME type such as "text/plain", found "${definition.type}"`;
        report("INVALID_ARTIFACT_TYPE", `${pointer}/type`, message);
      }
      const first = slots.get(name);
      if (first === undefined) slots.set(name, { definition, pointer });
      else if (
        first.definition.type !== definition.type ||
        (first.definition.mode ?? "replace") !== (definition.mode ?? "replace")
      ) {
        const message = `artifact "${name}" has another type or mode here; all states share one slot`;
        const related = [{ pointer: first.pointer, message: "the first one" }];
        report("CONFLICTING_ARTIFACT", pointer, message, { related });
      }
      if (task === undefined) continue;
      const names = declaredFor.get(task);
      if (names === undefined) declaredFor.set(task, new Set([name]));
      else names.add(name);
    }
  }
  for (const promptId in pack.prompts) {
    const text = pack.prompts[promptId]?.system_template ?? "";
    const declared = declaredFor.get(promptId);
    for (let brace = text.indexOf("{"); brace !== -1; brace = text.indexOf("{", brace + 1)) {
      const name = usedAt(text, brace);
      if (name === undefined || declared?.has(name) === true) continue;
      const found =
        pack.workflow === undefined
          ? "the pack has no workflow"
          : `states that run "${promptId}" declare ${listNames(declared ?? [])}`;
      const message = `the template uses ${PREFIX}${name}, but ${found}`;
      const start = text.indexOf(PREFIX, brace);
      report("UNDECLARED_ARTIFACT", formatPointer("prompts", promptId, "system_template"), message, {
        range: { start, end: start + PREFIX.length + name.length },
      });
    }
  }
}

/** Returns the name in `artifacts.<name>` right after an opening brace, whatever the template syntax is. */
function usedAt(text: string, brace: number): string | undefined {
  // Nearly every brace is told by its next character: a space or the "a" of "artifacts".
  const next = text.charCodeAt(brace + 1);
  if (next !== 32 && next !== 97) return undefined;
  USE.lastIndex = brace;
  return USE.exec(text)?.[1];
}

/** Returns whether a MIME type says that values are JSON. */
export function isJsonType(type: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(type);
}

/**
 * Returns an artifact's value after a write, or why the write is refused. In append mode JSON values become an
 * array and texts are joined with a newline; every other type holds text. Source: SPEC 4.7, R208.
 */
export function writeArtifact(
  definition: ArtifactDef,
  before: JsonValue | undefined,
  written: JsonValue,
  maxLength: number,
): { readonly value: JsonValue } | { readonly fault: string } {
  const isJson = isJsonType(definition.type);
  if (!isJson && typeof written !== "string") {
    return { fault: `${definition.type} holds text, found ${jsonTypeOf(written)}` };
  }
  const joined = definition.mode === "append" ? append(before, written, isJson) : written;
  // hostile: a model in a loop appends for ever
  const copied = copyJson(joined, maxLength);
  if ("fault" in copied) return copied;
  const { length } = asText(joined);
  return length > maxLength ? { fault: `it has ${length} characters of ${maxLength} allowed` } : copied;
}

function append(before: JsonValue | undefined, written: JsonValue, isJson: boolean): JsonValue {
  if (isJson)
    return before === undefined ? [written] : Array.isArray(before) ? [...before, written] : [before, written];
  if (before === undefined) return written;
  // Another state may have declared the same slot as JSON.
  return `${asText(before)}\n${asText(written)}`;
}

const asText = (value: JsonValue): string => (typeof value === "string" ? value : JSON.stringify(value));
