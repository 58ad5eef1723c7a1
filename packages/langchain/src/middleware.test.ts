import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { createAgent, modelFallbackMiddleware } from "langchain";
import { GuardrailError, type Pack } from "promptpack";
import { describe, expect, it } from "vitest";
import { callTools, packWith, ScriptedModel, spell } from "../test/fakes.ts";
import { guardModel } from "./guardrail-runnable.ts";
import { guardrailMiddleware, promptPackMiddleware, toolPolicyMiddleware } from "./middleware.ts";
import { convertTools, type ToolHandler } from "./tools.ts";

const guarded = packWith({
  validators: [
    { type: "banned_words", enabled: true, message: "Not that word.", params: { words: ["zebra"] } },
    { type: "pii_detection", enabled: true, message: "No addresses.", params: {} },
  ],
});
const question = { messages: [new HumanMessage("Who answers?")] };
const modes = ["values", "updates", "messages", "custom", "debug", "tasks", "checkpoints", "tools"] as const;

/** What a user could see: everything as JSON, and apart from it the text of the tokens, one after the other. */
async function seen(chunks: AsyncIterable<unknown>): Promise<string> {
  const parts: string[] = [];
  const tokens = new Map<string, string>();
  for await (const chunk of chunks) {
    const json = JSON.stringify(chunk);
    parts.push(json);
    const own = new Map<string, string>();
    JSON.parse(json, (key, value: unknown) => {
      if (typeof value === "string") own.set(key, value);
      return value;
    });
    for (const [key, value] of own) tokens.set(key, `${tokens.get(key) ?? ""}${value}`);
  }
  return [...parts, ...tokens.values()].join("\n");
}

const cut = (text: string, sizes: readonly number[]): string[] => {
  const pieces: string[] = [];
  for (let start = 0, index = 0; start < text.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(text.slice(start, start + size));
    start += size;
  }
  return pieces;
};

const leak = /jane|j\.?doe|mail\.test|zebr/i;

