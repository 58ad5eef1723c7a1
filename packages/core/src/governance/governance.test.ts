import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Governance } from "../schema/sections/governance.ts";
import { assessAction, effectOrder, reversibilityOrder } from "./action-risk.ts";
import { compareIndependence } from "./compare-independence.ts";
import { curiePrefix, undeclaredPrefix, wellKnownPrefixes } from "./curie.ts";
import { createGovernanceGate } from "./governance-gate.ts";
import { resolveGovernance } from "./resolve-governance.ts";

const packOf = (governance?: object, own?: object, more: object = {}) => ({
  metadata: governance === undefined ? {} : { governance },
  agents: { entry: "a", members: { a: own === undefined ? {} : { governance: own }, plain: {} } },
  prompts: {},
  ...more,
});

describe("the effective declaration", () => {
  it("is the agent's field where it has one, also when it is empty or false, else the pack's", () => {
    const pack = packOf(
      {
        capabilities: ["x"],
        requires_ai_disclosure: true,
        accountable_owner: "risk",
        extensions: { a: 1 },
        intended_purpose: "p",
      },
      { capabilities: [], requires_ai_disclosure: false, accountable_owner: "", extensions: { b: 2 } },
    );
    expect(resolveGovernance(pack, "a")).toEqual({
      capabilities: [],
      requires_ai_disclosure: false,
      accountable_owner: "",
      extensions: { b: 2 },
      intended_purpose: "p",
    });
    expect(resolveGovernance(pack, "plain")).toEqual(pack.metadata.governance);
  });

  it("merges vocabularies, and the agent wins on a prefix", () => {
    const pack = packOf({ vocabularies: { a: "urn:1", b: "urn:2" } }, { vocabularies: { b: "urn:3" } });
    expect(resolveGovernance(pack, "a")?.vocabularies).toEqual({ a: "urn:1", b: "urn:3" });
    expect(
      resolveGovernance(packOf({ vocabularies: { a: "urn:1" } }, { capabilities: [] }), "a")?.vocabularies,
    ).toEqual({ a: "urn:1" });
  });

  it("is undefined when nobody declares anything, and an error for an unknown agent", () => {
    expect(resolveGovernance({})).toBeUndefined();
    expect(resolveGovernance(packOf(), "a")).toBeUndefined();
    for (const name of ["ghost", "constructor", "__proto__"])
      expect(() => resolveGovernance(packOf({}), name)).toThrow(/UNKNOWN_AGENT/);
  });

  it("is a copy", () => {
    const pack = packOf({ capabilities: ["x"], extensions: { deep: { list: [1] } } });
    const copy = resolveGovernance(pack) as { capabilities: string[]; extensions: { deep: { list: number[] } } };
    copy.capabilities.push("y");
    copy.extensions.deep.list.push(2);
    expect(pack.metadata.governance).toEqual({ capabilities: ["x"], extensions: { deep: { list: [1] } } });
  });

  it("has for every field exactly the agent's value, else the pack's, whatever the values are", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 2 }),
      fc.dictionary(fc.string(), fc.integer(), { maxKeys: 2 }),
    );
    const object = fc.dictionary(
      fc.constantFrom("intended_purpose", "capabilities", "extensions", "reviews", "toString", "constructor"),
      anything,
    );
    fc.assert(
      fc.property(object, object, (base, own) => {
        const effective = resolveGovernance(packOf(base, own), "a") as { [field: string]: unknown };
        expect(Object.keys(effective).sort()).toEqual([...new Set([...Object.keys(base), ...Object.keys(own)])].sort());
        for (const [field, value] of Object.entries(effective))
          expect(value).toEqual(Object.hasOwn(own, field) ? own[field] : base[field]);
      }),
    );
  });
});

describe("terms", () => {
  it("are CURIEs only where a name stands before a colon that no // and no space follows", () => {
    expect(["eu-aiact:HighRiskAI", "acme:", "_x:y"].map(curiePrefix)).toEqual(["eu-aiact", "acme", "_x"]);
    for (const text of [
      "free text",
      "https://x.example/a",
      "urn:iso:1",
      "URN:x",
      "we handle: cards",
      "Note: cards",
      ":x",
      "1a:b",
      "",
    ])
      expect(curiePrefix(text), text).toBeUndefined();
  });

  it("know sixteen prefixes and those that the pack declares, and no inherited name", () => {
    expect(Object.keys(wellKnownPrefixes)).toHaveLength(16);
    for (const prefix of Object.keys(wellKnownPrefixes)) expect(undeclaredPrefix(`${prefix}:Term`)).toBeUndefined();
    expect(undeclaredPrefix("acme:High")).toBe("acme");
    expect(undeclaredPrefix("acme:High", { acme: "urn:x" })).toBeUndefined();
    expect(undeclaredPrefix("constructor:x", {})).toBe("constructor");
  });
});

