import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { Runnable, RunnableBinding, type RunnableConfig } from "@langchain/core/runnables";
import { asChunk, GuardedAnswer, type GuardrailOptions, type Guardrails } from "./guarded-answer.ts";

type Answer = string | BaseMessage;

/**
 * Guardrails as a step after a model: takes its message or its text, and returns what the caller may see; in a stream, as
 * soon as no guardrail can object. The events of the model before it are not its own: where a user sees callbacks or
 * streamEvents, guard the model itself with `guardModel`.
 */
export class GuardrailRunnable<T extends Answer = Answer> extends Runnable<T, T> {
  override lc_namespace: string[] = ["promptpack", "guardrails"];
  readonly guardrails: Guardrails;
  readonly options: GuardrailOptions;

  /** @throws {PackError} UNKNOWN_GUARDRAIL */
  constructor(guardrails: Guardrails, options: GuardrailOptions = {}) {
    super();
    this.guardrails = guardrails;
    this.options = options;
    this.#open();
  }

  /** @throws {GuardrailError} the answer is blocked, and `onViolation` is "throw" */
  override async invoke(input: T, options?: Partial<RunnableConfig>): Promise<T> {
    const guard = async (answer: T): Promise<T> => {
      const message = this.#open().whole(
        typeof answer === "string" ? new AIMessage(answer) : (answer as Answer as AIMessage),
      );
      return (typeof answer === "string" ? message.text : message) as T;
    };
    return this._callWithConfig(guard, input, options);
  }

  override async *transform(input: AsyncGenerator<T>, options: Partial<RunnableConfig>): AsyncGenerator<T> {
    yield* this._transformStreamWithConfig(input, (pieces) => this.#stream(pieces), options);
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
  #open(): GuardedAnswer {
    return new GuardedAnswer(this.guardrails, this.options);
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
  const open = (): GuardedAnswer => new GuardedAnswer(guardrails, options);
  open();
  return new GuardedChatModel(model, open);
}

export class GuardedChatModel extends BaseChatModel {
  readonly model: Model;
  /** Opens the guard of one answer. */
  readonly open: () => GuardedAnswer;

  constructor(model: Model, open: () => GuardedAnswer) {
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
      const chunk = toChunk(piece);
      const shown = guarded.push(chunk);
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

function toChunk(answer: Answer | ChatGenerationChunk): AIMessageChunk {
  if (typeof answer === "string") return new AIMessageChunk(answer);
  if (!("message" in answer)) return AIMessageChunk.isInstance(answer) ? answer : asChunk(answer);
  const { message, generationInfo } = answer;
  // log probabilities and the like repeat the text, and would be shown with it; these two are only counts
  const isSilent = Object.keys(generationInfo ?? {}).every((key) => key === "prompt" || key === "completion");
  if (isSilent) return message as AIMessageChunk;
  return asChunk(message, { response_metadata: { ...generationInfo, ...message.response_metadata } });
}

const generationOf = (message: AIMessageChunk): ChatGenerationChunk =>
  new ChatGenerationChunk({ message, text: message.text });