describe("guardrails of an agent", () => {
  for (const streamMode of modes) {
    it(`never show a banned word or an address in streamMode "${streamMode}", however the text is cut`, async () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
      const secret = fc.constantFrom("jane@mail.test", "zebra");
      await fc.assert(
        fc.asyncProperty(sizes, secret, async (each, word) => {
          const model = new ScriptedModel(spell(cut(`Of course, it is ${word} who knows.`, each)));
          const agent = createAgent({ model, tools: [], middleware: promptPackMiddleware(guarded, "main") });
          expect(await seen(await agent.stream(question, { streamMode: streamMode as "values" }))).not.toMatch(leak);
        }),
        { numRuns: 12 },
      );
    });
  }

  for (const version of ["v1", "v2", "v3"] as const) {
    it(`never show them in streamEvents ${version}`, async () => {
      for (const sizes of [[1], [3], [2, 5], [40]]) {
        const model = new ScriptedModel(spell(cut("Ask jane@mail.test or the zebra.", sizes)));
        const agent = createAgent({ model, tools: [], middleware: promptPackMiddleware(guarded, "main") });
        const events = await agent.streamEvents(question, { version: version as "v2" });
        expect(await seen(events as AsyncIterable<unknown>)).not.toMatch(leak);
      }
    });
  }

  it("are what hides them: without guardrails every way of streaming shows them", async () => {
    const agent = () => createAgent({ model: new ScriptedModel(spell([..."Ask the zebra."])), tools: [] });
    for (const streamMode of ["values", "updates", "messages", "debug", "tasks"] as const)
      expect(await seen(await agent().stream(question, { streamMode: streamMode as "values" }))).toMatch(leak);
    for (const version of ["v1", "v2", "v3"] as const)
      expect(
        await seen((await agent().streamEvents(question, { version: version as "v2" })) as AsyncIterable<unknown>),
      ).toMatch(leak);
  });

  it("leave the state with the guardrail's message alone", async () => {
    const model = new ScriptedModel(spell(["Ask the ", "zebra."]));
    const agent = createAgent({ model, tools: [], middleware: promptPackMiddleware(guarded, "main") });
    const { messages } = await agent.invoke(question);
    expect(messages.at(-1)?.text).toBe("Not that word.");
  });

  it("stream what is allowed as it comes", async () => {
    const pieces = ["Hello", " there", ", how", " are", " you", "?"];
    const plain = packWith({ validators: [{ type: "banned_words", enabled: true, params: { words: ["zebra"] } }] });
    const agent = createAgent({
      model: new ScriptedModel(spell(pieces)),
      tools: [],
      middleware: promptPackMiddleware(plain, "main"),
    });
    const shown: string[] = [];
    for await (const [chunk] of await agent.stream(question, { streamMode: "messages" })) shown.push(chunk.text);
    expect(shown.join("")).toBe(pieces.join(""));
    expect(shown.length).toBeGreaterThan(3);
  });

  it("redact while streaming when the host says so", async () => {
    const model = new ScriptedModel(spell(cut("Write to jane@mail.test now please.", [3])));
    const pack = packWith({ validators: [{ type: "pii_detection", enabled: true, params: {} }] });
    const middleware = [guardrailMiddleware(pack, "main", { actions: { pii_detection: "redact" } })];
    let text = "";
    for await (const [chunk] of await createAgent({ model, tools: [], middleware }).stream(question, {
      streamMode: "messages",
    }))
      text += chunk.text;
    expect(text).toBe("Write to [removed] now please.");
  });

  it("throw a GuardrailError where the host asks for one", async () => {
    const model = new ScriptedModel(spell(["zebra"]));
    const agent = createAgent({
      model,
      tools: [],
      middleware: [guardrailMiddleware(guarded, "main", { onViolation: "throw" })],
    });
    const error: unknown = await agent.invoke(question).catch((cause: unknown) => cause);
    let cause = error as Error;
    while (!GuardrailError.isInstance(cause) && cause.cause instanceof Error) cause = cause.cause;
    expect(GuardrailError.isInstance(cause)).toBe(true);
    expect(String(cause)).not.toContain("zebra");
  });

  it("fail when a middleware after them answers with another model", async () => {
    const failing = new ScriptedModel([]);
    const fallback = modelFallbackMiddleware(new ScriptedModel(spell(["zebra"])));
    const agent = createAgent({
      model: failing,
      tools: [],
      middleware: [guardrailMiddleware(guarded, "main"), fallback],
    });
    await expect(agent.invoke(question)).rejects.toThrow(/list the guardrails last/);
  });

  it("check reasoning, refusals and blocks, and hold tool calls back until the text has passed", async () => {
    const blocks = [
      [
        { content: [{ type: "reasoning", reasoning: "the zeb", index: 0 }] },
        { content: [{ type: "reasoning", reasoning: "ra", index: 0 }] },
      ],
      [{ content: "", additional_kwargs: { reasoning_content: "zebra" } }],
      [{ content: [{ type: "text", text: "ze", index: 1 }] }, { content: [{ type: "text", text: "bra", index: 1 }] }],
      [{ content: "zebra" }, ...callTools({ name: "find", args: {}, id: "1" })],
    ];
    for (const chunks of blocks) {
      const model = guardModel(new ScriptedModel(chunks as never), guarded.prompt("main").validators ?? []);
      const shown: unknown[] = [];
      for await (const chunk of await model.stream("hi")) shown.push(chunk);
      expect(JSON.stringify(shown)).not.toMatch(/zeb|find/);
    }
  });

  it("show reasoning and answer in their own blocks when both pass", async () => {
    const chunks = [
      { content: [{ type: "reasoning", reasoning: "let me ", index: 0 }] },
      { content: [{ type: "reasoning", reasoning: "think", index: 0 }] },
      { content: [{ type: "text", text: "four", index: 1 }] },
    ];
    const model = guardModel(new ScriptedModel(chunks as never), guarded.prompt("main").validators ?? []);
    let whole;
    for await (const chunk of await model.stream("2+2")) whole = whole === undefined ? chunk : whole.concat(chunk);
    expect(whole?.content).toEqual([
      expect.objectContaining({ type: "reasoning", reasoning: "let me think" }),
      expect.objectContaining({ type: "text", text: "four" }),
    ]);
  });
});

const find = {
  name: "find",
  description: "Finds.",
  parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};
const wipe = { name: "wipe", description: "Wipes.", parameters: { type: "object", properties: {} } };
const tooled = (policy: object): Pack =>
  packWith({ tools: ["find", "wipe"], tool_policy: policy }, { tools: { find, wipe } });

