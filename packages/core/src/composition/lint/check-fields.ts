import { didYouMean, listNames } from "../../diagnostics/suggest.ts";
import { appendPointer } from "../../json/pointer.ts";
import type { LintRun } from "./lint-run.ts";

const COMMON = ["id", "kind", "description", "depends_on", "modifiers"];
const PROMPTING = [...COMMON, "prompt_task", "provider", "input", "output_schema"];

/** The fields of a step by its kind. */
export const STEP_FIELDS: { readonly [kind: string]: readonly string[] } = {
  prompt: PROMPTING,
  agent: [...PROMPTING, "tools", "termination"],
  tool: [...COMMON, "tool", "args"],
  branch: [...COMMON, "predicate", "then", "else"],
  parallel: [...COMMON, "branches", "reduce"],
};

/** Reports fields that mean nothing where they stand. */
export function checkFields(run: LintRun, record: object, at: string, known: readonly string[]): void {
  for (const key of otherFields(record, known)) {
    // A provider on a step that calls no model is reported by providers/.
    if (key === "provider") continue;
    const meant = didYouMean(key, known);
    const wrong = meant.hint !== undefined || Object.values(STEP_FIELDS).some((fields) => fields.includes(key));
    const message = `"${key}" is no field here; there are ${listNames(known)}`;
    const code = wrong ? "WRONG_STEP_FIELD" : "UNKNOWN_STEP_FIELD";
    run.report(code, appendPointer(at, key), message, { atKey: true, ...meant });
  }
}

/** Returns the fields that are not known. Annotation: RFC 0016 leaves extensions, x- and namespaced fields open. */
export function otherFields(record: object, known: readonly string[]): readonly string[] {
  return Object.keys(record).filter(
    (key) => !known.includes(key) && key !== "extensions" && !key.startsWith("x-") && !/[.:/]/.test(key),
  );
}
