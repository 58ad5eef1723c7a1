import { generateText, hasToolCall, Output, stepCountIs, ToolLoopAgent, type ModelMessage } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { compilePrompt, InputError, parsePack } from "promptpack";
import { describe, expect, it } from "vitest";
import { agentSettings, checkedSchema, promptSettings, type PromptSettingsOptions, ToolRefusal } from "./index.ts";

const PACK = {
  id: "shop",
  name: "Shop",
  version: "2.1.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    support: {
      id: "support",
      name: "Support",
      version: "1.3.0",
      system_template: "Help.",
      tools: ["lookup", "refund", "ping"],
      tool_policy: { tool_choice: "required", max_rounds: 3, max_tool_calls_per_turn: 2, blocklist: ["refund"] },
    },
  },
  tools: {
    lookup: {
      name: "lookup",
      description: "Looks an order up",
      parameters: { type: "object", properties: { id: { type: "string", pattern: "^[a-z]+$" } }, required: ["id"] },
    },
    refund: { name: "refund", description: "Pays back" },
    ping: { name: "ping", description: "Pings" },
  },
};
const compiled = compilePrompt(parsePack(JSON.stringify(PACK)), "support");
const USAGE = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

/** A model that answers with these calls, round by round, and then with text. */
function modelOf(...rounds: (readonly [name: string, input: string][])[]): MockLanguageModelV3 {
  let next = 0;
  return new MockLanguageModelV3({
    doGenerate: async () => {
      const round = next++;
      const calls = rounds[round];
      const content =
        calls === undefined
          ? [{ type: "text" as const, text: "done" }]
          : calls.map(([toolName, input], index) => ({
              type: "tool-call" as const,
              toolCallId: `${round}-${index}`,
              toolName,
              input,
            }));
      const unified = calls === undefined ? ("stop" as const) : ("tool-calls" as const);
      return { content, finishReason: { unified, raw: unified }, usage: USAGE, warnings: [] };
    },
  });
}

function run(model: MockLanguageModelV3, options: PromptSettingsOptions = {}) {
  const seen: unknown[] = [];
  const handlers = {
    lookup: (args: unknown) => (seen.push(args), "found"),
    ping: async () => (seen.push("ping"), { pong: true }),
    refund: () => void seen.push("refund"),
  };
  const settings = promptSettings(compiled, {}, { handlers, user: "Where is it?", ...options });
  return generateText({ model, ...settings }).then((result) => ({ result, seen, model }));
}

const errorsOf = (steps: readonly { readonly content: readonly { readonly type: string }[] }[]) =>
  steps.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "tool-error" ? [part as unknown as { error: unknown }] : [])),
  );

