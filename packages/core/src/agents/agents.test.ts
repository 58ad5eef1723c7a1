import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import { buildPack } from "../testing/build-pack.ts";
import { agentCalls, agentCallTool } from "./agent-calls.ts";
import { createAgentCard } from "./agent-card.ts";
import { resolveAgentEntry, resolveEntry } from "./resolve-entry.ts";
import { checkAgentRules } from "./rules.ts";

const prompt = (id: string, more: object = {}) => ({
  id,
  name: `The ${id}`,
  version: "2.0.0",
  system_template: "x",
  ...more,
});
const pack = {
  version: "1.0.0",
  prompts: {
    desk: prompt("desk", {
      description: "Takes questions",
      tools: ["writer", "search", "desk", "writer", "secret"],
      tool_policy: { blocklist: ["secret"] },
    }),
    writer: prompt("writer", { version: "" }),
    secret: prompt("secret"),
  },
  agents: {
    entry: "desk",
    members: {
      desk: { tags: ["help"] },
      writer: { description: "Writes", input_modes: ["image/*"], output_modes: [] },
      secret: {},
    },
  },
};

const codes = (data: object): string[] => {
  const { findings, report } = collectFindings();
  checkAgentRules({ prompts: {}, ...data }, report);
  return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`);
};
const described = (members: object, more: object = {}): object => ({
  prompts: { a: prompt("a", { description: "d" }), b: prompt("b", { description: "d" }) },
  agents: { entry: "a", members },
  ...more,
});

describe("agent cards", () => {
  it("carries every field that A2A 1.0 requires and one skill named after the member", () => {
    expect(createAgentCard(pack, "desk", { url: "https://a.example/desk" })).toEqual({
      name: "The desk",
      description: "Takes questions",
      supportedInterfaces: [{ url: "https://a.example/desk", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
      version: "2.0.0",
      capabilities: {},
      defaultInputModes: ["text/plain"],
      defaultOutputModes: ["text/plain"],
      skills: [{ id: "desk", name: "The desk", description: "Takes questions", tags: ["help"] }],
    });
  });

  it("prefers the member's description, falls back to the pack's version and to text/plain", () => {
    const card = createAgentCard(pack, "writer", {
      url: "http://a.example",
      protocolBinding: "GRPC",
      capabilities: { streaming: true },
    });
    expect(card).toMatchObject({
      description: "Writes",
      version: "1.0.0",
      defaultInputModes: ["image/*"],
      defaultOutputModes: ["text/plain"],
      capabilities: { streaming: true },
    });
    expect(createAgentCard(pack, "secret", { url: "http://a.example" }).description).toBe("The secret");
  });

  it("refuses a prompt that is no member, whatever it is called", () => {
    for (const name of ["ghost", "constructor", "__proto__"]) {
      expect(() => createAgentCard(pack, name, { url: "https://a.example" })).toThrow(/UNKNOWN_AGENT/);
    }
    const internal = { ...pack, agents: { entry: "desk", members: { desk: {} } } };
    expect(() => createAgentCard(internal, "writer", { url: "https://a.example" })).toThrow(/UNKNOWN_AGENT/);
    expect(() => createAgentCard(pack, "desk", { url: "file:///etc" })).toThrow(TypeError);
  });
});

describe("agent calls", () => {
  it("are the tools named like members, once, without the agent itself and the blocked ones", () => {
    expect(agentCalls(pack, "desk")).toEqual(["writer"]);
    expect(() => agentCalls(pack, "dsek")).toThrow('UNKNOWN_PROMPT: there is no prompt "dsek"');
    const none = {
      ...pack,
      prompts: { ...pack.prompts, desk: prompt("desk", { tools: ["writer"], tool_policy: { tool_choice: "none" } }) },
    };
    expect(agentCalls(none, "desk")).toEqual([]);
  });

  it("take one argument, the query", () => {
    const tool = agentCallTool(pack, "writer");
    expect(tool).toMatchObject({
      name: "writer",
      description: "Writes",
      parameters: { required: ["query"], additionalProperties: false },
    });
  });
});

it("says that data are needed where a Pack is passed", () => {
  const whole = buildPack({ agents: { entry: "main", members: { main: {} } } }) as never;
  for (const given of [whole, undefined as never]) {
    expect(() => agentCalls(given, "main")).toThrow("expected the data of a pack");
    expect(() => createAgentCard(given, "main", { url: "https://a.example" })).toThrow("expected the data of a pack");
    expect(() => resolveEntry(given)).toThrow("expected the data of a pack");
  }
  expect(() => createAgentCard(pack, "desk", undefined as never)).toThrow("a card needs the url");
});

describe("the entry", () => {
  it("is the workflow's, else the agents', else the only prompt's", () => {
    const workflow = { version: 1, entry: "start", states: {} };
    expect(resolveEntry({ ...pack, workflow })).toEqual({ kind: "state", state: "start" });
    expect(resolveEntry(pack)).toEqual({ kind: "prompt", prompt: "desk" });
    expect(resolveEntry({ prompts: { one: prompt("one") } })).toEqual({ kind: "prompt", prompt: "one" });
    expect(resolveEntry({ prompts: pack.prompts })).toBeUndefined();
  });

  it("of a state-backed member is its state", () => {
    const backed = { prompts: pack.prompts, agents: { entry: "desk", members: { desk: { state: "triage" } } } };
    expect(resolveAgentEntry(backed, "desk")).toEqual({ kind: "state", state: "triage" });
    expect(resolveAgentEntry(pack, "writer")).toEqual({ kind: "prompt", prompt: "writer" });
  });
});

describe("agent rules", () => {
  it("are silent about a pack without agents and about a clean one", () => {
    expect(codes({})).toEqual([]);
    expect(
      codes(described({ a: { tags: ["x"], input_modes: ["*/*", "application/vnd.a+json; v=1"] }, b: {} })),
    ).toEqual([]);
  });

  it("report an entry that is no prompt or no member", () => {
    expect(codes({ ...described({ a: {} }), agents: { entry: "valueOf", members: { a: {} } } })).toEqual([
      "UNKNOWN_PROMPT /agents/entry",
    ]);
    expect(codes({ ...described({}), agents: { entry: "a", members: { b: {} } } })).toEqual([
      "AGENT_ENTRY_NOT_MEMBER /agents/entry",
    ]);
  });

  it("report a member that names no prompt", () => {
    expect(codes(described({ a: {}, toString: {} }))).toEqual(["UNKNOWN_PROMPT /agents/members/toString"]);
  });

  it("report a state without a workflow, an unknown one, and one that runs another prompt", () => {
    expect(codes(described({ a: { state: "s" } }))).toEqual(["AGENT_STATE_WITHOUT_WORKFLOW /agents/members/a/state"]);
    const workflow = { version: 1, entry: "s", states: { s: { prompt_task: "b" } } };
    expect(codes(described({ a: { state: "constructor" } }, { workflow }))).toEqual([
      "UNKNOWN_AGENT_STATE /agents/members/a/state",
    ]);
    expect(codes(described({ a: { state: "s" } }, { workflow }))).toEqual([
      "AGENT_PROMPT_DIFFERS /agents/members/a/state",
    ]);
  });

  it("warn about missing descriptions, blank tags and modes that are no MIME types", () => {
    const data = {
      prompts: { a: prompt("a") },
      agents: { entry: "a", members: { a: { tags: ["ok", " "], input_modes: [], output_modes: ["text", "image/*"] } } },
    };
    expect(codes(data)).toEqual([
      "AGENT_WITHOUT_DESCRIPTION /agents/members/a",
      "BLANK_AGENT_TAG /agents/members/a/tags/1",
      "EMPTY_AGENT_MODES /agents/members/a/input_modes",
      "INVALID_AGENT_MODE /agents/members/a/output_modes/0",
    ]);
  });

  it("warn about a tool that is named like a member", () => {
    const tools = { a: { name: "a", description: "d" }, other: { name: "other", description: "d" } };
    expect(codes(described({ a: {} }, { tools }))).toEqual(["AGENT_TOOL_CLASH /tools/a"]);
  });
});
