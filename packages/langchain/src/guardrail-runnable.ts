import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { Runnable, RunnableBinding, type RunnableConfig } from "@langchain/core/runnables";
import { guardrailError, guardResponse } from "promptpack";
import { asChunk, GuardedAnswer, type GuardOptions, type Guardrails } from "./guarded-answer.ts";

export interface GuardrailOptions extends GuardOptions {
  /** What a blocked answer becomes: the message of the guardrail (when absent), or a GuardrailError. */
  readonly onViolation?: "replace" | "throw";
}
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
    guardResponse(guardrails, "", options);
  }

  /** @throws {GuardrailError} the answer is blocked, and `onViolation` is "throw" */
  override async invoke(input: T, options?: Partial<RunnableConfig>): Promise<T> {
    const guard = async (answer: T): Promise<T> => {
      const guarded = new GuardedAnswer(this.guardrails, this.options);
      const message = guarded.whole(
        typeof answer === "string" ? new AIMessage(answer) : (answer as unknown as AIMessage),
      );
      throwIfBlocked(guarded, this.options);
      return (typeof answer === "string" ? message.content : message) as T;
    };
    return this._callWithConfig(guard, input, options);
  }

  override async *transform(input: AsyncGenerator<T>, options: Partial<RunnableConfig>): AsyncGenerator<T> {
    yield* this._transformStreamWithConfig(input, (pieces) => this.#stream(pieces), options);
  }

  async *#stream(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
    const guarded = new GuardedAnswer(this.guardrails, this.options);
    let isText = false;
    for await (const piece of pieces) {
      isText = typeof piece === "string";
      const shown = guarded.push(toChunk(piece));
      if (shown !== undefined) yield (isText ? shown.content : shown) as T;
    }
    const last = guarded.end();
    throwIfBlocked(guarded, this.options);
    if (last !== undefined) yield (isText ? last.content : last) as T;
  }
}

type Model = Runnable<BaseLanguageModelInput, BaseMessage> & Partial<Pick<BaseChatModel, "bindTools">>;

/** How a guarded model guards. */
interface Guarding {
  readonly guardrails: Guardrails;
  readonly options: GuardrailOptions;
  readonly tools?: ReadonlySet<string>;
  /** The last answer; undefined while there is none, and after a failure. */
  answer?: GuardedAnswer | undefined;
}

/**
 * Returns a chat model that answers what the guardrails let pass, in every way of calling it: no callback, stream or event
 * gets to see what the model wrote before that, except callbacks that the model itself was built with.
 *
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function guardModel(model: Model, guardrails: Guardrails, options: GuardrailOptions = {}): GuardedChatModel {
  guardResponse(guardrails, "", options);
  return new GuardedChatModel(model, { guardrails, options });
}

export class GuardedChatModel extends BaseChatModel {
  readonly model: Model;
  readonly guarding: Guarding;

  constructor(model: Model, guarding: Guarding) {
    super({});
    this.model = model;
    this.guarding = guarding;
  }

  _llmType(): string {
    return "promptpack-guarded";
  }

  override get profile(): BaseChatModel["profile"] {
    return (this.model as { profile?: BaseChatModel["profile"] }).profile ?? {};
  }

  /** Returns this with another model; the constructor would build a queue for each call. */
  around(model: Model, guarding: Guarding = this.guarding): GuardedChatModel {
    return Object.assign(Object.create(GuardedChatModel.prototype), this, { model, guarding });
  }

  override bindTools(tools: BindToolsInput[], kwargs?: Partial<this["ParsedCallOptions"]>): GuardedChatModel {
    return this.around(bindTo(this.model, tools, kwargs));
  }

  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const guarded = begin(this.guarding);
    const message = guarded.whole((await this.model.invoke(messages, { ...options, callbacks: [] })) as AIMessage);
    finish(this.guarding, guarded);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const guarded = begin(this.guarding);
    const announce = (chunk: ChatGenerationChunk): Promise<void> | undefined =>
      run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    for await (const chunk of openStream(this.model, messages, options)) {
      const shown = guarded.push(chunk.message as AIMessageChunk);
      if (shown === undefined) continue;
      const passed = shown === chunk.message ? chunk : generationOf(shown, chunk.generationInfo);
      yield passed;
      await announce(passed);
    }
    const last = guarded.end();
    finish(this.guarding, guarded);
    if (last === undefined) return;
    yield generationOf(last);
    await announce(generationOf(last));
  }
}

function begin(guarding: Guarding): GuardedAnswer {
  guarding.answer = undefined;
  return new GuardedAnswer(guarding.guardrails, guarding.options, guarding.tools);
}

function finish(guarding: Guarding, guarded: GuardedAnswer): void {
  throwIfBlocked(guarded, guarding.options);
  guarding.answer = guarded;
}

/** Asks a model without the callbacks of the surrounding run: those would show every token. */
function openStream(model: Model, messages: BaseMessage[], options: object): AsyncGenerator<ChatGenerationChunk> {
  let bound = model as Runnable;
  let merged = options;
  while (Object.getPrototypeOf(bound) === RunnableBinding.prototype) {
    const { config, kwargs, configFactories, bound: inner } = bound as RunnableBinding<unknown, unknown>;
    if (configFactories !== undefined || config?.callbacks !== undefined) break;
    merged = { ...config, ...merged, ...kwargs };
    bound = inner as Runnable;
  }
  // oxlint-disable-next-line typescript/unbound-method -- compared, never called
  const { _streamIterator, _streamResponseChunks: none } = BaseChatModel.prototype;
  const chat = bound as BaseChatModel;
  const isDirect =
    chat._streamIterator === _streamIterator && chat._streamResponseChunks !== none && !chat.disableStreaming;
  // what BaseChatModel does around a model's own generator, it does around ours as well
  return isDirect ? chat._streamResponseChunks(messages, merged as never) : streamFrom(model, messages, options);
}

async function* streamFrom(
  model: Model,
  messages: BaseMessage[],
  options: object,
): AsyncGenerator<ChatGenerationChunk> {
  for await (const chunk of await model.stream(messages, { ...options, callbacks: [] }))
    yield generationOf(toChunk(chunk));
}

function bindTo(model: Model, tools: BindToolsInput[], kwargs: object | undefined): Model {
  if (typeof model.bindTools === "function") return model.bindTools(tools, kwargs as never) as Model;
  if (!RunnableBinding.isRunnableBinding(model)) throw new TypeError("the model takes no tools: it has no bindTools");
  const { bound, config, kwargs: own } = model as RunnableBinding<BaseLanguageModelInput, BaseMessage>;
  return bindTo(bound, tools, kwargs).withConfig({ ...config, ...own }) as Model;
}

const toChunk = (answer: Answer): AIMessageChunk =>
  typeof answer === "string"
    ? new AIMessageChunk(answer)
    : AIMessageChunk.isInstance(answer)
      ? answer
      : asChunk(answer);

const generationOf = (message: AIMessageChunk, generationInfo: Record<string, unknown> = {}): ChatGenerationChunk =>
  new ChatGenerationChunk({ message, text: message.text, generationInfo });

function throwIfBlocked({ outcome }: GuardedAnswer, { onViolation }: GuardrailOptions): void {
  if (outcome?.ok === false && onViolation === "throw") throw guardrailError(outcome);
}