describe("tools of a prompt", () => {
  it("are offered with the pack's schema, less the blocked ones", async () => {
    const { model } = await run(modelOf([["ping", "{}"]]));
    expect(model.doGenerateCalls[0]?.tools).toMatchObject([
      { type: "function", name: "lookup", description: "Looks an order up", inputSchema: PACK.tools.lookup.parameters },
      { name: "ping" },
    ]);
  });

  it("run sync and async handlers with checked arguments, and give the results to the model", async () => {
    const { result, seen, model } = await run(
      modelOf([
        ["lookup", '{"id":"abc"}'],
        ["ping", "{}"],
      ]),
    );
    expect(seen).toEqual([{ id: "abc" }, "ping"]);
    expect(result.text).toBe("done");
    expect(JSON.stringify(model.doGenerateCalls[1]?.prompt)).toContain('{"pong":true}');
  });

  it("answer bad arguments with an error that the model reads, and never run", async () => {
    const bad: [string, string][] = [
      ["lookup", '{"id":"ABC"}'],
      ["lookup", "{id:1}"],
      ["ping", '{"extra":1}'],
    ];
    const { result, seen, model } = await run(modelOf(bad));
    expect(seen).toEqual([]);
    expect(errorsOf(result.steps)).toHaveLength(3);
    expect(JSON.stringify(model.doGenerateCalls[1]?.prompt)).toContain("WRONG_FORMAT");
  });

  it("refuse blocked, unknown and inherited names, whatever the host has handlers for", async () => {
    const { result, seen } = await run(
      modelOf([
        ["refund", "{}"],
        ["constructor", "{}"],
        ["__proto__", "{}"],
      ]),
    );
    expect(seen).toEqual([]);
    expect(errorsOf(result.steps)).toHaveLength(3);
  });

  it("take required for the first request of a turn only", async () => {
    const { model } = await run(modelOf([["ping", "{}"]]));
    expect(model.doGenerateCalls.map(({ toolChoice }) => toolChoice?.type)).toEqual(["required", "auto"]);
  });

  it("refuse calls beyond the turn's budget as typed results, and then offer no more", async () => {
    const many = Array.from({ length: 4 }, (): [string, string] => ["ping", "{}"]);
    const { result, seen, model } = await run(modelOf(many));
    expect(seen).toEqual(["ping", "ping"]);
    const [first, second] = errorsOf(result.steps);
    expect(second?.error).toBeInstanceOf(ToolRefusal);
    expect(first?.error).toMatchObject({ reason: "budget", code: "TOOL_BUDGET_SPENT" });
    expect(InputError.isInstance(first?.error)).toBe(true);
    expect(JSON.stringify(model.doGenerateCalls[1]?.prompt)).toContain('{\\"error\\":\\"budget\\"');
    expect(model.doGenerateCalls[1]?.toolChoice).toEqual({ type: "none" });
  });

  it("count calls over the rounds of a turn", async () => {
    const ping: [string, string][] = [["ping", "{}"]];
    const { seen, model } = await run(modelOf(ping, ping));
    expect(seen).toEqual(["ping", "ping"]);
    expect(model.doGenerateCalls.map(({ toolChoice }) => toolChoice?.type)).toEqual(["required", "auto", "none"]);
    const more: unknown[] = [];
    const settings = promptSettings(compiled, {}, { handlers: { ping: () => more.push("ping") }, user: "?" });
    await generateText({ model: modelOf(ping, ping, ping), ...settings }).catch(() => {});
    expect(more).toHaveLength(2);
  });

  it("stop after the pack's rounds, or after fewer where the host says so", async () => {
    const wrong: [string, string][] = [["nothing", "{}"]];
    for (const [asked, options] of [
      [4, {}],
      [2, { limits: { maxRounds: 1 } }],
    ] as const) {
      const model = modelOf(wrong, wrong, wrong, wrong, wrong);
      // the SDK's own words for an answer that calls tools where none were offered
      await expect(run(model, options)).rejects.toThrow("tool choice was none");
      expect(model.doGenerateCalls).toHaveLength(asked);
    }
  });

  it("let the model speak after its last round, without tools", async () => {
    const { result, model, seen } = await run(modelOf([["ping", "{}"]]), { limits: { maxRounds: 1 } });
    expect(seen).toEqual(["ping"]);
    expect(model.doGenerateCalls.map(({ toolChoice }) => toolChoice?.type)).toEqual(["required", "none"]);
    expect(result.text).not.toBe("");
  });

  it("start a new turn with each message of the user, and go on with an open one", async () => {
    const past = (id: string): ModelMessage[] => [
      { role: "assistant", content: [{ type: "tool-call", toolCallId: id, toolName: "ping", input: {} }] },
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: id, toolName: "ping", output: { type: "text", value: "pong" } }],
      },
    ];
    const ask: ModelMessage = { role: "user", content: "Ping twice." };
    const messages = [ask, ...past("a"), ...past("b")];
    const fresh = await run(modelOf([["ping", "{}"]]), { messages });
    expect(fresh.seen).toEqual(["ping"]);
    const seen: string[] = [];
    const settings = promptSettings(compiled, {}, { handlers: { ping: () => seen.push("ping") }, messages });
    const model = modelOf([["ping", "{}"]]);
    // The SDK may refuse a call against tool choice "none" by itself; either way nothing runs.
    await generateText({ model, ...settings }).catch(() => {});
    expect(model.doGenerateCalls[0]?.toolChoice).toEqual({ type: "none" });
    expect(seen).toEqual([]);
  });

  it("keep runs of one agent apart", async () => {
    const agent = (model: MockLanguageModelV3) =>
      new ToolLoopAgent({ model, ...agentSettings(compiled, {}, { handlers: { ping: () => "pong" } }) });
    const ping: [string, string][] = [
      ["ping", "{}"],
      ["ping", "{}"],
    ];
    const one = modelOf(ping);
    const shared = agent(one);
    const first = await shared.generate({ prompt: "one" });
    expect(errorsOf(first.steps)).toEqual([]);
    const other = agent(modelOf(ping));
    const results = await Promise.all([
      other.generate({ prompt: "a" }),
      agent(modelOf(ping)).generate({ prompt: "b" }),
    ]);
    expect(results.map(({ steps }) => errorsOf(steps).length)).toEqual([0, 0]);
    expect(one.doGenerateCalls[0]?.prompt[0]).toEqual({ role: "system", content: "Help." });
  });

  it("run a call that waited for approval, and count it once", async () => {
    const settings = promptSettings(compiled, {}, { handlers: { ping: () => "pong" } });
    const tools = { ...settings.tools, ping: { ...settings.tools["ping"], needsApproval: true } as never };
    const messages: ModelMessage[] = [{ role: "user", content: "Ping." }];
    const asked = await generateText({
      model: modelOf([
        ["ping", "{}"],
        ["ping", "{}"],
      ]),
      ...settings,
      tools,
      messages,
    });
    const requests = asked.content.flatMap((part) => (part.type === "tool-approval-request" ? [part] : []));
    expect(requests).toHaveLength(2);
    const answer: ModelMessage = {
      role: "tool",
      content: requests.map(({ approvalId }) => ({ type: "tool-approval-response", approvalId, approved: true })),
    };
    const model = modelOf();
    await generateText({ model, ...settings, tools, messages: [...messages, ...asked.response.messages, answer] });
    expect(JSON.stringify(model.doGenerateCalls[0]?.prompt).match(/pong/g)).toHaveLength(2);
  });

  it("leave a tool without a handler to the client", async () => {
    const { result } = await run(modelOf([["ping", "{}"]]), { handlers: {} });
    expect(result.toolCalls).toMatchObject([{ toolName: "ping" }]);
    expect(result.steps).toHaveLength(1);
  });

  it("offer the host's own tools that were compiled in, unless the pack blocks their names", async () => {
    const own = (name: string) => ({ name, description: name, parameters: { type: "object" } });
    const more = compilePrompt(parsePack(JSON.stringify(PACK)), "support", { tools: [own("weather"), own("refund")] });
    const settings = promptSettings(more, {}, { handlers: { weather: () => "sunny" }, user: "?" });
    expect(Object.keys(settings.tools)).toEqual(["lookup", "ping", "weather"]);
    const result = await generateText({ model: modelOf([["weather", '{"at":"x"}']]), ...settings });
    expect(result.steps[0]?.toolResults).toMatchObject([{ output: "sunny" }]);
  });

  it("refuse a handler for no tool, but not one for a tool that another prompt offers", () => {
    const handlers = { lokup: () => "found" };
    expect(() => promptSettings(compiled, {}, { handlers })).toThrow(
      /"lokup" is no tool to handle; there are "lookup"/,
    );
    expect(() => promptSettings(compiled, {}, { handlers: { refund: () => "" } })).not.toThrow();
  });

  it("let the host add stop conditions of its own", async () => {
    const settings = promptSettings(compiled, {}, { handlers: { ping: () => "pong" }, user: "?" });
    const stopWhen = [settings.stopWhen, stepCountIs(9), hasToolCall("ping")];
    const result = await generateText({ model: modelOf([["ping", "{}"]]), ...settings, stopWhen });
    expect(result.steps).toHaveLength(1);
  });
});

