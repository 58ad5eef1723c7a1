import { describe, expect, it } from "vitest";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { guardResponse } from "../../packages/core/src/guardrails/guard-response.ts";
import type { GuardOptions, HostGuardrail } from "../../packages/core/src/guardrails/guardrail.ts";
import { checkGuardrailRules } from "../../packages/core/src/guardrails/rules.ts";
import { createStreamGuard } from "../../packages/core/src/guardrails/stream-guard.ts";
import type { Validator } from "../../packages/core/src/schema/sections/guardrails.ts";
import { conformanceDir, readConformance } from "./conformance-dir.ts";

interface Input {
  readonly op: string;
  readonly validators?: readonly Validator[];
  readonly content?: string;
  readonly as_object?: boolean;
  readonly custom?: { readonly [type: string]: { readonly pass_if_contains: string } };
  readonly results?: readonly { readonly type: string; readonly passed: boolean }[];
  readonly prompt?: { readonly validators?: readonly Validator[] };
}
interface Case {
  readonly id: string;
  readonly title: string;
  readonly input: Input;
  readonly expect: { readonly [key: string]: unknown } | null;
  readonly open?: boolean;
}

const LOAD_ERROR = { error: "load" };
const UNCHECKED = { error: "unchecked" };
const violated = (...types: string[]): { [key: string]: unknown } => ({ violations: types, blocked: false });

/** What RULINGS decide where the vectors are open. */
const DECIDED: Readonly<Record<string, { readonly [key: string]: unknown }>> = {
  "validators-014": { ...violated("banned_words"), passed: true }, // ruling 23: passed is what no violation blocks
  "validators-058": violated("max_sentences"), // ruling 21: every type of the documents is implemented
  "validators-061": UNCHECKED, // ruling 21: needs a host implementation
  "validators-062": UNCHECKED, // ruling 21
  "validators-064": UNCHECKED, // ruling 21
  "validators-065": violated(), // ruling 20: word boundaries
  "validators-073": violated("banned_words"), // ruling 20: NFKC
  "validators-074": LOAD_ERROR, // ruling 20: empty words
  "validators-080": violated("max_length"), // ruling 21: zero is a limit
  "validators-081": LOAD_ERROR, // ruling 3: missing params
  "validators-082": LOAD_ERROR, // ruling 21: null
  "validators-084": violated("min_length"), // ruling 21: min_tokens by estimate
  "validators-087": violated(), // ruling 21: must_match null is the default
  "validators-088": LOAD_ERROR, // ruling 21: not a boolean
  "validators-091": violated(), // ruling 21: RE2 has inline flags
  "validators-092": LOAD_ERROR, // ruling 3: no pattern
};

const typesOf = (list: readonly { readonly type: string }[]): readonly string[] => list.map(({ type }) => type);

function check({ validators = [], content = "", custom = {}, as_object = false }: Input): { [key: string]: unknown } {
  const types = Object.fromEntries(
    Object.entries(custom).map(([type, { pass_if_contains }]): [string, HostGuardrail] => [
      type,
      (text) => text.includes(pass_if_contains),
    ]),
  );
  // The vectors speak of the time when fail_on_violation decided (ruling 19).
  const options: GuardOptions = { enforcement: "declared", types };
  const guarded = guardResponse(
    validators,
    as_object ? { content: [{ type: "text", text: content }] } : content,
    options,
  );
  const stream = createStreamGuard(validators, options);
  for (const unit of content.split("")) stream.push(unit);
  expect(stream.end().guarded?.verdicts).toEqual(guarded.verdicts);
  return {
    violations: typesOf(guarded.violations),
    blocked: !guarded.ok,
    passed: guarded.ok,
    nothingViolated: guarded.violations.length === 0,
    checked: guarded.verdicts.length,
  };
}

function orFault(input: Input): { [key: string]: unknown } {
  const { findings, report } = collectFindings();
  checkGuardrailRules(
    {
      prompts: { p: { id: "p", name: "P", version: "1.0.0", system_template: "", validators: input.validators ?? [] } },
    },
    report,
  );
  if (findings.some(({ diagnostic }) => diagnostic.severity === "error")) return LOAD_ERROR;
  try {
    return check(input);
  } catch (error) {
    if ((error as { code?: string }).code === "UNKNOWN_GUARDRAIL") return UNCHECKED;
    throw error;
  }
}

const ops: Readonly<Record<string, (input: Input) => { readonly [key: string]: unknown }>> = {
  check,
  runnable: check,
  results_helpers: ({ results = [] }) => ({
    all_passed: results.every(({ passed }) => passed),
    failed: typesOf(results.filter(({ passed }) => !passed)),
  }),
  validators_for_prompt: ({ prompt }) => ({ types: typesOf(prompt?.validators ?? []) }),
};

describe.skipIf(conformanceDir === undefined)(
  "vectors of validators (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    const cases =
      conformanceDir === undefined
        ? []
        : readConformance<{ vectors: readonly Case[] }>("vectors", "validators.json").vectors;
    it.each(cases)("$id: $title", ({ id, input, expect: expected, open }) => {
      const actual = open === true ? orFault(input) : (ops[input.op] as (typeof ops)[string])(input);
      const wanted = open === true ? DECIDED[id] : expected;
      expect(wanted).toBeDefined();
      // The JS library calls a response passed when nothing was violated at all; we say `ok` when nothing blocks.
      const { passed, ...rest } = wanted ?? {};
      expect(actual).toMatchObject(rest);
      if (passed !== undefined) expect(open === true ? actual["passed"] : actual["nothingViolated"]).toBe(passed);
    });
  },
);
