import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import { answerability } from "./answerable-schema.ts";
import { callSites } from "./call-sites.ts";
import { checkProviders, checkSingleProvider, type ProviderBinding } from "./check-providers.ts";
import { effectiveProvider, providerRequirements } from "./provider-requirements.ts";
import { checkProviderRules } from "./rules.ts";

const prompt = (id: string, more: object = {}) => ({ id, name: id, version: "1", system_template: "x", ...more });
const steps = (...list: object[]): object => ({ compositions: { flow: { version: 1, steps: list } } });
const requires = (...providers: unknown[]): object => ({ requires: { providers } });
const packOf = (...parts: object[]): never => Object.assign({ prompts: { main: prompt("main") } }, ...parts) as never;
const codes = (...parts: object[]): string[] => {
  const { findings, report } = collectFindings();
  checkProviderRules(packOf(...parts), report);
  return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`);
};
const check = (bindings: { [key: string]: ProviderBinding }, ...parts: object[]): string[] =>
  checkProviders(packOf(...parts), bindings, {
    findSchema: (name) => ({ free: { type: "string" }, flag: { type: "boolean" } })[name],
  }).map(({ code, pointer }) => `${code} ${pointer}`);
const able: ProviderBinding = { role: "llm", tool_use: true, structured_output: true };

describe("provider requirements", () => {
  it("have one form with their defaults", () => {
    expect(
      providerRequirements(
        packOf(requires("a", { key: "b", role: "tts", required: false }, { key: "c", role: "llm" })),
      ),
    ).toEqual([
      { key: "a", role: "llm", required: true },
      { key: "b", role: "tts", required: false },
      { key: "c", role: "llm", required: true },
    ]);
    expect(providerRequirements({})).toEqual([]);
  });

  it("give a call its step's key, else its prompt's, else default", () => {
    expect(effectiveProvider({ provider: "s" }, { provider: "p" })).toBe("s");
    expect(effectiveProvider({}, { provider: "p" })).toBe("p");
    expect(effectiveProvider(undefined, undefined)).toBe("default");
  });
});

describe("call sites", () => {
  it("are prompts, states and steps, also nested ones, with what each needs", () => {
    const pack = packOf(
      {
        prompts: {
          main: prompt("main", { tools: ["t"] }),
          talk: prompt("talk", { provider: "p" }),
          work: prompt("work", { provider: "w" }),
        },
      },
      {
        workflow: {
          version: 1,
          entry: "s",
          states: {
            s: { prompt_task: "talk", on_event: { Go: "z" } },
            z: { prompt_task: "talk", terminal: true },
            c: { orchestration: "composition", composition: "flow" },
          },
        },
      },
      steps(
        {
          id: "par",
          kind: "parallel",
          reduce: { strategy: "append", into: "x" },
          branches: [{ id: "a", kind: "agent", prompt_task: "work", provider: "q", termination: { max_steps: 1 } }],
        },
        { id: "b", kind: "prompt", prompt_task: "work", output_schema: "o" },
        { id: "t", kind: "tool", tool: "t" },
      ),
    );
    expect(callSites(pack).map(({ kind, pointer, provider, needs }) => [kind, pointer, provider, needs])).toEqual([
      ["agent-step", "/compositions/flow/steps/0/branches/0", "q", { text: true, tools: true }],
      ["prompt-step", "/compositions/flow/steps/1", "w", { text: false, tools: false, outputSchema: "o" }],
      ["state", "/workflow/states/s", "p", { text: true, tools: true }],
      ["state", "/workflow/states/z", "p", { text: true, tools: false }],
      ["prompt", "/prompts/main", "default", { text: true, tools: true }],
    ]);
  });

  it("leave an agent member its own prompt and a state-backed one to its state", () => {
    const members = { main: {}, other: { state: "s" } };
    const pack = packOf(
      { prompts: { main: prompt("main"), other: prompt("other") }, agents: { entry: "main", members } },
      steps({ id: "a", kind: "prompt", prompt_task: "main" }),
    );
    expect(callSites(pack).map((site) => site.pointer)).toEqual(["/compositions/flow/steps/0", "/prompts/main"]);
  });
});

describe("answerable schemas", () => {
  it("have only leaves that need no free text", () => {
    const object = (properties: object): object => ({ type: "object", properties });
    const bounded = { type: "integer", minimum: 0, exclusiveMaximum: 9 };
    for (const schema of [
      { enum: ["a"] },
      { const: null },
      { type: "boolean" },
      bounded,
      object({ a: bounded, b: { type: "boolean" } }),
      { anyOf: [bounded, { type: "null" }] },
    ])
      expect(answerability(schema)).toBe("yes");
    for (const schema of [
      { type: "string" },
      { type: "number", minimum: 0 },
      object({ a: bounded, b: { type: "string" } }),
      { type: ["string", "null"] },
      { type: "array", items: { type: "string" } },
    ])
      expect(answerability(schema)).toBe("no");
    for (const schema of [
      undefined,
      true,
      {},
      { $ref: "#/x" },
      object({}),
      { type: "array", items: bounded, maxItems: 3 },
    ])
      expect(answerability(schema)).toBe("unknown");
  });

  it("end at hostile nesting", { timeout: 2_000 }, () => {
    let schema: object = { type: "string" };
    for (let depth = 0; depth < 5_000; depth++)
      schema = { type: ["object", "object", "array"], properties: { a: schema } };
    expect(answerability(schema)).toBe("unknown");
  });
});

describe("checking bindings", () => {
  it("finds nothing when every key is bound to something able", () => {
    expect(check({ default: able })).toEqual([]);
    expect(
      check({ default: able, p: able }, requires("p"), { prompts: { main: prompt("main", { provider: "p" }) } }),
    ).toEqual([]);
  });

  it("collects undeclared, unbound and unfit together", () => {
    const prompts = {
      a: prompt("a", { provider: "nowhere" }),
      b: prompt("b", { provider: "loose" }),
      c: prompt("c", { tools: ["t"] }),
    };
    expect(check({ default: { role: "llm", tool_use: false } }, { prompts }, requires("loose"))).toEqual([
      "PROVIDER_UNDECLARED /prompts/a/provider",
      "PROVIDER_UNBOUND /prompts/b/provider",
      "PROVIDER_UNFIT /prompts/c",
    ]);
  });

  it("has no fallback to default for an optional requirement that a call names", () => {
    const optional = requires({ key: "o", role: "llm", required: false });
    expect(check({ default: able }, optional, { prompts: { main: prompt("main", { provider: "o" }) } })).toEqual([
      "PROVIDER_UNBOUND /prompts/main/provider",
    ]);
    expect(check({ default: able }, optional)).toEqual(["OPTIONAL_PROVIDER_UNBOUND /requires/providers/0"]);
    expect(check({ default: able }, requires("r"))).toEqual(["PROVIDER_UNBOUND /requires/providers/0"]);
  });

  it("needs default only when a call resolves to it", () => {
    expect(check({})).toEqual(["PROVIDER_UNBOUND /prompts/main"]);
    expect(
      check({ p: able }, requires("default", "p"), { prompts: { main: prompt("main", { provider: "p" }) } }),
    ).toEqual([]);
  });

  it("looks up keys by own property", () => {
    const data = [requires("constructor"), { prompts: { main: prompt("main", { provider: "constructor" }) } }];
    expect(check({}, ...data)).toEqual(["PROVIDER_UNBOUND /prompts/main/provider"]);
  });

  it("accepts what it cannot know with a warning", () => {
    expect(check({ default: {} })).toEqual(["PROVIDER_UNVERIFIED /prompts/main"]);
  });

  it("lets a provider without text answer only schemas without free text", () => {
    const step = (schema?: string): object =>
      steps({
        id: "a",
        kind: "prompt",
        prompt_task: "main",
        ...(schema === undefined ? {} : { output_schema: schema }),
      });
    const silent: ProviderBinding = { role: "inference", text: false };
    expect(check({ default: silent }, step("flag"))).toEqual([]);
    expect(check({ default: silent }, step("free"))).toEqual(["PROVIDER_UNFIT /compositions/flow/steps/0"]);
    expect(check({ default: silent }, step("missing"))).toEqual(["PROVIDER_UNVERIFIED /compositions/flow/steps/0"]);
    expect(check({ default: { ...silent, structured_output: false } }, step("missing"))).toEqual([
      "PROVIDER_UNFIT /compositions/flow/steps/0",
    ]);
    expect(check({ default: { role: "llm", structured_output: false } }, step("free"))).toEqual([
      "PROVIDER_UNVERIFIED /compositions/flow/steps/0",
    ]);
    expect(check({ default: silent }, step())).toEqual(["PROVIDER_UNFIT /compositions/flow/steps/0"]);
  });

  it("compares role, advised capabilities and tested models", () => {
    const capabilities = { tool_use: true, min_context_tokens: 1000, modalities: ["image"], embedding_dimensions: 3 };
    const need = requires({ key: "default", role: "llm", capabilities });
    expect(
      check(
        { default: { role: "llm", tool_use: false, min_context_tokens: 10, modalities: [], embedding_dimensions: 4 } },
        need,
      ),
    ).toEqual(["CAPABILITY_MISMATCH /requires/providers/0"]);
    expect(check({ default: { role: "tts", text: true } }, need)).toEqual(["PROVIDER_UNFIT /requires/providers/0"]);
    const tested = {
      prompts: { main: prompt("main", { tested_models: [{ provider: "p", model: "m", date: "2026-01-01" }] }) },
    };
    expect(check({ default: { ...able, model: "n" } }, tested)).toEqual([
      "MODEL_NOT_TESTED /prompts/main/tested_models",
    ]);
    expect(check({ default: { ...able, model: "m" } }, tested)).toEqual([]);
  });

  it("warns an integration with one model of a pack that asks for several", () => {
    const prompts = { a: prompt("a"), b: prompt("b", { provider: "p" }) };
    expect(checkSingleProvider(packOf({ prompts })).map((one) => one.code)).toEqual(["PROVIDERS_IGNORED"]);
    expect(checkSingleProvider(packOf())).toEqual([]);
  });
});

describe("provider rules", () => {
  it("are silent about a pack without references and about clean ones", () => {
    expect(codes()).toEqual([]);
    expect(
      codes(
        requires("default", { key: "e", role: "embedding", capabilities: { "x-a": 1, "acme.b": 2, tool_use: true } }),
      ),
    ).toEqual([]);
  });

  it("report references that name no requirement, on prompts and steps", () => {
    expect(codes({ prompts: { main: prompt("main", { provider: "" }) } })).toEqual([
      "PROVIDER_UNDECLARED /prompts/main/provider",
    ]);
    expect(
      codes(requires("a", "default"), steps({ id: "s", kind: "prompt", prompt_task: "main", provider: "toString" })),
    ).toEqual(["PROVIDER_UNDECLARED /compositions/flow/steps/0/provider"]);
    expect(codes({ prompts: { main: prompt("main", { provider: "default" }) } })).toEqual([]);
  });

  it("report a provider on a tool, branch or parallel step and leave vendors theirs", () => {
    const inner = { id: "t", kind: "tool", tool: "x", provider: "a" };
    expect(
      codes(
        steps(
          inner,
          { id: "b", kind: "branch", provider: "a" },
          { id: "p", kind: "parallel", provider: "a", branches: [inner] },
          { id: "v", kind: "acme.x", provider: "a" },
        ),
      ),
    ).toEqual([
      "PROVIDER_MISPLACED /compositions/flow/steps/0/provider",
      "PROVIDER_MISPLACED /compositions/flow/steps/1/provider",
      "PROVIDER_MISPLACED /compositions/flow/steps/2/provider",
      "PROVIDER_MISPLACED /compositions/flow/steps/2/branches/0/provider",
    ]);
  });

  it("report broken and doubled keys", () => {
    expect(codes(requires("default", "a b", "", "j", { key: "j", role: "llm" }))).toEqual([
      "INVALID_PROVIDER_KEY /requires/providers/1",
      "INVALID_PROVIDER_KEY /requires/providers/2",
      "DUPLICATE_PROVIDER /requires/providers/4",
    ]);
  });

  it("advise on roles, capabilities and the primary model", () => {
    expect(
      codes(
        requires(
          { key: "default", role: "tts" },
          { key: "j", role: "judge", capabilities: { tool_uses: true, speed: 1 } },
        ),
      ),
    ).toEqual([
      "DEFAULT_PROVIDER_ROLE /requires/providers/0/role",
      "UNKNOWN_PROVIDER_ROLE /requires/providers/1/role",
      "MISSPELT_CAPABILITY /requires/providers/1/capabilities/tool_uses",
      "UNSCOPED_CAPABILITY /requires/providers/1/capabilities/speed",
    ]);
    expect(codes(requires("other"))).toEqual(["DEFAULT_PROVIDER_ABSENT /requires/providers"]);
  });

  it("warn about references to optional requirements", () => {
    expect(
      codes(requires({ key: "o", role: "llm", required: false }), {
        prompts: { main: prompt("main", { provider: "o" }) },
      }),
    ).toEqual(["OPTIONAL_PROVIDER_REFERENCED /prompts/main/provider"]);
  });

  it("warn about providers that are no llm in states and in steps without a schema", () => {
    const need = requires("default", { key: "e", role: "embedding" });
    const prompts = { prompts: { main: prompt("main", { provider: "e" }) } };
    const workflow = {
      workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main" }, t: { prompt_task: "main" } } },
    };
    expect(codes(need, prompts, workflow)).toEqual(["STATE_PROVIDER_ROLE /prompts/main/provider"]);
    expect(
      codes(
        need,
        prompts,
        steps(
          { id: "a", kind: "prompt", prompt_task: "main" },
          { id: "b", kind: "prompt", prompt_task: "main", output_schema: "o" },
        ),
      ),
    ).toEqual(["STEP_PROVIDER_ROLE /compositions/flow/steps/0"]);
    expect(codes(need, steps({ id: "a", kind: "prompt", prompt_task: "main", provider: "e" }))).toEqual([
      "STEP_PROVIDER_ROLE /compositions/flow/steps/0/provider",
    ]);
  });
});
