import { generateText, streamText } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { compilePrompt, InputError, type Message, parsePack } from "promptpack";
import { describe, expect, it } from "vitest";
import { agentSettings, promptSettings, toModelMessages } from "./index.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PACK = {
  id: "desk",
  name: "Desk",
  version: "2.1.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    look: {
      id: "look",
      name: "Look",
      version: "1.3.0",
      system_template: 'Look for {{name}}, as {"json": true}.',
      variables: [{ name: "name", type: "string", required: true }],
      parameters: {
        temperature: 0,
        max_tokens: 50,
        top_p: 0.5,
        top_k: 7,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
      },
      media: { enabled: true, supported_types: ["image"], image: { default_detail: "low", max_images_per_msg: 1 } },
      model_overrides: { small: { parameters: { temperature: 1, top_k: null } } },
    },
  },
};
const pack = parsePack(JSON.stringify(PACK));
const compiled = compilePrompt(pack, "look");
const image = { type: "image", media: { mime_type: "image/png", base64: PNG, caption: "The desk" } };

const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("promptSettings", () => {
  it("renders the system text, with braces and values that are never template syntax again", () => {
    const { system } = promptSettings(compiled, { name: "{{name}} $&" });
    expect(system).toBe('Look for {{name}} $&, as {"json": true}.');
  });

  it("hands the parameters on under the SDK's names, and leaves out what has no value", () => {
    expect(promptSettings(compiled, { name: "it" })).toMatchObject({
      temperature: 0,
      maxOutputTokens: 50,
      topP: 0.5,
      topK: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
    });
    const small = promptSettings(compilePrompt(pack, "look", { model: "small" }), { name: "it" });
    expect(small.temperature).toBe(1);
    expect("topK" in small).toBe(false);
  });

  it("names pack and prompt with their versions for telemetry", () => {
    const { experimental_telemetry } = promptSettings(compiled, { name: "it" }, { digest: "sha256:00" });
    expect(experimental_telemetry).toEqual({
      functionId: "desk@2.1.0/look@1.3.0",
      metadata: {
        "promptpack.pack.id": "desk",
        "promptpack.pack.version": "2.1.0",
        "promptpack.pack.digest": "sha256:00",
        "promptpack.prompt.id": "look",
        "promptpack.prompt.version": "1.3.0",
      },
    });
  });

  it("reaches the model as it is, conversation first", async () => {
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } } as never;
    const model = new MockLanguageModelV3({
      doGenerate: async () => ({
        content: [{ type: "text", text: "ok" }],
        finishReason: { unified: "stop", raw: "stop" },
        usage,
        warnings: [],
      }),
    });
    const messages = [
      { role: "user" as const, content: "one" },
      { role: "assistant" as const, content: "two" },
    ];
    const user = [{ type: "text", text: "{{name}}" }, image];
    await generateText({ model, ...promptSettings(compiled, { name: "it" }, { messages, user }) });
    const [call] = model.doGenerateCalls;
    expect(call?.prompt.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(call?.prompt[3]?.content).toMatchObject([
      { type: "text", text: "{{name}}" },
      { type: "file", mediaType: "image/png", providerOptions: { openai: { imageDetail: "low" } } },
      { type: "text", text: "The desk" },
    ]);
    expect(call?.temperature).toBe(0);
    expect(call?.tools).toBeUndefined();
    expect(() => streamText({ model, ...promptSettings(compiled, { name: "it" }, { user: "hi" }) })).not.toThrow();
  });

  it("refuses bad variables and media with core's diagnostics", () => {
    expect(thrown(() => promptSettings(compiled, {}))).toMatchObject({ code: "MISSING_VARIABLE" });
    const error = thrown(() => promptSettings(compiled, { name: "it" }, { user: [image, image] }));
    expect(InputError.isInstance(error) && error.code).toBe("TOO_MANY_IMAGES");
    const byPath = { type: "image", media: { mime_type: "image/png", file_path: "desk.png" } };
    const unread = thrown(() => promptSettings(compiled, { name: "it" }, { user: [byPath] }));
    expect(unread).toMatchObject({ code: "UNREADABLE_MEDIA", diagnostics: [{ pointer: "/0/media/file_path" }] });
  });

  it("gives an agent its instructions and no messages", () => {
    const settings = agentSettings(compiled, { name: "it" });
    expect(settings.instructions).toContain("Look for it");
    expect("messages" in settings || "system" in settings).toBe(false);
  });
});

describe("toModelMessages", () => {
  it("turns every role and part into the SDK's", () => {
    const url = "https://example.org/a.png";
    const messages: Message[] = [
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "image", media: { mime_type: "image/png", url } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "I look." },
        ],
        toolCalls: [
          { id: "1", name: "find", arguments: '{"id":1}' },
          { id: "2", name: "find", arguments: "{id:" },
        ],
      },
      { role: "tool", toolCallId: "1", content: "found" },
      { role: "tool", toolCallId: "2", content: "bad arguments", isError: true },
      {
        role: "tool",
        toolCallId: "1",
        content: [
          { type: "text", text: "more" },
          { type: "image", media: { mime_type: "image/png", base64: PNG } },
        ],
      },
      { role: "assistant", content: "Done." },
    ];
    expect(toModelMessages(messages)).toEqual([
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "file", mediaType: "image/png", data: new URL(url) },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "I look." },
          { type: "tool-call", toolCallId: "1", toolName: "find", input: { id: 1 } },
          { type: "tool-call", toolCallId: "2", toolName: "find", input: "{id:" },
        ],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "1", toolName: "find", output: { type: "text", value: "found" } }],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "2",
            toolName: "find",
            output: { type: "error-text", value: "bad arguments" },
          },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "1",
            toolName: "find",
            output: {
              type: "content",
              value: [
                { type: "text", text: "more" },
                { type: "file-data", data: PNG, mediaType: "image/png" },
              ],
            },
          },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "Done." }] },
    ]);
  });
});

it("takes texts, parts and lists of messages, and says so of anything else", () => {
  const compiled = compilePrompt(parsePack(JSON.stringify(PACK)), "look");
  for (const messages of ["Hello", Promise.resolve([]), { role: "user", content: "Hello" }])
    expect(() => promptSettings(compiled, { name: "x" }, { messages: messages as never })).toThrow(
      "messages are an array",
    );
  for (const user of [5, Promise.resolve("Hello"), { role: "user", content: "Hello" }])
    expect(() => promptSettings(compiled, { name: "x" }, { user: user as never })).toThrow(
      "content is a text or an array",
    );
  for (const role of ["usr", "developer", undefined])
    expect(() => toModelMessages([{ role, content: "Hello" } as never])).toThrow("the role of a message is");
  expect(() => toModelMessages([{ role: "assistant" } as never])).toThrow("content is a text or an array");
  expect(() => promptSettings(compiled, { name: "x" }, { limits: { maxRound: 0 } as never })).toThrow(
    '"maxRound" is no limit',
  );
});
