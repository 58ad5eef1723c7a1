import { generateText, simulateReadableStream, streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import fc from "fast-check";
import type { ContentPart } from "promptpack";
import { guardResponse } from "promptpack";
import { describe, expect, it } from "vitest";
import type { GuardOptions } from "promptpack/types";
import { guardrailMiddleware } from "./guardrail-middleware.ts";

type Part = Awaited<ReturnType<MockLanguageModelV3["doStream"]>>["stream"] extends ReadableStream<infer P> ? P : never;
type Guardrails = NonNullable<Parameters<typeof guardrailMiddleware>[0]>;

const USAGE = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const STOP = { unified: "stop", raw: "stop" } as const;
const finish: Part = { type: "finish", finishReason: STOP, usage: USAGE };

const GUARDRAILS: Guardrails = Object.freeze([
  { type: "pii_detection", enabled: true, params: { types: ["email"] }, message: "No addresses, please." },
  { type: "banned_words", enabled: true, params: { words: ["hunter2"] } },
]);

const WORDS = GUARDRAILS.slice(1);

const textParts = (pieces: readonly string[], id = "1", kind: "text" | "reasoning" = "text"): Part[] => [
  { type: `${kind}-start`, id },
  ...pieces.map((delta): Part => ({ type: `${kind}-delta`, id, delta })),
  { type: `${kind}-end`, id },
];

function modelOf(parts: readonly Part[]): MockLanguageModelV3 {
  return new MockLanguageModelV3({
    doStream: async () => ({
      stream: simulateReadableStream({ chunks: [...parts], initialDelayInMs: null, chunkDelayInMs: null }),
    }),
  });
}

const guarded = (model: MockLanguageModelV3, guardrails: Guardrails = GUARDRAILS, options: GuardOptions = {}) =>
  wrapLanguageModel({ model, middleware: guardrailMiddleware(guardrails, options) });

async function streamed(parts: readonly Part[], guardrails?: Guardrails, options?: GuardOptions) {
  const result = streamText({ model: guarded(modelOf(parts), guardrails, options), prompt: "hi", onError: () => {} });
  const full: { readonly type: string; readonly [key: string]: unknown }[] = [];
  for await (const part of result.fullStream) full.push(part);
  return { full, finishReason: await result.finishReason, metadata: (await result.providerMetadata)?.["promptpack"] };
}

const seen = (full: readonly { readonly type: string; readonly [key: string]: unknown }[]): string =>
  full.map((part) => (/^(text|reasoning)-delta$/.test(part.type) ? String(part["text"]) : "")).join("");

/** Cuts a text at random places. */
const chunked = (text: string): fc.Arbitrary<string[]> =>
  fc.array(fc.nat(text.length), { maxLength: 12 }).map((cuts) => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((end, index) => text.slice(places[index], end));
  });

