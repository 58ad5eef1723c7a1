import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import { checkToolRules } from "./rules.ts";

type Sections = Parameters<typeof checkToolRules>[0];

const tool = (name: string, parameters?: object): NonNullable<PackData["tools"]>[string] =>
  ({ name, description: "d", ...(parameters && { parameters }) }) as NonNullable<PackData["tools"]>[string];
const prompt = (fields: Partial<Prompt>): Prompt => ({
  id: "main",
  name: "M",
  version: "1.0.0",
  system_template: "x",
  ...fields,
});
const found = (pack: Sections, options?: RuleOptions): string[] => {
  const { findings, report } = collectFindings();
  checkToolRules(pack, report, options);
  return findings.map(({ diagnostic: { code, severity, pointer } }) => `${severity} ${code} ${pointer}`);
};
const list = (...tools: string[]): Sections => ({
  tools: { lookup: tool("lookup") },
  prompts: { main: prompt({ tools }) },
});

describe("checkToolRules", () => {
  it("is silent about tools that are defined and listed", () => {
    expect(found(list("lookup"))).toEqual([]);
    expect(found({ prompts: { main: prompt({}) } })).toEqual([]);
  });

  it("warns of a listed tool that names nothing, and refuses it in strict mode", () => {
    expect(found(list("lookup", "lookupp"))).toEqual(["warning UNDEFINED_TOOL /prompts/main/tools/1"]);
    expect(found(list("lookup", "constructor"))).toEqual(["warning UNDEFINED_TOOL /prompts/main/tools/1"]);
    expect(found(list("lookup", "lookupp"), { strict: true })).toEqual(["error UNDEFINED_TOOL /prompts/main/tools/1"]);
    expect(found(list("lookup", "fs__read"), { strict: true })).toEqual(["info UNDEFINED_TOOL /prompts/main/tools/1"]);
  });

  it("suggests the tool that was probably meant", () => {
    const { findings, report } = collectFindings();
    checkToolRules(list("Lookup"), report);
    expect(findings[0]?.diagnostic.hint).toBe('did you mean "lookup"?');
  });

  it("finds an entry that is listed twice", () => {
    expect(found(list("lookup", "lookup"))).toEqual(["warning DUPLICATE_TOOL_ENTRY /prompts/main/tools/1"]);
  });

  it("knows agent members from prompts that are none", () => {
    const prompts = { main: prompt({ tools: ["writer", "critic"] }), writer: prompt({}), critic: prompt({}) };
    const agents = { entry: "main", members: { main: {}, writer: {} } };
    expect(found({ prompts, agents })).toEqual(["warning TOOL_NAMES_PROMPT /prompts/main/tools/1"]);
  });

  it("finds an agent that calls itself and one that hides a tool", () => {
    const agents = { entry: "main", members: { main: {}, lookup: {} } };
    expect(found({ ...list("main", "lookup"), agents })).toEqual([
      "warning AGENT_CALLS_ITSELF /prompts/main/tools/0",
      "warning AGENT_HIDES_TOOL /prompts/main/tools/1",
    ]);
  });

  it("wants the key to be the name, and one tool for a name", () => {
    const tools = { a: tool("a"), "b/c": tool("a") };
    expect(found({ tools, prompts: { main: prompt({ tools: ["a", "b/c"] }) } })).toEqual([
      "error TOOL_KEY_MISMATCH /tools/b~1c/name",
      "error DUPLICATE_TOOL_NAME /tools/b~1c/name",
    ]);
  });

  it("checks the parameters as a JSON Schema", () => {
    const schema = { type: "object", properties: { q: { type: "strng" }, r: { type: "string", pattern: "(" } } };
    expect(found({ ...list("lookup"), tools: { lookup: tool("lookup", schema) } })).toEqual([
      "error INVALID_SCHEMA /tools/lookup/parameters/properties/q/type",
      "error INVALID_PATTERN /tools/lookup/parameters/properties/r/pattern",
    ]);
  });

  it("finds a required parameter that no property declares", () => {
    const schema = { type: "object", properties: { q: {} }, required: ["q", "toString"] };
    expect(found({ ...list("lookup"), tools: { lookup: tool("lookup", schema) } })).toEqual([
      "warning UNDECLARED_PARAMETER /tools/lookup/parameters/required/1",
    ]);
  });

  it("finds tool choices that contradict the list", () => {
    const choose = (tool_choice: "required" | "none", ...tools: string[]): Sections => ({
      prompts: { main: prompt({ tools, tool_policy: { tool_choice } }) },
      tools: { lookup: tool("lookup") },
      compositions: { c: { version: 1, steps: [{ id: "s", kind: "tool", tool: "lookup" }] } },
    });
    expect(found(choose("required"))).toEqual([
      "warning TOOL_CHOICE_WITHOUT_TOOLS /prompts/main/tool_policy/tool_choice",
    ]);
    expect(found(choose("none", "lookup"))).toEqual(["info TOOLS_SWITCHED_OFF /prompts/main/tool_policy/tool_choice"]);
    expect(found(choose("required", "lookup"))).toEqual([]);
    expect(found(choose("none"))).toEqual([]);
  });

  it("checks the entries of a blocklist", () => {
    const pack = list("lookup");
    const blocklist = ["lookup", "rm", "fs__rm", "writer"];
    const agents = { entry: "main", members: { writer: {} } };
    expect(
      found({ ...pack, agents, prompts: { main: prompt({ tools: ["lookup"], tool_policy: { blocklist } }) } }),
    ).toEqual([
      "warning BLOCKED_TOOL_LISTED /prompts/main/tool_policy/blocklist/0",
      "warning UNKNOWN_BLOCKED_TOOL /prompts/main/tool_policy/blocklist/1",
      "info UNKNOWN_BLOCKED_TOOL /prompts/main/tool_policy/blocklist/2",
    ]);
  });

  it("finds tools that nothing uses, composition steps counted", () => {
    const tools = { a: tool("a"), b: tool("b"), c: tool("c"), d: tool("d") };
    const compositions: PackData["compositions"] = {
      flow: {
        version: 1,
        steps: [
          {
            id: "p",
            kind: "parallel",
            branches: [{ id: "t", kind: "tool", tool: "b" }],
            reduce: { strategy: "collect", into: "all" },
          },
          { id: "g", kind: "agent", prompt_task: "main", tools: ["c"], termination: { max_rounds: 1 } },
          { id: "v", kind: "acme.judge" },
        ] as unknown as NonNullable<PackData["compositions"]>[string]["steps"],
      },
    };
    expect(found({ tools, prompts: { main: prompt({ tools: ["a"] }) }, compositions })).toEqual([
      "info UNUSED_TOOL /tools/d",
    ]);
  });
});
