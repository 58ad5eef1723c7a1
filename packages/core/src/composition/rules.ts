import type { Report } from "../diagnostics/report.ts";
import { formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import { checkSchemaReference } from "./lint/check-schema-reference.ts";
import { checkSteps } from "./lint/check-steps.ts";
import type { CompositionSlice } from "./lint/lint-run.ts";

/** Reports what the schema cannot say about compositions. Source: R235-R281. */
export function checkCompositionRules(pack: CompositionSlice, report: Report, options: RuleOptions = {}): void {
  const { compositions } = pack;
  if (compositions === undefined) return;
  const used = new Set(Object.values(pack.workflow?.states ?? {}).map((state) => state.composition));
  for (const [name, composition] of Object.entries(compositions)) {
    const pointer = formatPointer("compositions", name);
    // Runtimes name their own tools and channels with two underscores: workflow__transition, mcp__server__tool.
    if (/^[A-Za-z0-9]+__/.test(name)) {
      report(
        "RESERVED_COMPOSITION_NAME",
        pointer,
        `"${name}" is reserved for runtimes, as every name with a prefix and two underscores`,
        { atKey: true },
      );
    }
    if (!used.has(name)) {
      report("UNREFERENCED_COMPOSITION", pointer, `no workflow state runs the composition "${name}"`, { atKey: true });
    }
    checkSchemaReference(composition.input_schema, `${pointer}/input_schema`, report);
    checkSchemaReference(composition.output_schema, `${pointer}/output_schema`, report);
    checkSteps(pack, composition, pointer, report, options);
  }
}