describe("guardrailMiddleware on generateText", () => {
  const generate = (content: unknown[], guardrails: Guardrails = GUARDRAILS, options: GuardOptions = {}) =>
    generateText({
      model: guarded(
        new MockLanguageModelV3({
          doGenerate: async () => ({
            content: content as never,
            finishReason: STOP,
            usage: USAGE,
            warnings: [],
            providerMetadata: { fake: { logprobs: ["hunter2"] } },
            response: { body: { raw: "hunter2" } },
          }),
        }),
        guardrails,
        options,
      ),
      prompt: "hi",
    });

  it("leaves a good reply as it is", async () => {
    const result = await generate([{ type: "text", text: "All fine." }]);
    expect(result.text).toBe("All fine.");
    expect(result.finishReason).toBe("stop");
    expect(result.providerMetadata).toEqual({ fake: { logprobs: ["hunter2"] } });
  });

  it("answers a blocked reply with the guardrail's message, its verdicts and advice, and nothing of the text", async () => {
    const result = await generate([
      { type: "reasoning", text: "the password is hunter2" },
      { type: "text", text: "It is hunter2." },
      { type: "tool-call", toolCallId: "1", toolName: "lookup", input: "{}" },
    ]);
    expect(result.text).toBe("I can't help with that.");
    expect(result.finishReason).toBe("content-filter");
    expect(result.toolCalls).toEqual([]);
    expect(result.reasoningText).toBeUndefined();
    expect(result.providerMetadata).toMatchObject({
      promptpack: { ok: false, violations: [{ type: "banned_words", index: 1 }] },
    });
    expect(JSON.stringify(result.providerMetadata)).toContain("Write it again");
    expect(JSON.stringify([result.steps, result.response, result.providerMetadata])).not.toContain("hunter2");
  });

  it("replaces faulty parts where the host asks for it, in reasoning too", async () => {
    const content = [
      { type: "reasoning", text: "hunter2!" },
      { type: "text", text: "so hunter2." },
    ];
    const result = await generate(content, GUARDRAILS, { actions: { banned_words: "redact" } });
    expect(result.reasoningText).toBe("[removed]!");
    expect(result.text).toBe("so [removed].");
    expect(result.finishReason).toBe("stop");
    expect(JSON.stringify([result.steps, result.response])).not.toContain("hunter2");
  });

  it("does not ask a reply of tool calls without text to be long", async () => {
    const long: Guardrails = [{ type: "min_length", enabled: true, params: { min_characters: 10 } }];
    const result = await generate([{ type: "tool-call", toolCallId: "1", toolName: "lookup", input: "{}" }], long);
    expect(result.finishReason).toBe("stop");
    expect((await generate([{ type: "text", text: "" }], long)).finishReason).toBe("content-filter");
  });

  it("does nothing without guardrails, and refuses those that nobody implements before the first call", () => {
    expect(guardrailMiddleware(undefined)).toEqual({ specificationVersion: "v3" });
    expect(() => guardrailMiddleware([{ type: "sentiment", enabled: true }])).toThrow(/UNKNOWN_GUARDRAIL/);
  });
});

