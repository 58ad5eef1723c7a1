import { AIMessage, type AIMessageChunk } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { RunnableLambda } from "@langchain/core/runnables";
import { GuardrailError } from "promptpack";
import { describe, expect, it } from "vitest";
import { callTools, packWith, ScriptedModel, spell } from "../test/fakes.ts";
import { GuardrailRunnable, guardModel } from "./guardrail-runnable.ts";
import { guardrailMiddleware } from "./middleware.ts";
import { PromptPackTemplate } from "./prompt-template.ts";

const banned = { type: "banned_words", enabled: true, message: "Not that.", params: { words: ["zebra"] } };
const pack = packWith({ validators: [banned] });
const guardrails = pack.prompt("main").validators ?? [];

describe("GuardrailRunnable", () => {
  it("passes texts and messages that are fine, and replaces those that are not", async () => {
    const guard = new GuardrailRunnable(guardrails);
    expect(await guard.invoke("horse")).toBe("horse");
    expect(await guard.invoke("a Zebra")).toBe("Not that.");
    const message = new AIMessage("horse");
    expect(await guard.invoke(message)).toBe(message);
    expect(await guard.invoke(new AIMessage({ content: [{ type: "text", text: "zebra" }] }))).toMatchObject({
      content: "Not that.",
    });
  });

  it("refuses what it would not check, whole and in a stream", async () => {
    const guard = new GuardrailRunnable(guardrails) as unknown as GuardrailRunnable<never>;
    const unseen = [
      [new AIMessage("zebra")],
      { messages: [new AIMessage("zebra")] },
      { answer: "zebra" },
      5,
      undefined,
    ];
    for (const value of unseen) {
      await expect(guard.invoke(value as never)).rejects.toThrow("nothing else is checked");
      if (value === undefined) continue;
      const stream = RunnableLambda.from(() => value)
        .pipe(guard)
        .stream({});
      await expect(stream.then((pieces) => pieces.next())).rejects.toThrow("nothing else is checked");
    }
    for (const model of [undefined, "openai:gpt", guardrails])
      expect(() => guardModel(model as never, guardrails)).toThrow("guardModel takes a chat model");
  });

  it("reads validators whose enabled is left out, and words with other letters", async () => {
    const own = packWith({ validators: [{ type: "banned_words", params: { words: ["café", "@all", "c++"] } }] });
    const guard = new GuardrailRunnable(own.prompt("main").validators ?? [], { message: "no" });
    for (const text of ["un café", "hey @all", "in c++ now"]) expect(await guard.invoke(text)).toBe("no");
  });

  it("holds back in a stream what may become a banned word", async () => {
    const chain = PromptPackTemplate.fromPack(pack, "main")
      .pipe(new ScriptedModel(spell([..."my zebra runs"])))
      .pipe(new StringOutputParser())
      .pipe(new GuardrailRunnable<string>(guardrails));
    let shown = "";
    for await (const piece of await chain.stream({})) shown += piece;
    expect(shown).toBe("my \nNot that.");
  });

  it("throws on request, so that a chain tries again with withRetry", async () => {
    const model = new ScriptedModel(spell(["zebra"]), spell(["horse"]));
    const guard = new GuardrailRunnable(guardrails, { onViolation: "throw" });
    const chain = PromptPackTemplate.fromPack(pack, "main").pipe(model).pipe(guard);
    const error: unknown = await guard.invoke("zebra").catch((cause: unknown) => cause);
    expect(GuardrailError.isInstance(error)).toBe(true);
    expect(await chain.withRetry({ stopAfterAttempt: 2 }).invoke({})).toMatchObject({ content: "horse" });
    expect(model.calls).toHaveLength(2);
  });

  it("refuses a guardrail that nobody implements, and takes the host's", async () => {
    const custom = [{ type: "house_rule", enabled: true, params: {} }] as never;
    expect(() => new GuardrailRunnable(custom)).toThrow(/UNKNOWN_GUARDRAIL/);
    const guard = new GuardrailRunnable(custom, { types: { house_rule: (text) => text.length < 5 }, message: "long" });
    expect([await guard.invoke("abc"), await guard.invoke("abcdef")]).toEqual(["abc", "long"]);
  });

  it("reports without blocking where the host observes", async () => {
    expect(await new GuardrailRunnable(guardrails, { enforcement: "observe" }).invoke("zebra")).toBe("zebra");
  });
});

