import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { isLangChainTool, ToolInputParsingException } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { InputError } from "promptpack";
import { describe, expect, it } from "vitest";
import { callTools, packWith, ScriptedModel, spell } from "../test/fakes.ts";
import { convertTool, convertTools } from "./tools.ts";

const parameters = {
  type: "object",
  properties: {
    id: { type: "string", pattern: "^(a+)+$" },
    how: { enum: ["fast", "slow"] },
    many: { type: "array", items: { type: "integer" } },
  },
  required: ["id"],
  additionalProperties: false,
};
const tools = {
  find_order: { name: "find_order", description: "Finds an order.", parameters },
  ping: { name: "ping", description: "Says pong." },
};
const pack = packWith({ tools: ["find_order", "ping", "ghost__tool"] }, { tools });

describe("convertTools", () => {
  it("gives LangChain tools with the schema exactly as the pack has it", () => {
    const converted = convertTools(pack, "main");
    expect(converted.map(({ name }) => name)).toEqual(["find_order", "ping"]);
    expect(converted.every((tool) => isLangChainTool(tool))).toBe(true);
    expect(converted[0]?.schema).toEqual(parameters);
  });

  it("takes a Pack, tools and functions, and nothing that only looks like them", () => {
    expect(() => convertTools(pack.data as never, "main")).toThrow("expected a Pack");
    expect(() => convertTool("find_order" as never)).toThrow("expected a tool");
    expect(() => convertTools(pack, "main", new Map([["ping", () => "pong"]]) as never)).toThrow(
      "handlers are an object",
    );
    expect(() => convertTools(pack, "main", { ping: "pong" } as never)).toThrow('the handler of "ping" is no function');
  });

  it("runs handlers, sync or async, and answers tool calls", async () => {
    const [find, ping] = convertTools(pack, "main", {
      find_order: async ({ id }) => ({ found: id }),
      ping: () => "pong",
    });
    expect(await find?.invoke({ id: "a" })).toEqual({ found: "a" });
    const answer: unknown = await ping?.invoke({ type: "tool_call", id: "7", name: "ping", args: {} });
    expect(ToolMessage.isInstance(answer) && [answer.tool_call_id, answer.content]).toEqual(["7", "pong"]);
  });

  it("refuses arguments without coercion, and says why", async () => {
    let runs = 0;
    const find = convertTool(pack.tool("find_order"), () => ++runs);
    for (const input of [{}, { id: 1 }, { id: "a", how: "FAST" }, { id: "a", many: ["1"] }, { id: "a", more: 1 }]) {
      const error: unknown = await find.invoke(input).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(ToolInputParsingException);
      expect(InputError.isInstance((error as Error).cause)).toBe(true);
    }
    expect(runs).toBe(0);
  });

  it("takes no catastrophic time over the pack's patterns", { timeout: 2000 }, async () => {
    await expect(convertTool(pack.tool("find_order"), () => "").invoke({ id: `${"a".repeat(60)}!` })).rejects.toThrow(
      /WRONG_FORMAT/,
    );
  });

  it("offers what the prompt offers: no list is none, the blocklist wins, none is none", () => {
    expect(convertTools(packWith({}, { tools }), "main")).toEqual([]);
    const blocked = packWith({ tools: ["find_order", "ping"], tool_policy: { blocklist: ["find_order"] } }, { tools });
    expect(convertTools(blocked, "main").map(({ name }) => name)).toEqual(["ping"]);
    const none = packWith({ tools: ["find_order"], tool_policy: { tool_choice: "none" } }, { tools });
    expect(convertTools(none, "main")).toEqual([]);
    expect(() => convertTools(pack, "")).toThrow(/UNKNOWN_PROMPT/);
  });

  it("refuses a handler for no tool, and says so when one without a handler runs", async () => {
    expect(() => convertTools(pack, "main", { find_ordr: () => "" })).toThrow(/find_ordr/);
    await expect(convertTool(pack.tool("ping")).invoke({})).rejects.toThrow(/no handler/);
  });

  it("work in an agent, which hears why arguments were refused", async () => {
    const model = new ScriptedModel(
      callTools({ name: "find_order", args: { id: "b" }, id: "1" }),
      callTools({ name: "find_order", args: { id: "aa" }, id: "2" }),
      spell(["found"]),
    );
    const agent = createAgent({
      model,
      tools: convertTools(pack, "main", { find_order: ({ id }) => `order ${String(id)}` }),
    });
    const { messages } = await agent.invoke({ messages: [new HumanMessage("where?")] });
    expect(messages.filter((message) => message.getType() === "tool").map(({ text }) => text)).toEqual([
      expect.stringContaining("WRONG_FORMAT"),
      "order aa",
    ]);
    expect(AIMessage.isInstance(messages.at(-1))).toBe(true);
  });
});
