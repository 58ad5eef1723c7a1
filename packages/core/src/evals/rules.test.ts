import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Eval } from "../schema/sections/guardrails.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { checkEvalRules } from "./rules.ts";

const prompt = (evals: readonly Eval[]): PackData["prompts"][string] => ({
  id: "p",
  name: "P",
  version: "1.0.0",
  system_template: "",
  evals,
});
const good: Eval = { id: "a", type: "contains", trigger: "every_turn", params: { patterns: ["hi"] } };

function found(pack: Partial<PackData>, options?: RuleOptions): string[] {
  const { findings, report } = collectFindings();
  checkEvalRules({ prompts: {}, ...pack }, report, options);
  return findings.map(({ diagnostic: { code, severity, pointer } }) => `${code} ${severity} ${pointer}`);
}
const of = (rest: Partial<Eval>, options?: RuleOptions): string[] => found({ evals: [{ ...good, ...rest }] }, options);

describe("checkEvalRules", () => {
  it("leaves good evals alone, and a prompt's that replaces the pack's", () => {
    expect(found({ evals: [good], prompts: { p: prompt([good]) } })).toEqual([]);
    expect(
      of({
        metric: { name: "app_hi", type: "gauge", range: { min: 0, max: 1 } },
        threshold: { operator: "gte", value: 1 },
        when: { turn_count_gte: 2 },
      }),
    ).toEqual([]);
  });

  it("reports duplicate ids in each list", () => {
    expect(found({ evals: [good, good], prompts: { "p/q": prompt([good, good]) } })).toEqual([
      "DUPLICATE_EVAL error /evals/1/id",
      "DUPLICATE_EVAL error /prompts/p~1q/evals/1/id",
    ]);
  });

  it.each<[string, Partial<Eval>, string[]]>([
    ["an unknown type", { type: "vibe_check" }, ["UNKNOWN_EVAL_TYPE warning /evals/0/type"]],
    ["an inherited name as type", { type: "constructor" }, ["UNKNOWN_EVAL_TYPE warning /evals/0/type"]],
    ["an unknown trigger", { trigger: "on_response" }, ["UNKNOWN_EVAL_TRIGGER warning /evals/0/trigger"]],
    ["a vendor's trigger", { trigger: "acme.nightly" }, ["UNKNOWN_EVAL_TRIGGER info /evals/0/trigger"]],
    ["a sample that is ignored", { sample_percentage: 10 }, ["SAMPLE_IGNORED info /evals/0/sample_percentage"]],
    [
      "a sample of nothing",
      { trigger: "sample_turns", sample_percentage: 0 },
      ["SAMPLE_ZERO warning /evals/0/sample_percentage"],
    ],
    ["a sample that is not said", { trigger: "sample_sessions" }, ["SAMPLE_IMPLICIT info /evals/0"]],
    [
      "an unknown operator",
      { threshold: { operator: ">=", value: 1 } },
      ["UNKNOWN_THRESHOLD_OPERATOR error /evals/0/threshold/operator"],
    ],
    [
      "an inherited operator",
      { threshold: { operator: "toString", value: 1 } },
      ["UNKNOWN_THRESHOLD_OPERATOR error /evals/0/threshold/operator"],
    ],
    ["an empty threshold", { threshold: {} }, ["INCOMPLETE_THRESHOLD warning /evals/0/threshold"]],
    [
      "a threshold without value",
      { threshold: { operator: "lt" } },
      ["INCOMPLETE_THRESHOLD warning /evals/0/threshold"],
    ],
    [
      "a threshold out of range",
      { threshold: { operator: "gte", value: 4 }, metric: { name: "a_m", type: "gauge", range: { min: 0, max: 1 } } },
      ["THRESHOLD_OUT_OF_RANGE warning /evals/0/threshold/value"],
    ],
    [
      "an inverted range",
      { metric: { name: "a_m", type: "gauge", range: { min: 5, max: 1 } } },
      ["INVERTED_METRIC_RANGE error /evals/0/metric/range"],
    ],
    [
      "a metric name without prefix",
      { metric: { name: "Score", type: "gauge" } },
      ["METRIC_NAME_STYLE info /evals/0/metric/name"],
    ],
    ["an unknown condition", { when: { "a/b": 1 } }, ["UNKNOWN_EVAL_CONDITION warning /evals/0/when/a~1b"]],
    [
      "a judge's unknown provider",
      { type: "llm_judge", params: { provider: "judge" } },
      ["UNKNOWN_EVAL_PROVIDER info /evals/0/params/provider"],
    ],
    [
      "a broken pattern",
      { type: "regex", params: { pattern: "*x" } },
      ["BAD_CHECK_PATTERN error /evals/0/params/pattern"],
    ],
    ["missing params", { type: "contains", params: {} }, ["MISSING_CHECK_PARAM error /evals/0/params"]],
  ])("reports %s", (_, rest, expected) => {
    expect(of(rest)).toEqual(expected);
  });

  it("suggests what was meant", () => {
    const { findings, report } = collectFindings();
    checkEvalRules(
      {
        prompts: {},
        evals: [{ ...good, type: "contians", trigger: "every_turns", threshold: { operator: "<=", value: 1 } }],
      },
      report,
    );
    expect(findings.map(({ diagnostic }) => diagnostic.hint)).toEqual([
      'did you mean "contains"?',
      'did you mean "every_turn"?',
      'write "lte"',
    ]);
  });

  it("reports one metric name with two types, across lists", () => {
    const metric = (type: "gauge" | "counter"): Eval => ({ ...good, metric: { name: "app_m", type } });
    expect(found({ evals: [metric("gauge")], prompts: { p: prompt([metric("counter")]) } })).toEqual([
      "METRIC_TYPE_CONFLICT error /prompts/p/evals/0/metric/type",
    ]);
  });

  it("knows what the host registers and the pack requires", () => {
    expect(
      of({ type: "vibe_check", trigger: "nightly" }, { evalTypes: ["vibe_check"], evalTriggers: ["nightly"] }),
    ).toEqual([]);
    const judged: Eval = { ...good, type: "llm_judge", params: { provider: "judge" } };
    expect(found({ evals: [judged], requires: { providers: [{ key: "judge", role: "llm" }] } })).toEqual([]);
  });
});
