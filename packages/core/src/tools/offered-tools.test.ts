import { describe, expect, it } from "vitest";
import type { PackData } from "../schema/sections/pack.ts";
import { offeredCallees, offeredTools, resolveCallee } from "./offered-tools.ts";

const tool = (name: string): { name: string; description: string } => ({ name, description: `Does ${name}` });
const tools: PackData["tools"] = { sonar: tool("sonar"), horn: tool("horn"), k: tool("n") };
const agents = { members: { analyst: { description: "Analyses" } } };
const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

describe("offeredTools", () => {
  it("offers the listed tools in the order of the list, each once", () => {
    expect(names(offeredTools({ tools: ["horn", "sonar", "horn"] }, { tools }))).toEqual(["horn", "sonar"]);
  });

  it("offers nothing without a list, with an empty one, and with tool_choice none", () => {
    expect(offeredTools({}, { tools })).toEqual([]);
    expect(offeredTools({ tools: [] }, { tools })).toEqual([]);
    expect(offeredTools({ tools: ["horn"], tool_policy: { tool_choice: "none" } }, { tools })).toEqual([]);
  });

  it("blocks by key and by name", () => {
    for (const blocked of ["k", "n"]) {
      expect(offeredTools({ tools: ["k", "horn"], tool_policy: { blocklist: [blocked] } }, { tools })).toEqual([
        tools["horn"],
      ]);
    }
  });

  it("skips what the pack does not define, inherited names too", () => {
    expect(offeredTools({ tools: ["constructor", "__proto__", "fs__read", "Horn"] }, { tools })).toEqual([]);
    expect(offeredTools({ tools: ["horn"] }, {})).toEqual([]);
  });
});

describe("offeredCallees", () => {
  it("takes an entry that names an agent member as an agent call", () => {
    expect(offeredCallees({ tools: ["horn", "analyst"] }, { tools, agents })).toEqual([
      { kind: "tool", name: "horn", tool: tools["horn"] },
      { kind: "agent", name: "analyst", agent: agents.members.analyst },
    ]);
    expect(offeredCallees({ tools: ["analyst"], tool_policy: { blocklist: ["analyst"] } }, { agents })).toEqual([]);
  });

  it("never offers an agent to itself", () => {
    expect(offeredCallees({ id: "analyst", tools: ["analyst"] }, { agents })).toEqual([]);
  });

  it("lets the agent win over a tool of the same name", () => {
    const both = { agents: { members: { horn: {} } }, tools };
    expect(resolveCallee("horn", both)?.kind).toBe("agent");
    expect(offeredTools({ tools: ["horn"] }, both)).toEqual([]);
  });
});
