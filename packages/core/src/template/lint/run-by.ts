import { isObject } from "../../json/json.ts";
import type { TemplateSections, TemplateStep } from "./template-sections.ts";

/** Where a pack runs a prompt. */
export interface RunBy {
  readonly state: boolean;
  readonly step: boolean;
}

/** Returns where a prompt is run: by which states, directly or in their composition, and by any composition step. */
export function findRunBy(pack: TemplateSections, promptId: string): RunBy {
  const compositions = Object.entries(pack.compositions ?? {})
    .filter(([, { steps }]) => steps.some((step) => runs(step, promptId, 0)))
    .map(([name]) => name);
  const states = Object.values(pack.workflow?.states ?? {});
  return {
    state: states.some(
      ({ prompt_task, composition = "" }) => prompt_task === promptId || compositions.includes(composition),
    ),
    step: compositions.length > 0,
  };
}

function runs(step: TemplateStep, promptId: string, level: number): boolean {
  if (step["prompt_task"] === promptId) return true;
  const branches = step["branches"];
  // hostile: branches nest as deep as the document does
  return (
    level < 128 &&
    Array.isArray(branches) &&
    branches.some((branch) => isStep(branch) && runs(branch, promptId, level + 1))
  );
}

const isStep = (value: unknown): value is TemplateStep => isObject(value) && typeof value["kind"] === "string";
