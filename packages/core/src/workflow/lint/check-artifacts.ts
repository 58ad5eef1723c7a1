import type { Report } from "../../diagnostics/report.ts";
import { listNames } from "../../diagnostics/suggest.ts";
import { formatPointer } from "../../json/pointer.ts";
import type { ArtifactDef } from "../../schema/sections/workflow.ts";
import type { WorkflowSlice } from "./lint-run.ts";

const MIME_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9*][\w!#$&^.+-]{0,126}\s*(?:;|$)/;
const PREFIX = "artifacts.";
const USE = /\{ *artifacts\.([A-Za-z0-9_-]{1,256})/y;

/** Reports artifacts with odd types, slots that states declare differently, and templates that read what no state of theirs declares. Source: R202-R206. */
export function checkArtifacts(pack: WorkflowSlice, report: Report): void {
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
