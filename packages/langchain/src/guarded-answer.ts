import { type AIMessage, AIMessageChunk, type BaseMessage, type ContentBlock } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { createAnswerGuard, guardrailError } from "promptpack";
import { isQuietMember, kindOfMember } from "promptpack/adapters";
import type { AnswerEnd, AnswerGuard, AnswerPiece, GuardOptions, GuardOutcome, Validator } from "promptpack/types";

export type Guardrails = readonly Validator[];
export interface GuardrailOptions extends GuardOptions {
  /** What a blocked answer becomes: the message of the guardrail (when absent), or a GuardrailError. */
  readonly onViolation?: "replace" | "throw";
}
/** Opens the guard of one answer; `tools` are those that run: what is written to another one is structured output, and checked. */
export type OpenGuard = (tools?: ReadonlySet<string>) => GuardedAnswer;
export type Answer = string | BaseMessage;

/** Makes a chunk that has a text where the model had it. */
type Place = (text: string) => AIMessageChunk;
type Pieces = readonly AnswerPiece<Place>[];

/** @throws {PackError} UNKNOWN_GUARDRAIL, at once and not at the first answer */
export function openerOf(guardrails: Guardrails, options: GuardrailOptions = {}): OpenGuard {
  const open: OpenGuard = (tools) => new GuardedAnswer(guardrails, options, tools);
  open();
  return open;
}

/**
 * One answer on its way through the guardrails. Text goes on as soon as no guardrail can object to it; tool calls, media
 * and what else may hold the model's words go on when the whole text has passed. Source: RULINGS 22.
 */
export class GuardedAnswer {
  /** What the guardrails say, after `end` or `whole`. */
  outcome: GuardOutcome | undefined;
  readonly #guard: AnswerGuard<Place>;
  readonly #throws: boolean;
  readonly #tools: ReadonlySet<string> | undefined;
  readonly #places = new Map<string, Place>();
  readonly #content: Place = (content) => asChunk({ id: this.#id, content });
  #id: string | undefined;
  /** What is left of the message without its texts. */
  #rest: AIMessageChunk | undefined;
  #isShown = false;
  #end: AnswerEnd<Place> | undefined;

  constructor(guardrails: Guardrails, options: GuardrailOptions, tools?: ReadonlySet<string>) {
    this.#guard = createAnswerGuard(guardrails, options);
    this.#throws = options.onViolation === "throw";
    this.#tools = tools;
  }

