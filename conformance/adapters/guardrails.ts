import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { type GuardInput, guardResponse } from "../../packages/core/src/guardrails/guard-response.ts";
import type { GuardOptions } from "../../packages/core/src/guardrails/guardrail.ts";
import { checkGuardrailRules } from "../../packages/core/src/guardrails/rules.ts";
import { createStreamGuard } from "../../packages/core/src/guardrails/stream-guard.ts";
import type { Validator } from "../../packages/core/src/schema/sections/guardrails.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface Guarding {
  readonly validators: readonly Validator[];
  readonly options?: GuardOptions;
}

/** Our library behind the ops of the section "guardrails". */
export const guardrails: VectorImplementation = {
  check: ({ validators }: Guarding) => {
    const { findings, report } = collectFindings();
    checkGuardrailRules(
      { prompts: { p: { id: "p", name: "P", version: "1.0.0", system_template: "", validators } } },
      report,
    );
    return findings
      .map(({ diagnostic: { severity, code, pointer } }) => `${severity} ${code} ${pointer.replace("/prompts/p", "")}`)
      .sort();
  },
  guard: ({ validators, response, options }: Guarding & { readonly response: GuardInput }) => {
    try {
      const { ok, text, violations } = guardResponse(validators, response, options);
      return { ok, text, violations: violations.map(({ type, index }) => `${type} ${index}`) };
    } catch (error) {
      if (PackError.isInstance(error)) return { error: error.code };
      throw error;
    }
  },
  stream: ({ validators, pieces, options }: Guarding & { readonly pieces: readonly string[] }) => {
    const guard = createStreamGuard(validators, options);
    const steps = [...pieces.map((piece) => guard.push(piece)), guard.end()];
    const message = steps.find((step) => step.message !== undefined)?.message;
    return {
      emitted: steps.map(({ text }) => text),
      ok: steps.every(({ ok }) => ok),
      ...(message === undefined ? {} : { message }),
    };
  },
};
