import { FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { Runnable, RunnablePassthrough } from "@langchain/core/runnables";
import { createAgent } from "langchain";
import { InputError, PackError } from "promptpack";
import { describe, expect, it } from "vitest";
import { packWith, ScriptedModel, spell } from "../test/fakes.ts";
import { PromptPackTemplate } from "./prompt-template.ts";

const variables = [
  { name: "company", type: "string", required: true },
  { name: "tone", type: "string", required: false, default: "kind" },
];
const pack = packWith({
  system_template: 'You are at {{company}}, {{tone}}. Reply as {"answer": "{text}"}.',
  variables,
  parameters: { temperature: 0.5 },
  model_overrides: { small: { system_template_prefix: "Short! ", parameters: { temperature: 0 } } },
  media: { enabled: true, supported_types: ["image"], image: { default_detail: "low" } },
});
const template = PromptPackTemplate.fromPack(pack, "main");
const texts = async (values: Record<string, unknown>, of: PromptPackTemplate = template) =>
  (await of.invoke(values)).toChatMessages().map((message) => [message.getType(), message.content]);

describe("PromptPackTemplate", () => {
  it("is a Runnable that gives a system message, the conversation and the user message", async () => {
    expect(template).toBeInstanceOf(Runnable);
    const messages = [new HumanMessage("Hi"), ["ai", "Hello"], { role: "user", content: "Again" }];
    expect(await texts({ company: "Lantern", messages, user_message: "Now" })).toEqual([
      ["system", 'You are at Lantern, kind. Reply as {"answer": "{text}"}.'],
      ["human", "Hi"],
      ["ai", "Hello"],
      ["human", "Again"],
      ["human", "Now"],
    ]);
  });

  it("never reads braces, tags or replacement patterns in values as a template", async () => {
    const hostile = '{x} {{tone}} ${y} $& {"a": 1} }}{{';
    expect(await template.format({ company: hostile })).toContain(`You are at ${hostile}, kind.`);
    expect((await texts({ company: "L", user_message: hostile }))[1]).toEqual(["human", hostile]);
  });

  it("takes variables with any name, such as stop", async () => {
    const stopping = packWith({
      system_template: "{{stop}} {{constructor}}",
      variables: [
        { name: "stop", type: "string", required: true },
        { name: "constructor", type: "string", required: true },
      ],
    });
    const own = PromptPackTemplate.fromPack(stopping, "main");
    expect(own.inputVariables).toEqual(["stop", "constructor"]);
    expect(await own.format({ stop: "halt", constructor: "who" })).toBe("halt who");
  });

  it("throws an InputError with every missing variable", async () => {
    const error: unknown = await template.invoke({ tome: "x" }).catch((cause: unknown) => cause);
    expect(InputError.isInstance(error)).toBe(true);
    expect((error as InputError).diagnostics.map(({ code }) => code).sort()).toEqual([
      "MISSING_VARIABLE",
      "UNKNOWN_VARIABLE",
    ]);
  });

  it("lists the prompts there are when one is unknown", () => {
    expect(() => PromptPackTemplate.fromPack(pack, "constructor")).toThrow(/"main"/);
    expect(() => PromptPackTemplate.fromPack(pack, "")).toThrow(PackError);
  });

  it("keeps partial values of every type and functions, and lets a value of the call win", async () => {
    const partial = await template.partial({ company: async () => "Later", tone: "dry" });
    expect(partial.inputVariables).toEqual([]);
    expect(await partial.format()).toContain("Later, dry.");
    expect(await partial.format({ tone: "warm" })).toContain("Later, warm.");
    const counted = PromptPackTemplate.fromPack(
      packWith({ system_template: "{{n}}", variables: [{ name: "n", type: "number", required: true }] }),
      "main",
      { partialVariables: { n: 3 } },
    );
    expect(await counted.format()).toBe("3");
    await expect(template.format()).rejects.toThrow(InputError);
  });

  it("applies the override of a model to the text and to the parameters", async () => {
    const small = PromptPackTemplate.fromPack(pack, "main", { model: "small" });
    expect(await small.format({ company: "L" })).toMatch(/^Short! You/);
    expect(small.compiled.parameters).toEqual({ temperature: 0 });
    expect(template.compiled.parameters).toEqual({ temperature: 0.5 });
  });

  it("turns parts of the user into standard content blocks, checked against the prompt's media", async () => {
    const part = { type: "image", media: { url: "https://cdn.test/a.png", mime_type: "image/png" } };
    const [, user] = (await template.invoke({ company: "L", user_message: [part] })).toChatMessages();
    expect(user?.contentBlocks).toEqual([
      { type: "image", url: "https://cdn.test/a.png", mimeType: "image/png", metadata: { detail: "low" } },
    ]);
    const video = { type: "video", media: { url: "https://cdn.test/a.mp4", mime_type: "video/mp4" } };
    await expect(template.invoke({ company: "L", user_message: [video] })).rejects.toThrow(/UNSUPPORTED_MEDIA_TYPE/);
  });

  it("works in chains: pipe, batch, stream, withRetry, withFallbacks, bindTools and passthrough", async () => {
    const model = new FakeStreamingChatModel({ responses: [new AIMessage("Hello there")] });
    const chain = template.pipe(model).pipe(new StringOutputParser());
    expect(await chain.batch([{ company: "A" }, { company: "B" }])).toEqual(["Hello there", "Hello there"]);
    const pieces: string[] = [];
    for await (const piece of await chain.stream({ company: "A" })) pieces.push(piece);
    expect(pieces.join("")).toBe("Hello there");
    expect(pieces.length).toBeGreaterThan(1);
    const sturdy = template
      .withRetry({ stopAfterAttempt: 2 })
      .pipe(model)
      .withFallbacks([model as never]);
    expect((await sturdy.invoke({ company: "A" })).text).toBe("Hello there");
    const passed = RunnablePassthrough.assign({ company: () => "C" }).pipe(template);
    expect((await passed.invoke({ tone: "dry" })).toString()).toContain("at C, dry");
    const scripted = new ScriptedModel(spell(["ok"]));
    expect((await template.pipe(scripted.bindTools([])).invoke({ company: "A" })).text).toBe("ok");
  });

  it("gives createAgent its system prompt", async () => {
    const model = new ScriptedModel(spell(["ok"]));
    await createAgent({ model, tools: [], systemPrompt: await template.format({ company: "L" }) }).invoke({
      messages: [new HumanMessage("q")],
    });
    expect(model.calls[0]?.[0]?.text).toContain("You are at L");
  });

  it("puts neither the pack nor partial values into traces, only their names and versions", async () => {
    const partial = await template.partial({ company: "private" });
    expect(JSON.stringify(partial)).not.toContain("private");
    expect(partial.metadata).toEqual({ promptpack: "shop@1.0.0", prompt: "main@2.0.0" });
  });
});
