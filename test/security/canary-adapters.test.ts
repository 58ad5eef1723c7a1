import { generateText, streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV3, simulateReadableStream } from "ai/test";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { compilePrompt } from "promptpack";
import { guardrailMiddleware, promptSettings, toModelMessages } from "promptpack-ai-sdk";
import { convertTools, createMultimodalMessage, guardModel, PromptPackTemplate } from "promptpack-langchain";
import { buildPack } from "promptpack/testing";
import { describe, expect, it } from "vitest";
import { canaries, expectNone, formed, thrownBy } from "./canaries.ts";

const rejected = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error,
  );

const banned = [{ type: "max_length", enabled: true, fail_on_violation: true, params: { max_characters: 3 } }];
const pack = buildPack({
  tools: {
    look: {
      name: "look",
      description: "Looks",
      parameters: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
    },
  },
  prompt: {
    tools: ["look"],
    system_template: "Hi {{v}}.",
    variables: [{ name: "v", type: "string", required: true, validation: { max_length: 2 } }],
    validators: banned as never,
    media: { enabled: true, supported_types: ["image"] },
  },
});
const compiled = compilePrompt(pack, "main");
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
const stop = { unified: "stop", raw: "stop" } as const;

describe.each(canaries)("%s, a value,", (_, canary) => {
  it("is not in what the AI SDK's adapter throws and tells", async () => {
    const provider = new MockLanguageModelV3({
      doGenerate: async () => ({ content: [{ type: "text", text: canary }], finishReason: stop, usage, warnings: [] }),
      doStream: async () => ({
        stream: simulateReadableStream({
          chunks: [
            { type: "text-start", id: "1" },
            { type: "text-delta", id: "1", delta: canary },
            { type: "text-end", id: "1" },
            { type: "finish", finishReason: stop, usage },
          ],
        }),
      }),
    });
    const model = wrapLanguageModel({ model: provider, middleware: guardrailMiddleware(compiled.prompt.validators) });
    const whole = await generateText({ model, prompt: "x" });
    const streamed = streamText({ model, prompt: "x" });
    const parts: unknown[] = [];
    for await (const part of streamed.fullStream) parts.push(part);
    expectNone(canary, whole.text, whole.providerMetadata, parts, await streamed.providerMetadata);
    expectNone(
      canary,
      thrownBy(() => promptSettings(compiled, { v: canary })),
      thrownBy(() => promptSettings(compiled, { v: "x", other: canary })),
      thrownBy(() =>
        promptSettings(
          compiled,
          { v: "x" },
          { user: [{ type: "image", media: { mime_type: "image/png", url: canary } }] as never },
        ),
      ),
      thrownBy(() =>
        toModelMessages([
          { role: "user", content: [{ type: "image", media: { mime_type: "image/png", file_path: canary } }] } as never,
        ]),
      ),
    );
  });

  it("is not in what LangChain's adapter throws and tells", async () => {
    const [look] = convertTools(pack, "main");
    if (look === undefined) throw new Error("no tool");
    const guarded = guardModel(
      new FakeListChatModel({ responses: [canary] }) as never,
      compiled.prompt.validators ?? [],
    );
    const answer: unknown = await Promise.resolve(guarded.invoke("x")).catch((error: unknown) => error);
    expectNone(canary, answer);
    expectNone(
      canary,
      await rejected(look.invoke({ n: canary } as never)),
      await rejected(new PromptPackTemplate({ pack, promptId: "main" } as never).invoke({ v: canary } as never)),
      thrownBy(() =>
        createMultimodalMessage("user", [
          { type: "image", media: { mime_type: "image/png", file_path: canary } },
        ] as never),
      ),
    );
  });
});

describe.each(formed)("%s, a name,", (_, canary) => {
  it("is in no error of an adapter and in no telemetry", async () => {
    const named = buildPack({
      prompts: { [canary]: { id: "named", system_template: "Hi." } },
    });
    const settings = promptSettings(compilePrompt(named, canary, { model: canary }), {});
    expectNone(
      canary,
      settings.experimental_telemetry,
      thrownBy(() => promptSettings(compiled, { [canary]: canary } as never)),
      thrownBy(() => convertTools(pack, canary)),
      thrownBy(() => convertTools(pack, "main", { [canary]: () => 1 } as never)),
      thrownBy(() => createMultimodalMessage(canary as never, "x" as never)),
      thrownBy(() => new PromptPackTemplate({ pack, promptId: canary } as never)),
    );
    expect(settings.system).toBe("Hi.");
  });
});
