import { BaseMessage, type BaseMessageLike, coerceMessageLikeToMessage, SystemMessage } from "@langchain/core/messages";
import { ChatPromptValue } from "@langchain/core/prompt_values";
import { BasePromptTemplate } from "@langchain/core/prompts";
import type { Runnable } from "@langchain/core/runnables";
import { type CompiledPrompt, compilePrompt, type Pack, renderPrompt } from "promptpack";
import { type GivenVariables, neededVariables, valuesOfCall, type VariablesLeft } from "promptpack/adapters";
import type { PackShape, PromptVariables, RenderOptions } from "promptpack/types";
import { createMultimodalMessage, type PartInput, type PartsOptions } from "./messages.ts";

type Values = Record<string, unknown>;

export interface PromptPackTemplateOptions<Variables = Values, Given extends keyof Variables = keyof Variables> {
  /** The exact model name that `model_overrides` may have a key for. */
  readonly model?: string;
  /** Values known before the call, or functions that give them; a value of the call wins. */
  readonly partialVariables?: GivenVariables<Variables, Given>;
  /** How values are checked and put in, as for renderPrompt. */
  readonly render?: Omit<RenderOptions, "messages" | "user">;
  /** Limits of the parts in the user message, beside those of the prompt. */
  readonly media?: Omit<PartsOptions, "media">;
}

export interface PromptPackTemplateInput<
  Shape extends PackShape = PackShape,
  Id extends keyof Shape["prompts"] & string = keyof Shape["prompts"] & string,
  Given extends keyof PromptVariables<Shape, Id> = keyof PromptVariables<Shape, Id>,
> extends PromptPackTemplateOptions<PromptVariables<Shape, Id>, Given> {
  readonly pack: Pack<Shape>;
  readonly promptId: Id;
}

/** What a call takes beside the variables; a variable of the same name wins. */
interface Conversation {
  readonly messages?: readonly BaseMessageLike[];
  readonly user_message?: string | readonly PartInput[] | BaseMessage;
}

/** What a call of a template takes: every variable that was not given before, and the conversation. */
export type TemplateValues<Variables, Given extends keyof Variables = never> = string extends keyof Variables
  ? unknown extends Variables[string]
    ? Values
    : Conversation
  : VariablesLeft<Variables, Given> & Omit<Conversation, keyof Variables>;

/** LangChain's template, with the input that the pack says; it leaves nothing of a Runnable to do. */
const Base = BasePromptTemplate as unknown as abstract new <Input>(
  fields: ConstructorParameters<typeof BasePromptTemplate>[0],
) => Runnable<Input, ChatPromptValue> &
  Pick<Runnable<Input, ChatPromptValue>, "invoke" | "lc_namespace"> &
  Omit<BasePromptTemplate, keyof Runnable | "format" | "formatPromptValue" | "partial" | "_getPromptType">;

/**
 * A prompt of a pack as a LangChain prompt template: the rendered system message, the conversation in `messages`
 * (message objects, tuples or {role, content}) and `user_message` (text, content parts or a message).
 * No text is ever read as a LangChain template, so braces are only braces.
 */
export class PromptPackTemplate<
  Shape extends PackShape = PackShape,
  Id extends keyof Shape["prompts"] & string = keyof Shape["prompts"] & string,
  Given extends keyof PromptVariables<Shape, Id> = never,
> extends Base<TemplateValues<PromptVariables<Shape, Id>, Given>> {
  override name = "PromptPackTemplate";
  // traces get no pack and no partial values
  override lc_serializable = false;
  readonly compiled: CompiledPrompt;
  readonly #input: PromptPackTemplateInput;

  /** @throws {PackError} UNKNOWN_PROMPT, with the ids there are */
  constructor(input: PromptPackTemplateInput<Shape, Id, Given>) {
    const { pack, promptId, model, partialVariables = {} } = input as unknown as PromptPackTemplateInput;
    const compiled = compilePrompt(pack, promptId, model === undefined ? {} : { model });
    super({ inputVariables: [] });
    // set afterwards, because LangChain refuses a variable named "stop" here and nowhere else
    this.inputVariables = neededVariables(compiled, partialVariables);
    this.partialVariables = partialVariables as typeof this.partialVariables;
    this.metadata = { promptpack: `${pack.id}@${pack.version}`, prompt: `${promptId}@${compiled.prompt.version}` };
    this.compiled = compiled;
    this.#input = input as unknown as PromptPackTemplateInput;
  }

  /** Returns a template for a prompt. @throws {PackError} UNKNOWN_PROMPT, with the ids there are */
  static fromPack<
    Shape extends PackShape,
    Id extends keyof Shape["prompts"] & string,
    Given extends keyof PromptVariables<Shape, Id> = never,
  >(
    pack: Pack<Shape>,
    promptId: Id,
    options: PromptPackTemplateOptions<PromptVariables<Shape, Id>, Given> = {},
  ): PromptPackTemplate<Shape, Id, Given> {
    return new PromptPackTemplate({ ...options, pack, promptId });
  }

  _getPromptType(): "promptpack" {
    return "promptpack";
  }

  /** Returns the rendered system text. @throws {InputError} every bad variable at once */
  async format(values?: TemplateValues<PromptVariables<Shape, Id>, Given>): Promise<string> {
    return (await this.#render(values as Values)).system;
  }

  /** Returns the messages for a chat model. @throws {InputError} every bad variable, or every bad part */
  async formatPromptValue(values?: TemplateValues<PromptVariables<Shape, Id>, Given>): Promise<ChatPromptValue> {
    const { system, messages, user } = await this.#render(values as Values);
    if (!Array.isArray(messages)) throw new TypeError("the conversation must be an array of messages");
    const all: BaseMessageLike[] = [new SystemMessage(system), ...messages];
    const media = this.compiled.prompt.media ?? { enabled: false };
    if (Array.isArray(user)) all.push(createMultimodalMessage("user", user, { ...this.#input.media, media }));
    else if (typeof user === "string" || BaseMessage.isInstance(user)) all.push(user);
    else if (user !== undefined) throw new TypeError("the user message must be a text, content parts or a message");
    return new ChatPromptValue(all.map(coerceMessageLikeToMessage));
  }

  /** Returns a template that has more values; this one stays as it is. */
  async partial<Name extends keyof PromptVariables<Shape, Id>>(
    values: GivenVariables<PromptVariables<Shape, Id>, Name>,
  ): Promise<PromptPackTemplate<Shape, Id, Given | Name>> {
    const partialVariables = { ...this.#input.partialVariables, ...values };
    return new PromptPackTemplate({ ...this.#input, partialVariables }) as never;
  }

  async #render(values: Values = {}): Promise<{ system: string; messages: unknown; user: unknown }> {
    const given = { given: this.partialVariables, values, names: ["messages", "user_message"] } as const;
    const [variables, { messages, user_message: user }] = await valuesOfCall(this.compiled, given);
    const { system } = renderPrompt(this.compiled, variables, this.#input.render);
    return { system, messages: messages ?? [], user: user ?? undefined };
  }
}
