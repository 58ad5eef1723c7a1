import type { CompositionSlice } from "../../packages/core/src/composition/lint/lint-run.ts";
import { evaluatePredicate } from "../../packages/core/src/composition/evaluate-predicate.ts";
import { completeStep, failStep, startComposition } from "../../packages/core/src/composition/plan-composition.ts";
import { type ReferenceScope, resolveReferences, textOf } from "../../packages/core/src/composition/reference.ts";
import { checkCompositionRules } from "../../packages/core/src/composition/rules.ts";
import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { JsonValue } from "../../packages/core/src/json/json.ts";
import type { Composition, Predicate } from "../../packages/core/src/schema/sections/composition.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface Values {
  readonly input?: JsonValue;
  readonly outputs?: { readonly [step: string]: JsonValue };
}

interface RunInput {
  readonly composition: Composition;
  readonly input?: JsonValue;
  readonly kinds?: readonly string[];
  /** What each step answers, attempt by attempt; {"fail": reason} fails. A step without answers gives its id. */
  readonly answers?: { readonly [step: string]: readonly JsonValue[] };
}

const scopeOf = ({ input = null, outputs = {} }: Values): ReferenceScope => ({
  input,
  output: (step) => new Map(Object.entries(outputs)).get(step),
});

/** Our library behind the ops of the section "composition". */
export const composition: VectorImplementation = {
  check: (pack: CompositionSlice) => {
    const { findings, report } = collectFindings();
    checkCompositionRules(pack, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  resolve: ({ value, ...values }: Values & { value: JsonValue }) => {
    const resolved = resolveReferences(value, scopeOf(values));
    return "reference" in resolved ? { error: resolved.fault, source: resolved.reference.source } : resolved;
  },
  decide: ({ predicate, ...values }: Values & { predicate: Predicate }) => {
    const holds = evaluatePredicate(predicate, scopeOf(values));
    return typeof holds === "boolean" ? holds : "no answer";
  },
  run: ({ composition: steps, input = null, kinds = [], answers = {} }: RunInput) => {
    try {
      let plan = startComposition(steps, input, { stepKinds: kinds });
      const ran: { step: string; input?: JsonValue }[] = [];
      for (let task = plan.ready[0]; task !== undefined; task = plan.ready[0]) {
        const { stepId, input: given, attempt } = task;
        ran.push({ step: stepId, ...(given === undefined ? {} : { input: given }) });
        const answer = answers[stepId]?.[attempt - 1] ?? stepId;
        const isFailure = typeof answer === "object" && "fail" in answer;
        plan = isFailure ? failStep(plan, stepId, textOf(answer["fail"] ?? null)) : completeStep(plan, stepId, answer);
      }
      const { output, failure } = plan;
      const result = output === undefined ? {} : { output };
      return { ran, ...result, ...(failure === undefined ? {} : { error: failure.code, pointer: failure.pointer }) };
    } catch (error) {
      if (PackError.isInstance(error)) return { error: error.code };
      throw error;
    }
  },
};