  /** Takes the next piece, and returns what may be shown now. */
  push(chunk: AIMessageChunk): AIMessageChunk | undefined {
    this.#id ??= chunk.id;
    const { content } = chunk;
    if (typeof content !== "string" || !isPlain(chunk)) return join(this.#takeApart(chunk));
    if (content === "") return chunk;
    const pieces = this.#say("text", content, this.#content);
    const [first] = pieces;
    if (pieces.length > 1 || (first !== undefined && first.place !== this.#content))
      return join(pieces, withText(chunk, ""));
    if (first?.text === content) return chunk;
    return first === undefined && isBare(chunk) ? undefined : withText(chunk, first?.text ?? "");
  }

  /** Ends the answer, and returns what is left to show. @throws {GuardrailError} it is blocked, and the host wants that */
  end(): AIMessageChunk | undefined {
    const calls = this.#rest?.tool_calls ?? [];
    const output = calls.filter(({ name }) => this.#tools?.has(name) === false);
    const unseen = output.map(({ args }) => JSON.stringify(args));
    const end = this.#guard.end({ unseen, callsTools: calls.length > 0 });
    this.#end = end;
    this.outcome = end.guarded;
    if (!this.outcome.ok && this.#throws) throw guardrailError(this.outcome);
    if (!this.outcome.ok) return this.stop(this.#rest, this.#isShown ? "\n" : "");
    return join(end.pieces, this.#rest && end.isRewritten ? withoutEcho(this.#rest) : this.#rest);
  }

  /** Takes a whole message, and returns it as it may be shown. */
  whole(message: AIMessage): AIMessage {
    const shown = join([], this.push(toChunk(message)), this.end());
    if (this.outcome?.ok === false) return this.stop(message);
    return this.#end?.isRewritten === true && shown !== undefined
      ? asChunk(shown, { tool_calls: message.tool_calls })
      : message;
  }

  /** Returns what stands for a blocked answer: nothing that the model wrote, and no tool calls. */
  stop({ id, usage_metadata }: Pick<AIMessage, "id" | "usage_metadata"> = {}, before: string = ""): AIMessageChunk {
    const response_metadata = { finish_reason: "guardrail", guardrails: this.outcome?.violations };
    return asChunk({ id, usage_metadata, content: `${before}${this.#end?.message ?? ""}`, response_metadata });
  }

  #say(key: string, text: string, place: Place): Pieces {
    const { pieces } = this.#guard.push(place, kindOfMember(key) ?? "text", text);
    this.#isShown ||= pieces.length > 0;
    return pieces;
  }

  /** Takes the texts out of a chunk, and keeps the rest back. */
  #takeApart(chunk: AIMessageChunk): Pieces {
    const said: Pieces[number][] = [];
    const kwargs: Record<string, unknown> = {};
    const content: ContentBlock[] = [];
    for (const [key, value] of Object.entries(chunk.additional_kwargs)) {
      const place = this.#placeOf(key, (text) => ({ additional_kwargs: { [key]: text } }));
      if (typeof value === "string" && kindOfMember(key)) said.push(...this.#say(key, value, place));
      else kwargs[key] = value;
    }
    if (typeof chunk.content === "string") said.push(...this.#say("text", chunk.content, this.#content));
    for (const block of typeof chunk.content === "string" ? [] : chunk.content) {
      const { type, id, index, ...members } = block;
      const key = Object.keys(members).find((name) => kindOfMember(name) && typeof members[name] === "string");
      const fixed = { type, ...(index !== undefined && { index }) };
      // what has no index is a block of its own
      const name = `${type} ${key} ${JSON.stringify(index) ?? `new ${this.#places.size}`}`;
      const place = this.#placeOf(name, (text) => ({ content: [{ ...fixed, ...(id && { id }), [key ?? ""]: text }] }));
      if (key === undefined) content.push(block);
      else said.push(...this.#say(key, members[key] as string, place));
      // annotations and the like may repeat the text
      if (key !== undefined && Object.keys(members).length > 1) content.push({ ...fixed, ...members, [key]: "" });
    }
    const rest = asChunk(chunk, { content: content.length > 0 ? content : "", additional_kwargs: kwargs });
    if (rest.content !== "" || !isPlain(rest) || !isBare(rest)) this.#rest = this.#rest?.concat(rest) ?? rest;
    return said;
  }

  #placeOf(name: string, fieldsOf: (text: string) => object): Place {
    const place = this.#places.get(name) ?? ((text) => asChunk({ content: "", id: this.#id }, fieldsOf(text)));
    this.#places.set(name, place);
    return place;
  }
}

/** Returns pieces, and what comes with them, as one chunk. */
function join(pieces: Pieces, ...others: readonly (AIMessageChunk | undefined)[]): AIMessageChunk | undefined {
  const chunks = [...pieces.map(({ place, text }) => place(text)), ...others.filter((other) => other !== undefined)];
  return chunks.length === 0 ? undefined : chunks.reduce((left, right) => left.concat(right));
}

/** Whether a chunk is text and nothing else that may hold the model's words. */
function isPlain({ additional_kwargs, tool_call_chunks, tool_calls, response_metadata }: AIMessageChunk): boolean {
  if ((tool_call_chunks?.length ?? 0) > 0 || (tool_calls?.length ?? 0) > 0) return false;
  for (const _ in additional_kwargs) return false;
  for (const key in response_metadata) if (!isQuietMember(key)) return false;
  return true;
}

/** Whether nothing is lost with the text of a plain chunk. */
function isBare({ response_metadata, usage_metadata }: AIMessageChunk): boolean {
  return usage_metadata === undefined && Object.keys(response_metadata).length === 0;
}

/** Returns a chunk without what may repeat a text that was rewritten. */
function withoutEcho(chunk: AIMessageChunk): AIMessageChunk {
  const quiet = Object.entries(chunk.response_metadata).filter(([key]) => isQuietMember(key));
  return asChunk(chunk, { response_metadata: Object.fromEntries(quiet), additional_kwargs: {} });
}

/** Returns what a model or a step before said as a chunk of an answer. @throws {TypeError} for anything else */
export function toChunk(answer: Answer | ChatGenerationChunk): AIMessageChunk {
  if (typeof answer === "string") return new AIMessageChunk(answer);
  if (!("content" in Object(answer) || "message" in Object(answer)))
    throw new TypeError("guardrails take the text or the message of a model: nothing else is checked");
  if (!("message" in answer)) return AIMessageChunk.isInstance(answer) ? answer : asChunk(answer);
  const { message, generationInfo } = answer;
  // log probabilities and the like repeat the text, and would be shown with it; these two are only counts
  const isSilent = (key: string): boolean => key === "prompt" || key === "completion";
  if (generationInfo === undefined || Object.keys(generationInfo).every(isSilent)) return message as AIMessageChunk;
  return asChunk(message, { response_metadata: { ...generationInfo, ...message.response_metadata } });
}

/** Returns a message, or some of it, as a chunk. */
function asChunk(message: object, changes: object = {}): AIMessageChunk {
  // the fields that the message was made of would keep what is changed; LangChain 1.0 takes an empty list for no calls at all
  const { lc_kwargs: _, tool_call_chunks: calls, ...fields }: Partial<AIMessageChunk> = { ...message, ...changes };
  const tool_call_chunks = calls?.length === 0 ? undefined : calls;
  return new AIMessageChunk({ ...fields, tool_call_chunks } as ConstructorParameters<typeof AIMessageChunk>[0]);
}

/** Returns a plain chunk with another text; copied, because the constructor takes longer than the guardrails. */
function withText(chunk: AIMessageChunk, content: string): AIMessageChunk {
  const lc_kwargs = { ...chunk.lc_kwargs, content };
  return Object.assign(Object.create(AIMessageChunk.prototype), chunk, { content, lc_kwargs });
}