function agentFor(
  pack: Pack,
  model: ScriptedModel,
  handlers: Record<string, ToolHandler> = {},
  options = {},
): ReturnType<typeof createAgent> {
  // the whole pack's tools, so that the policy and not the list decides
  const tools = convertTools(packWith({ tools: ["find", "wipe"] }, { tools: { find, wipe } }), "main", handlers);
  return createAgent({ model, tools, middleware: [toolPolicyMiddleware(pack, "main", options)] }) as never;
}

const lookUp = (id: string): ReturnType<typeof callTools> =>
  callTools({ name: "find", args: { id }, id: `call-${id}` });

describe("the tool policy of an agent", () => {
  it("offers what is allowed, and refuses a blocked tool that a model calls all the same", async () => {
    const ran: unknown[] = [];
    const model = new ScriptedModel(callTools({ name: "wipe", args: {}, id: "1" }), spell(["done"]));
    const agent = agentFor(tooled({ blocklist: ["wipe"] }), model, {
      find: () => "found",
      wipe: () => ran.push("wiped"),
    });
    const { messages } = await agent.invoke(question);
    expect(model.boundTools[0]).toEqual(["find"]);
    expect(ran).toEqual([]);
    expect((messages as BaseMessage[]).find((message) => message.getType() === "tool")?.text).toContain("TOOL_BLOCKED");
  });

  it("ends the rounds even with a model that calls for ever", async () => {
    let runs = 0;
    const model = new ScriptedModel(lookUp("1"), lookUp("2"), lookUp("3"), lookUp("4"));
    const agent = agentFor(tooled({ max_rounds: 2 }), model, { find: () => `${++runs}` });
    await agent.invoke(question);
    expect(runs).toBe(2);
    expect(model.calls.length).toBe(3);
    expect(model.boundTools.at(-1)).toEqual([]);
  });

  it("counts the calls of a turn, also within one round and with one id for all", async () => {
    let runs = 0;
    const calls = (id: (index: number) => string) =>
      callTools(...[0, 1, 2].map((index) => ({ name: "find", args: { id: "a" }, id: id(index) })));
    const distinct = new ScriptedModel(calls(String), spell(["done"]));
    await agentFor(tooled({ max_tool_calls_per_turn: 2 }), distinct, { find: () => `${++runs}` }).invoke(question);
    expect(runs).toBe(2);
    runs = 0;
    const same = new ScriptedModel(
      calls(() => "x"),
      spell(["done"]),
    );
    await agentFor(tooled({ max_tool_calls_per_turn: 2 }), same, { find: () => `${++runs}` }).invoke(question);
    expect(runs).toBeLessThanOrEqual(2);
  });

  it("begins a new turn with the next message of the user", async () => {
    let runs = 0;
    const model = new ScriptedModel(lookUp("1"), spell(["one"]), lookUp("2"), spell(["two"]));
    const agent = agentFor(tooled({ max_rounds: 1 }), model, { find: () => `${++runs}` });
    const first = await agent.invoke(question);
    await agent.invoke({ messages: [...first.messages, new HumanMessage("and?")] });
    expect(runs).toBe(2);
  });

  it("refuses arguments that do not fit, and tells the model why", async () => {
    const model = new ScriptedModel(callTools({ name: "find", args: { id: 7 }, id: "1" }), spell(["sorry"]));
    const agent = agentFor(tooled({}), model, { find: () => "found" });
    const { messages } = await agent.invoke(question);
    expect((messages as BaseMessage[]).find((message) => message.getType() === "tool")?.text).toContain(
      "invalid_arguments",
    );
  });

  it("requires a tool for the first answer of a turn only, and offers none for none", async () => {
    const required = new ScriptedModel(lookUp("1"), spell(["done"]));
    await agentFor(tooled({ tool_choice: "required" }), required, { find: () => "found" }).invoke(question);
    expect(required.toolChoices).toEqual(["required", undefined]);
    const none = new ScriptedModel(spell(["done"]));
    await agentFor(tooled({ tool_choice: "none" }), none).invoke(question);
    expect(none.boundTools[0]).toEqual([]);
  });

  it("lets the host's own tools share the budget, unless they are blocked", async () => {
    const pack = packWith({ tools: ["find"], tool_policy: { blocklist: ["rm"] } }, { tools: { find } });
    const model = new ScriptedModel(spell(["done"]));
    await agentFor(pack, model, {}, { hostTools: ["wipe"] }).invoke(question);
    expect(model.boundTools[0]).toEqual(["find", "wipe"]);
  });
});
