import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { Pack } from "promptpack";
import { buildPack } from "promptpack/testing";

/** A pack around one prompt. */
export const packWith = (prompt: object, rest: object = {}): Pack =>
  buildPack({ id: "shop", ...rest, prompt: { version: "2.0.0", system_template: "Be brief.", ...prompt } });

type Fields = ConstructorParameters<typeof AIMessageChunk>[0];

/** A model that answers call by call with the chunks that it was given, and records what it was asked. */
export class ScriptedModel extends BaseChatModel {
  readonly calls: BaseMessage[][] = [];
  readonly boundTools: string[][] = [];
  readonly toolChoices: unknown[] = [];
  readonly script: readonly (readonly Fields[])[];

  constructor(...script: readonly (readonly Fields[])[]) {
    super({});
    this.script = script;
  }

  _llmType(): string {
    return "scripted";
  }

  override bindTools(tools: readonly unknown[], options?: { tool_choice?: unknown }): this {
    this.boundTools.push(tools.map((tool) => (tool as { name: string }).name));
    this.toolChoices.push(options?.tool_choice);
    return this;
  }

  #next(messages: BaseMessage[]): AIMessageChunk[] {
    const fields = this.script[Math.min(this.calls.length, this.script.length - 1)] ?? [];
    this.calls.push(messages);
    return fields.map((field) => new AIMessageChunk(field));
  }

  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const whole = this.#next(messages).reduce((left, right) => left.concat(right));
    const { content, tool_calls = [], additional_kwargs, response_metadata } = whole;
    const message = new AIMessage({ content, tool_calls, additional_kwargs, response_metadata } as never);
    return { generations: [{ text: whole.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const message of this.#next(messages)) {
      const chunk = new ChatGenerationChunk({ message, text: message.text });
      yield chunk;
      await run?.handleLLMNewToken(message.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

/** Chunks of one text, each with the same id. */
export const spell = (pieces: readonly string[], id: string = "answer"): Fields[] =>
  pieces.map((content) => ({ content, id }) as Fields);

/** The chunk of a model that calls tools. */
export const callTools = (...calls: readonly { name: string; args: unknown; id: string }[]): Fields[] => [
  {
    content: "",
    tool_call_chunks: calls.map(({ name, args, id }, index) => ({ name, id, index, args: JSON.stringify(args) })),
  } as Fields,
];
