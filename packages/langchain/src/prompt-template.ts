import {
  type BaseMessage,
  BaseMessage as Message,
  coerceMessageLikeToMessage,
  HumanMessage,
  SystemMessage,
} from "@langchain/core/messages";
import { ChatPromptValue } from "@langchain/core/prompt_values";
import { BasePromptTemplate } from "@langchain/core/prompts";
import { type CompiledPrompt, compilePrompt, type Pack, renderPrompt } from "promptpack";
import { createMultimodalMessage, type PartInput, type PartsOptions } from "./messages.ts";

type Values = Record<string, unknown>;
type RenderOptions = Omit<NonNullable<Parameters<typeof renderPrompt>[2]>, "messages" | "user">;

export interface PromptPackTemplateOptions {
  /** The exact model name that `model_overrides` may have a key for. */
  readonly model?: string;
  /** Values known before the call, or functions that give them; a value of the call wins. */
  readonly partialVariables?: { readonly [name: string]: unknown };
  /** How values are checked and put in, as for renderPrompt. */
  readonly render?: RenderOptions;
  /** Limits of the parts in the user message, beside those of the prompt. */
  readonly media?: Omit<PartsOptions, "media">;
}

export interface PromptPackTemplateInput extends PromptPackTemplateOptions {
  readonly pack: Pack;
  readonly promptId: string;
}

/**
 * A prompt of a pack as a LangChain prompt template: the rendered system message, the conversation in `messages`
 * (message objects, tuples or {role, content}) and `user_message` (text, content parts or a message).
 * No text is ever read as a LangChain template, so braces are only braces.
 */
export class PromptPackTemplate extends BasePromptTemplate<Values, ChatPromptValue, string> {
  // traces get no pack and no partial values
  override lc_serializable = false;
  readonly compiled: CompiledPrompt;
  readonly #input: PromptPackTemplateInput;
  readonly #keys: { readonly messages: string | undefined; readonly user: string | undefined };

  /** @throws {PackError} UNKNOWN_PROMPT, with the ids there are */
  constructor(input: PromptPackTemplateInput) {
    const { pack, promptId, model, partialVariables = {} } = input;
    const compiled = compilePrompt(pack, promptId, model === undefined ? {} : { model });
    const needed = compiled.variables.filter((variable) => variable.required && variable.default === undefined);
    const names = [...needed.map(({ name }) => name), ...compiled.undeclared];
    super({ inputVariables: [] });
    // set afterwards, because LangChain refuses a variable named "stop" here and nowhere else
    this.inputVariables = names.filter((name) => !Object.hasOwn(partialVariables, name));
    this.partialVariables = partialVariables as NonNullable<typeof this.partialVariables>;
    this.metadata = { promptpack: `${pack.id}@${pack.version}`, prompt: `${promptId}@${compiled.prompt.version}` };
    this.compiled = compiled;
    this.#input = input;
    const taken = new Set([...compiled.variables.map(({ name }) => name), ...compiled.undeclared]);
    const key = (name: string): string | undefined => (taken.has(name) ? undefined : name);
    this.#keys = { messages: key("messages"), user: key("user_message") };
  }

  /** Returns a template for a prompt. @throws {PackError} UNKNOWN_PROMPT */
  static fromPack(pack: Pack, promptId: string, options: PromptPackTemplateOptions = {}): PromptPackTemplate {
    return new PromptPackTemplate({ ...options, pack, promptId });
  }

  _getPromptType(): "promptpack" {
    return "promptpack";
  }

  /** Returns the rendered system text. @throws {InputError} every bad variable at once */
  async format(values: Values = {}): Promise<string> {
    return this.#split(await this.mergePartialAndUserVariables(values)).system;
  }

  /** Returns the messages for a chat model. @throws {InputError} every bad variable, or every bad part */
  async formatPromptValue(values: Values = {}): Promise<ChatPromptValue> {
    const { system, history, user } = this.#split(await this.mergePartialAndUserVariables(values));
    if (!Array.isArray(history)) throw new TypeError("the conversation must be an array of messages");
    const messages = history.map((message) => coerceMessageLikeToMessage(message));
    if (user !== undefined) messages.push(this.#userMessage(user));
    return new ChatPromptValue([new SystemMessage(system), ...messages]);
  }

  /** Returns a template that has more values; this one stays as it is. */
  async partial(values: Values): Promise<PromptPackTemplate> {
    const partialVariables = { ...this.#input.partialVariables, ...values };
    return new PromptPackTemplate({ ...this.#input, partialVariables });
  }

  override async mergePartialAndUserVariables(values: Values): Promise<Values> {
    const given = Object.entries(this.partialVariables ?? {}).filter(([name]) => !Object.hasOwn(values, name));
    const partial = await Promise.all(given.map(async ([name, value]) => [name, await valueOf(value)] as const));
    return { ...Object.fromEntries(partial), ...values };
  }

  #split(values: Values): { readonly system: string; readonly history: unknown; readonly user: unknown } {
    const { messages, user } = this.#keys;
    const rest = Object.entries(values).filter(([name]) => name !== messages && name !== user);
    return {
      system: renderPrompt(this.compiled, Object.fromEntries(rest), this.#input.render).system,
      history: (messages === undefined ? undefined : values[messages]) ?? [],
      user: (user === undefined ? undefined : values[user]) ?? undefined,
    };
  }

  #userMessage(user: unknown): BaseMessage {
    if (typeof user === "string") return new HumanMessage(user);
    if (Message.isInstance(user)) return user;
    if (!Array.isArray(user)) throw new TypeError("the user message must be a text, content parts or a message");
    const media = this.compiled.prompt.media ?? { enabled: false };
    return createMultimodalMessage("user", user as readonly PartInput[], { ...this.#input.media, media });
  }
}

const valueOf = async (value: unknown): Promise<unknown> =>
  typeof value === "function" ? (value as () => unknown)() : value;
