import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { Variable } from "../../packages/core/src/schema/sections/prompt.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";
import { checkVariables, type CheckVariablesOptions } from "../../packages/core/src/variables/check-variables.ts";
import { checkVariableRules } from "../../packages/core/src/variables/rules.ts";

interface Input extends CheckVariablesOptions {
  readonly definitions: readonly Variable[];
  readonly values: { readonly [name: string]: unknown };
}

/** Our library behind the ops of the section "variables". */
export const variables: VectorImplementation = {
  values: ({ definitions, values, ...options }: Input) => {
    const checked = checkVariables(definitions, values, options);
    if (checked.diagnostics.length === 0) return { values: { ...checked.values } };
    return { errors: checked.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`) };
  },
  check: (definition: Variable) => {
    const { findings, report } = collectFindings();
    const main = { id: "main", name: "Main", version: "1.0.0", system_template: "x", variables: [definition] };
    checkVariableRules({ prompts: { main } }, report);
    return findings.map(
      ({ diagnostic: { severity, code, pointer } }) =>
        `${severity} ${code} ${pointer.slice("/prompts/main/variables/0".length)}`,
    );
  },
};
