import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import { hasNestedQuantifier } from "./nested-quantifier.ts";
import { checkVariableRules } from "./rules.ts";

function findingsOf(...parts: Partial<Variable>[]): string[] {
  const { findings, report } = collectFindings();
  const variables = parts.map((part) => ({ name: "v", type: "string", required: false, ...part }));
  checkVariableRules({ prompts: { main: { variables } } } as unknown as Pick<PackData, "prompts">, report, {
    variableTypes: ["money"],
    bindingKinds: ["tenant"],
  });
  return findings.map(
    ({ diagnostic: { code, severity, pointer } }) =>
      `${severity} ${code} ${pointer.replace("/prompts/main/variables/", "")}`,
  );
}

describe("checkVariableRules", () => {
  it.each<[Partial<Variable>]>([
    [{}],
    [{ type: "integer", default: 2, validation: { minimum: 1, maximum: 2 } }],
    [{ default: "ab", example: "b", validation: { pattern: "b$", min_length: 1, max_length: 2, enum: ["ab", "b"] } }],
    [{ type: "money", validation: { minimum: 1, min_length: 1 } }],
    [{ default: null, required: true }],
    [{ binding: { kind: "tenant", field: "name", auto_populate: true, filter: "trim" } }],
  ])("is silent about %j", (variable) => {
    expect(findingsOf(variable)).toEqual([]);
  });

  it.each<[string, Partial<Variable>]>([
    ["warning REQUIRED_WITH_DEFAULT 0/default", { required: true, default: "x" }],
    ["error INVALID_DEFAULT 0/default", { default: 5 }],
    ["error INVALID_EXAMPLE 0/example", { example: "x", validation: { min_length: 2 } }],
    ["error INVALID_PATTERN 0/validation/pattern", { default: "x", validation: { pattern: "[a-" } }],
    ["error INVALID_PATTERN 0/validation/pattern", { validation: { pattern: "(?=a)b" } }],
    ["warning RISKY_PATTERN 0/validation/pattern", { validation: { pattern: "^(a+)+$" } }],
    ["error INVERTED_LIMITS 0/validation", { validation: { min_length: 3, max_length: 2 } }],
    ["error INVERTED_LIMITS 0/validation", { type: "number", validation: { minimum: 3, maximum: 2 } }],
    ["error EMPTY_ENUM 0/validation/enum", { validation: { enum: [] } }],
    ["warning IGNORED_RULE 0/validation/minimum", { validation: { minimum: 1 } }],
    ["warning IGNORED_RULE 0/validation/pattern", { type: "number", validation: { pattern: "x" } }],
    ["warning UNKNOWN_VARIABLE_TYPE 0/type", { type: "sting" }],
    ["warning UNKNOWN_BINDING 0/binding/kind", { binding: { kind: "cookie_jar", field: "x" } }],
    ["warning SECRET_BINDING 0/binding/field", { binding: { kind: "env", field: "OPENAI_API_KEY" } }],
    ["warning INCOMPLETE_BINDING 0/binding", { binding: {} }],
    ["warning INCOMPLETE_BINDING 0/binding", { binding: { kind: "env", auto_populate: true } }],
    ["error UNKNOWN_FILTER 0/binding/filter", { binding: { kind: "env", field: "x", filter: "rot13" } }],
  ])("reports %s and nothing else", (finding, variable) => {
    expect(findingsOf(variable)).toEqual([finding]);
  });

  it("reports the second of two variables of one name", () => {
    expect(findingsOf({}, { name: "w" }, {})).toEqual(["error DUPLICATE_VARIABLE 2/name"]);
  });

  it("never shows a default that could be a credential", () => {
    const { findings, report } = collectFindings();
    const variables = [{ name: "v", type: "number", required: false, default: "hunter2" }];
    checkVariableRules({ prompts: { main: { variables } } } as unknown as Pick<PackData, "prompts">, report);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  it("finds a repetition of a repetition and nothing else", () => {
    for (const pattern of ["(a+)+", "^(\\w+\\s?)*$", "(a*)*", "((a{2,}b))+", "(x(a|b+))*", "([^\\]]*)+"]) {
      expect([pattern, hasNestedQuantifier(pattern)]).toEqual([pattern, true]);
    }
    for (const pattern of [
      "a+b*",
      "(ab)+",
      "(a+)b",
      "([+*]x)+",
      "(\\+)+",
      "(a{2})+",
      "([]+])*",
      "[[:alpha:]+]+",
      "(a+)?",
    ]) {
      expect([pattern, hasNestedQuantifier(pattern)]).toEqual([pattern, false]);
    }
  });
});

it("says that there are several kinds where there are", () => {
  const { findings, report } = collectFindings();
  const v = { name: "v", type: "strnig", required: false, binding: { kind: "sesion", field: "id" } };
  checkVariableRules({ prompts: { main: { variables: [v] } } } as unknown as Pick<PackData, "prompts">, report);
  const messages = findings.map(({ diagnostic: { message } }) => message);
  expect(messages[0]).toMatch(/^values are not checked: there is no type "strnig"; there are "string", "number"/);
  expect(messages[1]).toMatch(/^there is no binding kind "sesion"; there are "/);
});