describe("guardrailMiddleware on streamText", () => {
  it("passes a good text piece by piece, as the model cut it", async () => {
    const pieces = ["All ", "is ", "well ", "here", "."];
    const { full, finishReason, metadata } = await streamed([...textParts(pieces), finish], WORDS);
    expect(full.flatMap(({ type, text }) => (type === "text-delta" ? [text] : []))).toEqual(pieces);
    expect(finishReason).toBe("stop");
    expect(metadata).toBeUndefined();
  });

  it("never leaks a character of a banned address or word, however it is cut", async () => {
    const secrets = ["alexandra.q@example.org", "hunter2"];
    const banned = fc.constantFrom(...secrets);
    const words = fc
      .array(fc.constantFrom("we", "say", "hello", "at", "it."), { maxLength: 4 })
      .map((all) => all.join(" "));
    const cases = fc.tuple(words, banned, words).chain(([before, secret, after]) => {
      const text = [before, secret, after].filter((part) => part !== "").join(" ");
      return chunked(text).map((pieces) => ({ pieces, before, secret, after, text }));
    });
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.constantFrom("text" as const, "reasoning" as const),
        async ({ pieces, before, secret }, kind) => {
          const parts = [...textParts(pieces, "1", kind), finish];
          const message = secret === "hunter2" ? "I can't help with that." : "No addresses, please.";
          const { full, finishReason } = await streamed(parts);
          const text = seen(full);
          expect(text.endsWith(message)).toBe(true);
          const emitted = text.slice(0, -message.length);
          expect(`${before} `.startsWith(emitted)).toBe(true);
          expect(JSON.stringify(full)).not.toContain(secret.slice(0, 5));
          expect(finishReason).toBe("content-filter");
          if (kind === "reasoning") return;
          let plain = "";
          for await (const piece of streamText({ model: guarded(modelOf(parts)), prompt: "hi" }).textStream)
            plain += piece;
          expect(plain).toBe(text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives the same verdict and texts as the whole response, in any blocks and chunks", async () => {
    const texts = ["mail a@b.example now", "hunter", "2 is it", "fine", "x@", "y.example", ""];
    const block = fc.record({
      kind: fc.constantFrom("text" as const, "reasoning" as const),
      text: fc.constantFrom(...texts),
    });
    const cases = fc
      .array(block, { minLength: 1, maxLength: 4 })
      .chain((blocks) => fc.tuple(...blocks.map(({ text }) => chunked(text))).map((pieces) => ({ blocks, pieces })));
    const actions = fc.constantFrom<NonNullable<GuardOptions["actions"]>>(
      {},
      { banned_words: "redact" },
      { banned_words: "redact", pii_detection: "redact" },
    );
    await fc.assert(
      fc.asyncProperty(cases, actions, async ({ blocks, pieces }, action) => {
        const parts = blocks.flatMap(({ kind }, index) => textParts(pieces[index] ?? [], `${index}`, kind));
        const { full } = await streamed([...parts, finish], GUARDRAILS, { actions: action });
        const whole = guardResponse(
          GUARDRAILS,
          { content: blocks.map(({ kind, text }): ContentPart => ({ type: kind as "text", text })) },
          { actions: action },
        );
        const shown = blocks.map((_, index) => seen(full.filter(({ id }) => id === `${index}`)));
        expect(full.some(({ id }) => id === "promptpack-guardrail")).toBe(!whole.ok);
        if (whole.ok)
          expect(shown).toEqual(
            ((whole.response?.content ?? []) as readonly Extract<ContentPart, { text: string }>[]).map(
              ({ text }) => text,
            ),
          );
        else for (const text of shown) expect(text).not.toMatch(/a@b|x@y|hunter2/);
      }),
      { numRuns: 300 },
    );
  });

  it("reads blocks that the model mixes one after the other", async () => {
    const mixed: Part[] = [
      { type: "text-start", id: "a" },
      { type: "text-start", id: "b" },
      { type: "text-delta", id: "a", delta: "hun" },
      { type: "text-delta", id: "b", delta: " and" },
      { type: "text-delta", id: "a", delta: "ter2" },
      { type: "text-end", id: "b" },
      { type: "text-end", id: "a" },
      finish,
    ];
    const { full } = await streamed(mixed);
    expect(seen(full)).toBe("I can't help with that.");
  });

  it("loses no block of those that the model mixes and never ends", async () => {
    const ids = ["a", "b", "c"];
    const mixed = ["one ", "two "].flatMap((delta) => ids.map((id): Part => ({ type: "text-delta", id, delta })));
    const starts = ids.map((id): Part => ({ type: "text-start", id }));
    const { stream } = await guarded(modelOf([...starts, ...mixed, finish]), WORDS).doStream({ prompt: [] });
    const said = { a: "", b: "", c: "" };
    for await (const part of stream) if (part.type === "text-delta") said[part.id as "a"] += part.delta;
    expect(said).toEqual({ a: "one two ", b: "one two ", c: "one two " });
  });

  it("streams every block while it replaces, and keeps the finish's metadata only where nothing was replaced", async () => {
    const told = { ...finish, providerMetadata: { fake: { logprobs: ["kept"] } } };
    for (const [word, shown, metadata] of [
      ["fine. ", "fine. ", { fake: { logprobs: ["kept"] } }],
      ["hunter2. ", "[removed]. ", { promptpack: { ok: true, violations: [{ type: "banned_words" }] } }],
    ] as const) {
      const parts = [...textParts(["so "], "r", "reasoning"), ...textParts([word, "and ", "on"]), told];
      const model = guarded(modelOf(parts), WORDS, { actions: { banned_words: "redact" } });
      const out: Part[] = [];
      for await (const part of (await model.doStream({ prompt: [] })).stream) out.push(part);
      const deltas = out.flatMap((part) => (part.type === "text-delta" ? [part.delta] : []));
      expect(deltas).toEqual([shown, "and ", "on"]);
      expect(out.at(-1)).toMatchObject({ type: "finish", providerMetadata: metadata });
      expect(JSON.stringify(out)).not.toContain("hunter2");
    }
  });

  it("holds tool calls until the verdict, and drops those of a blocked reply", async () => {
    const call: Part[] = [
      { type: "tool-input-start", id: "c", toolName: "lookup" },
      { type: "tool-input-delta", id: "c", delta: "{}" },
      { type: "tool-input-end", id: "c" },
      { type: "tool-call", toolCallId: "c", toolName: "lookup", input: "{}" },
    ];
    const good = await streamed([...textParts(["one moment"]), ...call, finish]);
    expect(good.full.map(({ type }) => type)).toContain("tool-call");
    const bad = await streamed([...textParts(["one moment"]), ...call, ...textParts([" hunter2"], "2"), finish]);
    expect(bad.full.filter(({ type }) => type.startsWith("tool-"))).toEqual([]);
    expect(bad.finishReason).toBe("content-filter");
    // a block that was held with the call was never open at the caller's side
    const late = [...textParts(["one moment"]), ...call, ...textParts(["well ", "hunter2 it is"], "2"), finish];
    const { stream } = await guarded(modelOf(late), WORDS).doStream({ prompt: [] });
    const ends: unknown[] = [];
    for await (const part of stream) if (part.type === "text-end") ends.push(part.id);
    expect(ends).toEqual(["1", "promptpack-guardrail"]);
  });

  it("drops raw chunks, closes the open block and stops the model", async () => {
    const source = modelOf([
      { type: "raw", rawValue: { token: "hunter2" } },
      ...textParts(["Well, hunter2 is it"]).slice(0, 2),
      { type: "text-delta", id: "1", delta: " and more" },
    ]);
    const { stream } = await guarded(source).doStream({ prompt: [], includeRawChunks: true });
    const parts: unknown[] = [];
    for await (const part of stream) parts.push(part);
    expect(JSON.stringify(parts)).not.toContain("hunter2");
    expect(parts.map((part) => (part as Part).type)).toEqual([
      "text-start",
      "text-end",
      "text-start",
      "text-delta",
      "text-end",
      "finish",
    ]);
    expect(parts.at(-1)).toMatchObject({
      finishReason: { unified: "content-filter" },
      providerMetadata: { promptpack: { ok: false } },
    });
  });

  it("keeps metadata of a reasoning block, its end, sources and errors in their place", async () => {
    const signed: Part = {
      type: "reasoning-delta",
      id: "r",
      delta: "",
      providerMetadata: { fake: { signature: "s" } },
    };
    const source: Part = { type: "source", sourceType: "url", id: "s", url: "https://example.org/" };
    const parts: Part[] = [
      { type: "reasoning-start", id: "r" },
      { type: "reasoning-delta", id: "r", delta: "so hunter" },
      signed,
      { type: "reasoning-end", id: "r" },
      source,
      ...textParts(["yes"]),
      finish,
    ];
    const { stream } = await guarded(modelOf(parts), WORDS).doStream({ prompt: [] });
    const out: Part[] = [];
    for await (const part of stream) out.push(part);
    expect(out.map(({ type }) => type)).toEqual([
      "reasoning-start",
      "reasoning-delta",
      "reasoning-delta",
      "reasoning-delta",
      "reasoning-end",
      "source",
      "text-start",
      "text-delta",
      "text-end",
      "finish",
    ]);
    expect(out[3]).toEqual(signed);
  });

  it("gives a verdict when the stream ends without a finish part, and passes a broken stream on as broken", async () => {
    const { stream } = await guarded(modelOf(textParts(["hunter2"]))).doStream({ prompt: [] });
    const types: string[] = [];
    for await (const part of stream) types.push(part.type);
    expect(types.at(-1)).toBe("finish");
    const broken = new MockLanguageModelV3({
      doStream: async () => ({
        stream: new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) }),
      }),
    });
    const cut = await guarded(broken).doStream({ prompt: [] });
    await expect(cut.stream.getReader().read()).rejects.toThrow("gone");
  });

  it("cancels the model's stream when the reader leaves", async () => {
    let reason: unknown;
    const endless = new MockLanguageModelV3({
      doStream: async () => ({
        stream: new ReadableStream<Part>({
          pull: (controller) => controller.enqueue({ type: "text-delta", id: "1", delta: "and so on " }),
          cancel: (why) => void (reason = why),
        }),
      }),
    });
    const { stream } = await guarded(endless, WORDS).doStream({ prompt: [] });
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel("enough");
    expect(reason).toBe("enough");
  });
});