describe("action scopes", () => {
  it("count what is undeclared as external and irreversible", () => {
    expect(assessAction(undefined)).toMatchObject({
      effect: "external",
      reversibility: "irreversible",
      undeclared: ["effect", "reversibility"],
      approvalAdvised: true,
    });
    expect(assessAction({ effect: "read" })).toMatchObject({
      consequential: false,
      undeclared: ["reversibility"],
      approvalAdvised: true,
    });
    expect(assessAction({ effect: "write", reversibility: "compensable" })).toMatchObject({
      consequential: true,
      undeclared: [],
      approvalAdvised: false,
    });
  });

  it("have an order from harmless to grave", () => {
    expect(effectOrder).toEqual(["read", "write", "external"]);
    expect(reversibilityOrder).toEqual(["reversible", "compensable", "irreversible"]);
  });
});

describe("the governance gate", () => {
  const gate = (governance: Governance, options: object, own?: object) =>
    createGovernanceGate(packOf(governance, own), { enforce: [], ...options });
  const write = { action_scope: { effect: "write", reversibility: "reversible" } } as const;

  it("gates nothing unless it is told to, and says what it enforces and how it treats what is undeclared", () => {
    const open = gate({ approved_environments: [], autonomy_level: "suggests", requires_ai_disclosure: true }, {});
    expect(open.enforces).toEqual([]);
    expect(open.open()).toEqual({ allowed: true, diagnostics: [] });
    expect(open.decideTool({}).action).toBe("execute");
    expect(gate({}, { enforce: ["autonomy_level", "autonomy_level"] }).enforces).toEqual(["autonomy_level"]);
    expect(open.undeclared).toMatchObject({
      effect: "external",
      reversibility: "irreversible",
      autonomy_level: "acts_with_approval",
    });
    expect(() => gate({}, { enforce: ["intended_purpose"] })).toThrow(TypeError);
  });

  it("opens only in an approved environment", () => {
    const enforce = ["approved_environments"];
    const allowed = (environments: string[] | undefined, environment?: string): boolean =>
      gate(environments === undefined ? {} : { approved_environments: environments }, {
        enforce,
        ...(environment === undefined ? {} : { environment }),
      }).open().allowed;
    expect(allowed(["staging"], "staging")).toBe(true);
    expect(allowed(["staging"], "Staging")).toBe(false);
    expect(allowed(["staging"])).toBe(false);
    expect(allowed([], "staging")).toBe(false);
    expect(allowed(undefined, "staging")).toBe(false);
    expect(gate({}, { enforce, environment: "x" }).open().diagnostics).toMatchObject([
      { code: "ENVIRONMENT_NOT_APPROVED", pointer: "/metadata/governance/approved_environments" },
    ]);
  });

  it("decides each call by autonomy level and action scope", () => {
    const decide = (level: Governance["autonomy_level"] | undefined, tool: object, approver = false) =>
      gate(level === undefined ? {} : { autonomy_level: level }, { enforce: ["autonomy_level"], approver }).decideTool(
        tool,
      ).action;
    expect(decide("suggests", write)).toBe("refuse");
    expect(decide("suggests", {})).toBe("refuse");
    expect(decide("suggests", { action_scope: { effect: "read" } })).toBe("execute");
    expect(decide("acts_with_approval", write)).toBe("refuse");
    expect(decide("acts_with_approval", write, true)).toBe("approve");
    expect(decide("acts_with_oversight", write)).toBe("observe");
    expect(decide("acts_autonomously", {})).toBe("execute");
    expect(decide(undefined, write)).toBe("refuse");
    expect(decide(undefined, write, true)).toBe("approve");
  });

  it("uses the agent's own declaration", () => {
    const own = createGovernanceGate(packOf({ autonomy_level: "acts_autonomously" }, { autonomy_level: "suggests" }), {
      enforce: ["autonomy_level"],
      agent: "a",
    });
    expect(own.decideTool(write).action).toBe("refuse");
    expect(() => createGovernanceGate(packOf({}), { enforce: [], agent: "ghost" })).toThrow(/UNKNOWN_AGENT/);
  });

  it("opens a channel that faces people only with a confirmed disclosure", () => {
    const enforce = ["requires_ai_disclosure"];
    expect(gate({ requires_ai_disclosure: true }, { enforce }).open().diagnostics).toMatchObject([
      { code: "DISCLOSURE_REQUIRED" },
    ]);
    expect(
      gate({ requires_ai_disclosure: true }, { enforce }).open({ facesPeople: true, disclosed: true }).allowed,
    ).toBe(true);
    expect(gate({}, { enforce }).open({ facesPeople: true }).allowed).toBe(false);
    expect(gate({}, { enforce }).open({ facesPeople: false }).allowed).toBe(true);
    expect(gate({ requires_ai_disclosure: false }, { enforce }).open().allowed).toBe(true);
  });

  it("refuses a strict dependence and only warns of an advisory one", () => {
    const strict = gate(
      { independent_of: { axes: ["model"], enforcement: "strict" } },
      { enforce: ["independent_of"] },
    ).open();
    expect(strict).toMatchObject({ allowed: false, diagnostics: [{ code: "NOT_INDEPENDENT", severity: "error" }] });
    const advisory = gate({ independent_of: { axes: ["model"] } }, { enforce: ["independent_of"] }).open();
    expect(advisory).toMatchObject({
      allowed: true,
      diagnostics: [{ severity: "warning" }],
      independence: { satisfied: false },
    });
    expect(gate({}, { enforce: ["independent_of"] }).open()).toEqual({ allowed: true, diagnostics: [] });
  });
});