describe("checkedSchema", () => {
  it("refuses schemas of other libraries, which would let anything pass", () => {
    class Schema {
      type = "object";
    }
    for (const other of [new Schema(), { "~standard": { version: 1 } }, [], "object", undefined, null])
      expect(() => checkedSchema(other as never)).toThrow("checkedSchema takes a JSON Schema");
  });

  const schema = { type: "object", properties: { total: { type: "integer", minimum: 0 } }, required: ["total"] };
  const answer = (text: string) =>
    new MockLanguageModelV3({
      doGenerate: async () => ({
        content: [{ type: "text", text }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: USAGE,
        warnings: [],
      }),
    });
  const ask = (text: string) =>
    generateText({
      model: answer(text),
      prompt: "?",
      output: Output.object({ schema: checkedSchema<{ total: number }>(schema) }),
    });

  it("gives the object of a structured answer", async () => {
    const model = answer('{"total":3}');
    const result = await generateText({
      model,
      prompt: "?",
      output: Output.object({ schema: checkedSchema<{ total: number }>(schema) }),
    });
    expect(result.output.total).toBe(3);
    expect(model.doGenerateCalls[0]?.responseFormat).toMatchObject({ type: "json", schema });
  });

  it("refuses an answer that does not fit, with the diagnostics as the cause", async () => {
    const error: unknown = await ask('{"total":-1}')
      .then((result) => result.output)
      .catch((reason: unknown) => reason);
    const causes: unknown[] = [];
    for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
    expect(causes.find((cause) => InputError.isInstance(cause))).toMatchObject({ code: "OUT_OF_RANGE" });
  });
});
