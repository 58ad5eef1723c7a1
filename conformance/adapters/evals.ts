import type { Evidence } from "../../packages/core/src/checks/evidence.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { effectiveEvals } from "../../packages/core/src/evals/effective-evals.ts";
import { sampleLot } from "../../packages/core/src/evals/is-sampled.ts";
import { checkEvalRules } from "../../packages/core/src/evals/rules.ts";
import { type EvalOptions, runEvals } from "../../packages/core/src/evals/run-evals.ts";
import type { Eval } from "../../packages/core/src/schema/sections/guardrails.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

/** Our library behind the ops of the section "evals". */
export const evals: VectorImplementation = {
  check: ({ evals: list, prompt = [] }: { readonly evals: readonly Eval[]; readonly prompt?: readonly Eval[] }) => {
    const { findings, report } = collectFindings();
    checkEvalRules(
      { evals: list, prompts: { p: { id: "p", name: "P", version: "1.0.0", system_template: "", evals: prompt } } },
      report,
    );
    return findings.map(({ diagnostic: { severity, code, pointer } }) => `${severity} ${code} ${pointer}`).sort();
  },
  run: async ({
    evals: list,
    evidence,
    options,
  }: {
    readonly evals: readonly Eval[];
    readonly evidence: Evidence;
    readonly options?: EvalOptions;
  }) => {
    const { results } = await runEvals(list, evidence, options);
    return results.map(({ id, status, score }) => [id, status, ...(score === undefined ? [] : [score])].join(" "));
  },
  explain: async ({ eval: one, evidence }: { readonly eval: Eval; readonly evidence: Evidence }) =>
    (await runEvals([one], evidence)).results[0]?.explanation ?? null,
  effective: ({ pack, prompt }: { readonly pack: readonly Eval[]; readonly prompt: readonly Eval[] }) =>
    effectiveEvals(pack, prompt).map(({ id, type }) => `${id} ${type}`),
  lot: ({ session, turn }: { readonly session: string; readonly turn: number }) => sampleLot(session, turn),
};
