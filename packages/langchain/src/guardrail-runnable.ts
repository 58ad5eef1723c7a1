import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { Runnable, RunnableBinding, type RunnableConfig } from "@langchain/core/runnables";
import {
  type Answer,
  type GuardrailOptions,
  type Guardrails,
  type OpenGuard,
  openerOf,
  toChunk,
} from "./guarded-answer.ts";

/**
 * Guardrails as a step after a model: takes its message or its text, and returns what the caller may see; in a stream, as
 * soon as no guardrail can object. The events of the model before it are not its own: where a user sees callbacks or
 * streamEvents, guard the model itself with `guardModel`.
 */
export class GuardrailRunnable<T extends Answer = Answer> extends Runnable<T, T> {
  override lc_namespace: string[] = ["promptpack", "guardrails"];
  readonly #open: OpenGuard;

  /** @throws {PackError} UNKNOWN_GUARDRAIL */
  constructor(guardrails: Guardrails, options: GuardrailOptions = {}) {
    super();
    this.#open = openerOf(guardrails, options);
  }

  /** @throws {GuardrailError} the answer is blocked, and `onViolation` is "throw" */
  override async invoke(input: T, options?: Partial<RunnableConfig>): Promise<T> {
    const guard = async (answer: Answer): Promise<T> => {
      if (typeof answer === "string") return this.#open().whole(new AIMessage(answer)).text as T;
      return this.#open().whole(answer as AIMessage) as Answer as T;
    };
    return this._callWithConfig(guard, input, options);
  }

  override transform(input: AsyncGenerator<T>, options: Partial<RunnableConfig>): AsyncGenerator<T> {
    return this._transformStreamWithConfig(input, (pieces) => this.#stream(pieces), options);
  }

  async *#stream(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
    const guarded = this.#open();
    let isText = false;
    for await (const piece of pieces) {
      isText = typeof piece === "string";
      const shown = guarded.push(toChunk(piece));
      if (shown !== undefined) yield (isText ? shown.content : shown) as T;
    }
    const last = guarded.end();
    if (last !== undefined) yield (isText ? last.content : last) as T;
  }
}

type Model = Runnable<BaseLanguageModelInput, BaseMessage> & Partial<Pick<BaseChatModel, "bindTools">>;

/**
 * Returns a chat model that answers what the guardrails let pass, in every way of calling it: no callback, stream or event
 * gets to see what the model wrote before that, except callbacks that the model itself was built with.
 *
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function guardModel(model: Model, guardrails: Guardrails, options: GuardrailOptions = {}): GuardedChatModel {
  return new GuardedChatModel(model, openerOf(guardrails, options));
}

export class GuardedChatModel extends BaseChatModel {
  readonly model: Model;
  readonly open: OpenGuard;

  constructor(model: Model, open: OpenGuard) {
    super({});
    this.model = model;
    this.open = open;
  }

  _llmType(): string {
    return "promptpack-guarded";
  }

  override get profile(): BaseChatModel["profile"] {
    return (this.model as { profile?: BaseChatModel["profile"] }).profile ?? {};
  }

  override bindTools(tools: BindToolsInput[], kwargs?: Partial<this["ParsedCallOptions"]>): GuardedChatModel {
    return new GuardedChatModel(bindTo(this.model, tools, kwargs), this.open);
  }

  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const guarded = this.open();
    const message = guarded.whole((await this.model.invoke(messages, { ...options, callbacks: [] })) as AIMessage);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const guarded = this.open();
    const announce = (chunk: ChatGenerationChunk): Promise<void> | undefined =>
      run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    const [model, merged] = unbound(this.model, options) ?? [];
    // the callbacks of the surrounding run would show every token
    const pieces = model?._streamResponseChunks(messages, merged as never);
    for await (const piece of pieces ?? (await this.model.stream(messages, { ...options, callbacks: [] }))) {
      const shown = guarded.push(toChunk(piece));
      if (shown === undefined) continue;
      const passed = "message" in piece && piece.message === shown ? piece : generationOf(shown);
      yield passed;
      if (run !== undefined) await announce(passed);
    }
    const last = guarded.end();
    if (last === undefined) return;
    yield generationOf(last);
    await announce(generationOf(last));
  }
}

/**
 * Returns the model behind bindings, with their options, where its own chunks can be read: what BaseChatModel does around
 * them it does around ours as well.
 */
function unbound(model: Runnable, options: object): [model: BaseChatModel, options: object] | undefined {
  if (Object.getPrototypeOf(model) === RunnableBinding.prototype) {
    const { bound, config, kwargs, configFactories } = model as RunnableBinding<unknown, unknown>;
    if (configFactories !== undefined || config?.callbacks !== undefined) return undefined;
    return unbound(bound as Runnable, { ...config, ...options, ...kwargs });
  }
  // oxlint-disable-next-line typescript/unbound-method -- compared, never called
  const { _streamIterator, _streamResponseChunks: none } = BaseChatModel.prototype;
  const chat = model as BaseChatModel;
  const isDirect =
    chat._streamIterator === _streamIterator && chat._streamResponseChunks !== none && !chat.disableStreaming;
  return isDirect ? [chat, options] : undefined;
}

function bindTo(model: Model, tools: BindToolsInput[], kwargs: object | undefined): Model {
  if (typeof model.bindTools === "function") return model.bindTools(tools, kwargs as never) as Model;
  if (!RunnableBinding.isRunnableBinding(model)) throw new TypeError("the model takes no tools: it has no bindTools");
  const { bound, config, kwargs: own } = model as RunnableBinding<BaseLanguageModelInput, BaseMessage>;
  return bindTo(bound, tools, kwargs).withConfig({ ...config, ...own }) as Model;
}

const generationOf = (message: AIMessageChunk): ChatGenerationChunk =>
  new ChatGenerationChunk({ message, text: message.text });