describe("guardModel", () => {
  it("shows no callback what the guardrails stop, in a chain and with bound tools and options", async () => {
    const inner = new ScriptedModel(spell([..."my zebra runs"]));
    const heard: string[] = [];
    const callbacks = [
      {
        handleLLMNewToken: (token: string) => void heard.push(token),
        handleLLMEnd: (output: unknown) => void heard.push(JSON.stringify(output)),
      },
    ];
    for (const model of [
      guardModel(inner, guardrails),
      guardModel(inner.withConfig({ stop: ["x"] }) as never, guardrails).bindTools([]),
    ]) {
      for await (const chunk of await PromptPackTemplate.fromPack(pack, "main").pipe(model).stream({}, { callbacks }))
        heard.push(chunk.text);
      const events = PromptPackTemplate.fromPack(pack, "main").pipe(model).streamEvents({}, { version: "v2" });
      for await (const event of events) heard.push(JSON.stringify(event));
    }
    expect(heard.join("")).not.toMatch(/zeb/);
    expect(heard.join("")).toContain("Not that.");
  });

  it("guards models that do not stream, or are made of others", async () => {
    const lambda = RunnableLambda.from(() => new AIMessage("zebra")) as never;
    expect((await guardModel(lambda, guardrails).invoke("hi")).text).toBe("Not that.");
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await guardModel(lambda, guardrails).stream("hi")) whole = whole?.concat(chunk) ?? chunk;
    expect(whole?.text).toBe("Not that.");
    expect(() => guardModel(lambda, guardrails).bindTools([])).toThrow(TypeError);
  });

  it("keeps what bindings say, and lets callbacks that the model was built with hear it", async () => {
    const asked: unknown[] = [];
    class Curious extends ScriptedModel {
      override async *_streamResponseChunks(...given: Parameters<ScriptedModel["_streamResponseChunks"]>) {
        asked.push(given[1]);
        yield* super._streamResponseChunks(...given);
      }
    }
    const inner = new Curious(spell(["zebra"]));
    const bound = inner.withConfig({ stop: ["inner"] }).withConfig({ stop: ["outer"] });
    for await (const _ of await guardModel(bound as never, guardrails).stream("hi"));
    for await (const _ of await guardModel(bound as never, guardrails)
      .bindTools([])
      .stream("hi"));
    expect(asked).toMatchObject([{ stop: ["outer"] }, { stop: ["outer"] }]);

    const heard: string[] = [];
    inner.callbacks = [{ handleLLMNewToken: (token: string) => void heard.push(token) }];
    let shown = "";
    for await (const chunk of await guardModel(inner, guardrails).stream("hi")) shown += chunk.text;
    expect([shown, heard]).toEqual(["Not that.", ["zebra"]]);

    const listened = inner.withListeners({ onEnd: () => void heard.push("end") });
    for await (const _ of await guardModel(listened as never, guardrails).stream("hi"));
    expect(heard.at(-1)).toBe("end");
    expect(() => guardModel(listened as never, guardrails).bindTools([])).toThrow(/bind tools/);
  });

  it("answers in the form that the model was told to answer in", async () => {
    const inner = new ScriptedModel(spell(["horse"]));
    inner.outputVersion = "v1";
    const content = [{ type: "text", text: "horse" }];
    for (const model of [inner, guardModel(inner, guardrails)]) {
      for await (const chunk of await model.stream("hi")) expect(chunk.content).toEqual(content);
      expect((await model.invoke("hi")).content).toEqual(content);
    }
  });

  it("keeps tool calls, usage and metadata of an answer that passes", async () => {
    const chunks = [
      { content: "horse", usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
      {
        content: "",
        tool_call_chunks: [{ name: "find", args: "{}", id: "1", index: 0 }],
        response_metadata: { finish_reason: "tool_calls" },
      },
    ];
    const message = await guardModel(new ScriptedModel(chunks as never), guardrails).stream("hi");
    let whole: AIMessageChunk | undefined;
    for await (const chunk of message) whole = whole?.concat(chunk) ?? chunk;
    expect(whole?.tool_calls).toMatchObject([{ name: "find", id: "1" }]);
    expect([
      whole?.text,
      (whole?.usage_metadata as { total_tokens?: number } | undefined)?.total_tokens,
      whole?.response_metadata,
    ]).toEqual(["horse", 3, { finish_reason: "tool_calls" }]);
  });

  const read = async (chunks: object[], options = {}): Promise<{ shown: string; whole: AIMessageChunk }> => {
    const model = guardModel(new ScriptedModel(chunks as never), guardrails, options);
    const shown: AIMessageChunk[] = [];
    for await (const chunk of await model.stream("hi")) shown.push(chunk);
    return { shown: JSON.stringify(shown), whole: shown.reduce((left, right) => left.concat(right)) };
  };

  it("does not let a model hide a word by coming back to its reasoning", async () => {
    const think = (reasoning_content: string) => ({ content: "", additional_kwargs: { reasoning_content } });
    const { whole } = await read([think("a zeb"), { content: "hello" }, think("ra")]);
    expect(whole.text).toMatch(/Not that\.$/);
    expect(whole.additional_kwargs).toEqual({ reasoning_content: "a zeb" });
  });

  it("rewrites a word in each place, and shows nothing that repeats it", async () => {
    const chunks = [
      { content: [{ type: "reasoning", reasoning: "ze", index: 0 }] },
      { content: [{ type: "reasoning", reasoning: "bra?", index: 0 }], response_metadata: { raw: "zebra" } },
      { content: [{ type: "text", text: "a zebra.", index: 1 }], response_metadata: { finish_reason: "stop" } },
    ];
    const options = { actions: { banned_words: "redact" } };
    const { shown, whole } = await read(chunks, options);
    expect(shown).not.toMatch(/zeb/);
    expect(whole.content).toMatchObject([{ reasoning: "[removed]?" }, { text: "a [removed]." }]);
    expect(whole.response_metadata).toEqual({ finish_reason: "stop" });
    const model = guardModel(new ScriptedModel(chunks as never), guardrails, options as never);
    expect(JSON.stringify(await model.invoke("hi"))).not.toMatch(/zeb/);
  });

  it("keeps back what stands beside a text in its block until the text has passed", async () => {
    const block = (text: string, more = {}) => ({ content: [{ type: "text", text, index: 0, ...more }] });
    const blocked = await read([block("a ", { annotations: [{ title: "zebra" }] }), block("zebra")]);
    expect(blocked.shown).not.toMatch(/zeb/);
    const passed = await read([block("a ", { annotations: [{ title: "horse" }] }), block("horse")]);
    expect(passed.whole.content).toEqual([
      { type: "text", index: 0, text: "a horse", annotations: [{ title: "horse" }] },
    ]);
  });

  it("keeps back what a model says about its tokens until they have passed", async () => {
    class Candid extends ScriptedModel {
      override async *_streamResponseChunks(...given: Parameters<ScriptedModel["_streamResponseChunks"]>) {
        for await (const chunk of super._streamResponseChunks(...given)) {
          yield Object.assign(chunk, { generationInfo: { logprobs: chunk.text, completion: 0 } });
        }
      }
    }
    for (const word of ["ra", "ro"]) {
      const shown: string[] = [];
      for await (const chunk of await guardModel(new Candid(spell(["a ", "zeb", word])), guardrails).stream("hi"))
        shown.push(JSON.stringify(chunk));
      expect(shown.join("").includes("zeb")).toBe(word === "ro");
    }
  });

  it("checks no round of tool calls that says nothing, but structured output in the arguments of a call", async () => {
    const short = { type: "min_length", enabled: true, message: "Say more.", params: { min_characters: 5 } };
    const call = callTools({ name: "find", args: { id: "x" }, id: "1" });
    const model = guardModel(
      new ScriptedModel(call),
      packWith({ validators: [short] }).prompt("main").validators ?? [],
    );
    expect((await model.invoke("hi")).tool_calls).toHaveLength(1);
    const redacting = guardModel(
      new ScriptedModel([{ ...(call[0] as object), content: "a zebra" }] as never),
      guardrails,
      {
        actions: { banned_words: "redact" },
      },
    );
    expect(await redacting.invoke("hi")).toMatchObject({ content: "a [removed]", tool_calls: [{ id: "1" }] });
    const output = callTools({ name: "extract-1", args: { animal: "zebra" }, id: "1" });
    const { wrapModelCall } = guardrailMiddleware(pack, "main");
    const request = { model: new ScriptedModel(output), tools: [], messages: [] };
    const answer: unknown = await wrapModelCall(request, ({ model: guarded }) => guarded.invoke("hi"));
    expect(answer).toMatchObject({ content: "Not that.", tool_calls: [] });
  });
});