describe("independence of a producer", () => {
  const side = (owner: string | undefined, more: object = {}) => ({
    pack: {
      metadata: { governance: owner === undefined ? {} : { accountable_owner: owner } },
      prompts: {},
      ...more,
    },
  });
  const consumer = (
    axes: readonly string[],
    enforcement: "strict" | "advisory" | undefined,
    owner: string | undefined,
    more: object = {},
  ) => {
    const made = side(owner, more);
    return {
      ...made,
      pack: {
        ...made.pack,
        metadata: {
          governance: {
            ...made.pack.metadata.governance,
            independent_of: { axes, ...(enforcement === undefined ? {} : { enforcement }) },
          },
        },
      },
    } as never;
  };

  it("compares models, providers, tools, prompts and owners", () => {
    const tools = (name: string) => ({
      tools: { [name]: { name, description: "d" } },
      prompts: { [name]: { id: name, name, version: "1", system_template: "x" } },
    });
    const result = compareIndependence(
      {
        ...(consumer(
          ["model", "provider", "tools", "prompts", "accountable_owner"],
          undefined,
          "Risk ",
          tools("a"),
        ) as object),
        models: ["m1"],
        providers: ["p"],
      } as never,
      { ...side("risk", tools("a")), models: ["m2"], providers: ["p", "q"] },
    );
    expect(result?.axes.map(({ axis, status }) => `${axis} ${status}`)).toEqual([
      "model independent",
      "provider shared",
      "tools shared",
      "prompts shared",
      "accountable_owner shared",
    ]);
    expect(result).toMatchObject({ enforcement: "advisory", satisfied: false, refused: false });
  });

  it("is unknown, and under strict refused, when the producer or a value is not known", () => {
    expect(compareIndependence(consumer(["prompts"], "strict", "a"), undefined)).toMatchObject({
      refused: true,
      axes: [{ status: "unknown" }],
    });
    expect(compareIndependence(consumer(["accountable_owner"], "strict", "a"), side(undefined))).toMatchObject({
      refused: true,
    });
    expect(compareIndependence(consumer(["model"], "advisory", "a"), side("b"))).toMatchObject({
      refused: false,
      satisfied: false,
    });
    expect(compareIndependence(consumer(["accountable_owner", "prompts"], "strict", "a"), side("b"))).toMatchObject({
      refused: false,
      satisfied: true,
    });
    expect(compareIndependence(side("a"), side("a"))).toBeUndefined();
  });
});

describe("a gate that is called in the wrong way", () => {
  it("says so, and takes a channel that does not say whom it faces for one that faces people", () => {
    const pack = packOf({ requires_ai_disclosure: true });
    for (const given of [undefined, { data: pack }])
      expect(() => createGovernanceGate(given as never, { enforce: [] })).toThrow("a gate takes the data of a pack");
    for (const options of [undefined, {}, { enforce: "autonomy_level" }])
      expect(() => createGovernanceGate(pack, options as never)).toThrow("enforce lists what the gate enforces");
    const gate = createGovernanceGate(pack, { enforce: ["requires_ai_disclosure"] });
    for (const channel of [{ facePeople: true }, "web", { facesPeople: "no" }])
      expect(gate.open(channel as never)).toMatchObject({
        allowed: false,
        diagnostics: [{ code: "DISCLOSURE_REQUIRED" }],
      });
    expect(gate.open({ facesPeople: false }).allowed).toBe(true);
  });
});
