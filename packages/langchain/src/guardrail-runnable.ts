import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { mergeConfigs, Runnable, RunnableBinding, type RunnableConfig } from "@langchain/core/runnables";
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
  if (typeof model?.invoke !== "function") throw new TypeError("guardModel takes a chat model and then its guardrails");
  return new GuardedChatModel(model, openerOf(guardrails, options));
}

export class GuardedChatModel extends BaseChatModel {
  readonly model: Model;
  readonly open: OpenGuard;
  readonly #bind: Bind;

  constructor(model: Model, open: OpenGuard, bind?: Bind) {
    super({});
    [this.model, this.#bind] = unbound(model, bind);
    const { outputVersion } = this.model as { outputVersion?: BaseChatModel["outputVersion"] };
    if (outputVersion !== undefined) this.outputVersion = outputVersion;
    this.open = open;
  }

  _llmType(): string {
    return "promptpack-guarded";
  }

  override get profile(): BaseChatModel["profile"] {
    return (this.model as { profile?: BaseChatModel["profile"] }).profile ?? {};
  }

  override bindTools(tools: BindToolsInput[], kwargs: Partial<this["ParsedCallOptions"]> = {}): GuardedChatModel {
    if (typeof this.model.bindTools !== "function")
      throw new TypeError("the model takes no tools: it has no bindTools; bind tools before listeners");
    return new GuardedChatModel(this.model.bindTools(tools, kwargs as never) as Model, this.open, this.#bind);
  }

  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const answer = await this.model.invoke(messages, this.#bind({ ...options, callbacks: [] }));
    const message = this.open().whole(answer as AIMessage);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const guarded = this.open();
    // the callbacks of the surrounding run would show every token
    for await (const piece of await this.#pieces(messages, this.#bind({ ...options, callbacks: [] }))) {
      const shown = guarded.push(toChunk(piece));
      if (shown === undefined) continue;
      const passed = "message" in piece && piece.message === shown ? piece : generationOf(shown);
      yield passed;
      if (run !== undefined) await announce(run, passed);
    }
    const last = guarded.end();
    if (last === undefined) return;
    yield generationOf(last);
    if (run !== undefined) await announce(run, generationOf(last));
  }

  /** Reads the model's own chunks where that is all: what BaseChatModel does around them it does around ours as well. */
  #pieces(messages: BaseMessage[], call: RunnableConfig) {
    // oxlint-disable-next-line typescript/unbound-method -- compared, never called
    const { _streamIterator, _streamResponseChunks: none } = BaseChatModel.prototype;
    const chat = this.model as Runnable as BaseChatModel;
    const isOwn = chat._streamIterator === _streamIterator && chat._streamResponseChunks !== none;
    const isSilent = (call.callbacks as readonly unknown[]).length === 0 && chat.callbacks === undefined;
    if (isOwn && isSilent && !chat.disableStreaming) return chat._streamResponseChunks(messages, call as never);
    return this.model.stream(messages, call);
  }
}

/** What bindings around a model make of the options of a call. */
type Bind = (options: RunnableConfig) => RunnableConfig;

function unbound(model: Model, bind: Bind = (options) => options): [model: Model, bind: Bind] {
  if (Object.getPrototypeOf(model) !== RunnableBinding.prototype) return [model, bind];
  const { bound, config, kwargs, configFactories } = model as RunnableBinding<BaseLanguageModelInput, BaseMessage>;
  if (configFactories !== undefined) return [model, bind];
  return unbound(bound, (options) => mergeConfigs(config, bind(options), kwargs));
}

const generationOf = (message: AIMessageChunk): ChatGenerationChunk =>
  new ChatGenerationChunk({ message, text: message.text });

const announce = (run: CallbackManagerForLLMRun, chunk: ChatGenerationChunk): Promise<void> =>
  run.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
