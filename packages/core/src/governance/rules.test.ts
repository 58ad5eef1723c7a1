import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import { checkGovernanceRules } from "./rules.ts";

const prompt = (id: string, more: object = {}) => ({ id, name: id, version: "1", system_template: "x", ...more });
const validators = [
  { id: "mask", type: "pii_detection" },
  { id: "off", type: "max_length", enabled: false },
];
const evals = [
  { id: "tone", type: "contains", trigger: "every_turn" },
  { id: "idle", type: "contains", trigger: "every_turn", enabled: false },
];

const codes = (governance: object | undefined, more: object = {}): string[] => {
  const { findings, report } = collectFindings();
  const metadata = governance === undefined ? {} : { governance };
  checkGovernanceRules({ metadata, prompts: { main: prompt("main", { validators }) }, evals, ...more }, report);
  return findings.map(
    ({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer.replace("/metadata/governance", "~")}`,
  );
};
const controls = (...list: object[]): object => ({ obligations: [{ id: "o", obligation: "pp:X", controls: list }] });
const review = (more: object = {}): object => ({
  reviews: [{ id: "r", type: "pp:BiasTesting", cadence: "P3M", owner: "quality", ...more }],
});
const agent = (own: object, governance?: object): string[] =>
  codes(governance, { agents: { entry: "main", members: { main: { governance: own } } } });

describe("governance rules", () => {
  it("are silent about packs without governance and about clean ones", () => {
    expect(codes(undefined)).toEqual([]);
    expect(
      codes({
        requires_ai_disclosure: true,
        ...controls(
          { field: "requires_ai_disclosure" },
          { validator: "mask" },
          { eval: "tone" },
          { external: "A form" },
        ),
        ...review({ satisfies: ["o"], eval: "tone" }),
      }),
    ).toEqual([]);
  });

  it("never look into extensions", () => {
    expect(
      codes({ extensions: { accountable_owner: "a@b.example", "x:y": "acme:z", completed: "2026-01-01" } }),
    ).toEqual([]);
  });

  it("report controls and reviews that name no eval, guardrail or field", () => {
    expect(
      codes(
        controls({ eval: "ton" }, { validator: "constructor" }, { field: "vocabulary" }, { field: "capabilities" }),
      ),
    ).toEqual([
      "UNKNOWN_CONTROL_EVAL ~/obligations/0/controls/0/eval",
      "UNKNOWN_CONTROL_VALIDATOR ~/obligations/0/controls/1/validator",
      "UNKNOWN_CONTROL_FIELD ~/obligations/0/controls/2/field",
      "UNDECLARED_CONTROL_FIELD ~/obligations/0/controls/3/field",
    ]);
    expect(codes(review({ eval: "nope", satisfies: ["p"] }))).toEqual([
      "UNKNOWN_CONTROL_EVAL ~/reviews/0/eval",
      "UNKNOWN_OBLIGATION ~/reviews/0/satisfies/0",
    ]);
  });

  it("find evals of any prompt", () => {
    const prompts = { main: prompt("main", { evals: [{ id: "own", type: "contains", trigger: "every_turn" }] }) };
    expect(codes(controls({ eval: "own" }), { prompts })).toEqual([]);
  });

  it("warn about controls that are disabled or declared as nothing", () => {
    expect(
      codes({
        requires_ai_disclosure: false,
        capabilities: [],
        ...controls(
          { eval: "idle" },
          { validator: "off" },
          { field: "requires_ai_disclosure" },
          { field: "capabilities" },
          { field: "obligations" },
        ),
      }),
    ).toEqual([
      "DISABLED_CONTROL ~/obligations/0/controls/0/eval",
      "DISABLED_CONTROL ~/obligations/0/controls/1/validator",
      "NEGATIVE_CONTROL_FIELD ~/obligations/0/controls/2/field",
      "NEGATIVE_CONTROL_FIELD ~/obligations/0/controls/3/field",
      "NEGATIVE_CONTROL_FIELD ~/obligations/0/controls/4/field",
    ]);
  });

  it("report ids that are empty or stand twice, and warn about empty texts", () => {
    const obligation = { obligation: "pp:X", controls: [{ external: " " }] };
    expect(
      codes({
        obligations: [
          { id: "a", ...obligation },
          { id: "a", obligation: "", controls: [{ external: "x" }] },
          { id: "", obligation: "x", controls: [{ external: "x" }] },
        ],
      }),
    ).toEqual([
      "EMPTY_GOVERNANCE_TEXT ~/obligations/0/controls/0/external",
      "DUPLICATE_OBLIGATION ~/obligations/1/id",
      "EMPTY_GOVERNANCE_TEXT ~/obligations/1/obligation",
      "EMPTY_GOVERNANCE_ID ~/obligations/2/id",
    ]);
    const [one] = (review() as { reviews: object[] }).reviews;
    expect(codes({ reviews: [one, one] })).toEqual(["DUPLICATE_REVIEW ~/reviews/1/id"]);
  });

  it("report guardrail ids that are not unique in the pack, referenced or not", () => {
    const prompts = { a: prompt("a", { validators }), b: prompt("b", { validators: [{ id: "mask", type: "x" }] }) };
    expect(codes(undefined, { prompts })).toEqual(["DUPLICATE_VALIDATOR_ID /prompts/b/validators/0/id"]);
  });

  it("warn about a cadence of nothing and inform about e-mail addresses as owners", () => {
    expect(
      codes({ accountable_owner: "jane@acme.example", ...review({ cadence: "P0D", owner: "joe@acme.example" }) }),
    ).toEqual([
      "OWNER_IS_PERSON ~/accountable_owner",
      "OWNER_IS_PERSON ~/reviews/0/owner",
      "ZERO_CADENCE ~/reviews/0/cadence",
    ]);
  });

  it("warn about undeclared prefixes in every slot for terms", () => {
    const tools = {
      t: { name: "t", description: "d", action_scope: { effect: "read", data_classes: ["zz:a", "pd:b", "plain"] } },
    };
    const term = "zz:x";
    const found = codes(
      {
        operator_role: term,
        risk_classification: term,
        intended_deployment_contexts: [term],
        capabilities: ["Note: prose", term],
        obligations: [
          {
            id: "o",
            obligation: term,
            applies_to: { capability: term, data_class: "zz:a", risk_classification: term },
            controls: [{ external: term }],
          },
        ],
        ...review({ type: term }),
      },
      { tools },
    );
    expect(found.filter((line) => line.startsWith("UNDECLARED_PREFIX")).map((line) => line.slice(18))).toEqual([
      "~/operator_role",
      "~/risk_classification",
      "~/intended_deployment_contexts/0",
      "~/capabilities/1",
      "~/obligations/0/obligation",
      "~/obligations/0/applies_to/capability",
      "~/obligations/0/applies_to/data_class",
      "~/obligations/0/applies_to/risk_classification",
      "~/reviews/0/type",
      "/tools/t/action_scope/data_classes/0",
    ]);
    expect(codes({ vocabularies: { zz: "https://zz.example/#" }, operator_role: term })).toEqual([]);
  });

  it("check the names of prefixes and the redefinition of a well-known one", () => {
    expect(
      codes({
        vocabularies: {
          "1a": "urn:x",
          "a/b": "urn:y",
          dpv: "https://other.example/#",
          pp: "https://promptpack.org/vocab/pp#",
        },
      }),
    ).toEqual([
      "INVALID_VOCABULARY_PREFIX ~/vocabularies/1a",
      "INVALID_VOCABULARY_PREFIX ~/vocabularies/a~1b",
      "REDEFINED_VOCABULARY ~/vocabularies/dpv",
    ]);
  });

  it("inform about applies_to values that the pack declares nowhere", () => {
    const applies = { capability: "a", data_class: "b", risk_classification: "c" };
    expect(
      codes({ obligations: [{ id: "o", obligation: "x", applies_to: applies, controls: [{ external: "x" }] }] }),
    ).toEqual([
      "UNDECLARED_APPLICABILITY ~/obligations/0/applies_to/capability",
      "UNDECLARED_APPLICABILITY ~/obligations/0/applies_to/data_class",
      "UNDECLARED_APPLICABILITY ~/obligations/0/applies_to/risk_classification",
    ]);
  });

  it("check the owner axis of independence", () => {
    expect(codes({ independent_of: { axes: ["model", "accountable_owner"] } })).toEqual([
      "INDEPENDENCE_WITHOUT_OWNER ~/independent_of/axes/1",
    ]);
    expect(
      codes({ accountable_owner: "risk", independent_of: { axes: ["accountable_owner"], enforcement: "strict" } }),
    ).toEqual([]);
    expect(codes({ independent_of: { axes: ["model"], enforcement: "strict" } })).toEqual([
      "INDEPENDENCE_IGNORES_OWNER ~/independent_of/axes",
    ]);
  });

  it("let an agent rely on what it inherits, and report what it lost", () => {
    expect(agent(controls({ field: "requires_ai_disclosure" }), { requires_ai_disclosure: true })).toEqual([]);
    expect(agent(controls({ field: "autonomy_level" }))).toEqual([
      "UNDECLARED_CONTROL_FIELD /agents/members/main/governance/obligations/0/controls/0/field",
    ]);
    const lost = {
      obligations: [{ id: "gone", obligation: "x", controls: [{ external: "x" }] }],
      ...review({ satisfies: ["gone"] }),
    };
    expect(agent(controls({ external: "x" }), lost)).toEqual([
      "UNKNOWN_OBLIGATION /agents/members/main/governance/obligations",
    ]);
    expect(agent({ capabilities: [] }, lost)).toEqual([]);
    expect(agent({ operator_role: "zz:a" }, { vocabularies: { zz: "urn:zz" } })).toEqual([]);
  });

  it("judge action scopes: contradictory, missing, and irreversible where an agent acts alone", () => {
    const tool = (scope?: object) => ({
      name: "t",
      description: "d",
      ...(scope === undefined ? {} : { action_scope: scope }),
    });
    const wipe = { effect: "external", reversibility: "irreversible" };
    const prompts = { main: prompt("main", { tools: ["t"] }) };
    expect(codes(undefined, { tools: { t: tool() } })).toEqual([]);
    expect(
      codes(undefined, { tools: { t: tool(), u: tool({ effect: "read", reversibility: "irreversible" }) } }),
    ).toEqual(["MISSING_ACTION_SCOPE /tools/t", "CONTRADICTORY_ACTION_SCOPE /tools/u/action_scope"]);
    expect(codes({ autonomy_level: "acts_autonomously" }, { prompts, tools: { t: tool(wipe) } })).toEqual([
      "IRREVERSIBLE_AUTONOMY /tools/t/action_scope/reversibility",
    ]);
    const careful = { entry: "main", members: { main: { governance: { autonomy_level: "suggests" } } } };
    expect(
      codes({ autonomy_level: "acts_autonomously" }, { prompts, agents: careful, tools: { t: tool(wipe) } }),
    ).toEqual([]);
    const bold = { entry: "main", members: { main: { governance: { autonomy_level: "acts_autonomously" } } } };
    expect(codes(undefined, { prompts, agents: bold, tools: { t: tool(wipe) } })).toEqual([
      "IRREVERSIBLE_AUTONOMY /tools/t/action_scope/reversibility",
    ]);
  });
});
