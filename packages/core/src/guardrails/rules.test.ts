import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import { checkGuardrailRules } from "./rules.ts";

function diagnose(
  validators: readonly Validator[],
  options?: RuleOptions,
): ReturnType<typeof collectFindings>["findings"] {
  const { findings, report } = collectFindings();
  checkGuardrailRules(
    { prompts: { main: { id: "main", name: "M", version: "1.0.0", system_template: "", validators } } },
    report,
    options,
  );
  return findings;
}
const found = (validator: Validator, options?: RuleOptions): string[] =>
  diagnose([validator], options).map(
    ({ diagnostic: { code, severity, pointer } }) =>
      `${code} ${severity} ${pointer.replace("/prompts/main/validators/0", "")}`,
  );

describe("checkGuardrailRules", () => {
  it.each<Validator>([
    { type: "banned_words", params: { words: ["bad"], match: "substring" } },
    { type: "max_length", message: "Too long.", params: { max_characters: 0, message: "m" } },
    { type: "length", params: { max_tokens: 5 } },
    { type: "regex_match", params: { pattern: "a", must_match: null } },
    { type: "pii_detection" },
    { type: "pii_detection", params: { types: ["ssn"] } },
    { type: "json_schema", params: { schema: { type: "object" } } },
    { type: "assertion", params: { eval_type: "contains", eval_params: { patterns: ["x"] }, min_score: 1 } },
  ])("leaves %j alone", (validator) => {
    expect(found(validator)).toEqual([]);
  });

  it.each<[string, Validator, string[]]>([
    ["an unknown type", { type: "pii_leakge" }, ["UNKNOWN_GUARDRAIL warning /type"]],
    ["a type that only a host can run", { type: "toxicity" }, ["UNKNOWN_GUARDRAIL warning /type"]],
    [
      "a type that does not read a response",
      { type: "tools_called", params: { tool_names: ["a"] } },
      ["UNKNOWN_GUARDRAIL warning /type"],
    ],
    ["an inherited name as type", { type: "toString" }, ["UNKNOWN_GUARDRAIL warning /type"]],
    ["missing params", { type: "max_length" }, ["MISSING_CHECK_PARAM error "]],
    [
      "other params",
      { type: "max_length", params: { other: 1 } },
      ["MISSING_CHECK_PARAM error /params", "UNKNOWN_CHECK_PARAM warning /params/other"],
    ],
    [
      "a misspelt param",
      { type: "banned_words", params: { wrods: ["x"] } },
      ["MISSING_CHECK_PARAM error /params", "UNKNOWN_CHECK_PARAM warning /params/wrods"],
    ],
    [
      "a negative length",
      { type: "max_length", params: { max_characters: -1 } },
      ["BAD_CHECK_PARAM error /params/max_characters"],
    ],
    [
      "a length of null",
      { type: "max_length", params: { max_characters: null } },
      ["BAD_CHECK_PARAM error /params/max_characters"],
    ],
    ["a broken length", { type: "min_length", params: { min: 1.5 } }, ["BAD_CHECK_PARAM error /params/min"]],
    [
      "words that are no list",
      { type: "banned_words", params: { words: "bad" } },
      ["BAD_CHECK_PARAM error /params/words"],
    ],
    ["no words", { type: "banned_words", params: { words: [] } }, ["EMPTY_WORD error /params/words"]],
    ["an empty word", { type: "banned_words", params: { words: ["a", ""] } }, ["EMPTY_WORD error /params/words/1"]],
    [
      "an invisible word",
      { type: "banned_words", params: { words: ["\u200b\u00ad"] } },
      ["EMPTY_WORD error /params/words/0"],
    ],
    [
      "a pattern that is none",
      { type: "regex_match", params: { pattern: "(" } },
      ["BAD_CHECK_PATTERN error /params/pattern"],
    ],
    ["look-ahead", { type: "regex_match", params: { pattern: "a(?=b)" } }, ["BAD_CHECK_PATTERN error /params/pattern"]],
    [
      "a must_match that is no flag",
      { type: "regex_match", params: { pattern: "a", must_match: 0 } },
      ["BAD_CHECK_PARAM error /params/must_match"],
    ],
    [
      "fail_on_violation true",
      { type: "pii_detection", fail_on_violation: true },
      ["DEPRECATED_FAIL_ON_VIOLATION warning /fail_on_violation"],
    ],
    [
      "fail_on_violation false",
      { type: "pii_detection", fail_on_violation: false },
      ["IGNORED_FAIL_ON_VIOLATION warning /fail_on_violation"],
    ],
    ["a wrapper of nothing", { type: "guardrail", params: {} }, ["MISSING_CHECK_PARAM error "]],
    [
      "a wrapper's broken params",
      { type: "guardrail", params: { eval_type: "max_length", eval_params: { max: -1 } } },
      ["BAD_CHECK_PARAM error /params/eval_params/max"],
    ],
  ])("reports %s", (_, validator, expected) => {
    expect(found(validator)).toEqual(expected);
  });

  it("says when fail_on_violation goes, and that evals replace false", () => {
    const [kept, ignored] = diagnose(
      [true, false].map((fail_on_violation) => ({ type: "pii_detection", fail_on_violation })),
    );
    expect(kept?.diagnostic.message).toContain("removed in 2.0.0, not before 2027-08-31");
    expect(ignored?.diagnostic.hint).toContain("eval");
  });

  it("suggests types and params, and knows those of the host", () => {
    expect(diagnose([{ type: "max_lenght" }])[0]?.diagnostic.hint).toBe('did you mean "max_length"?');
    expect(diagnose([{ type: "banned_words", params: { words: ["a"], mtach: "word" } }])[0]?.diagnostic.hint).toBe(
      'did you mean "match"?',
    );
    expect(found({ type: "toxicity" }, { guardrailTypes: ["toxicity"] })).toEqual([]);
    // The host's implementation of one of our types reads its own params.
    expect(found({ type: "max_length" }, { guardrailTypes: ["max_length"] })).toEqual([]);
  });
});
