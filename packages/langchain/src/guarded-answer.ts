import { AIMessageChunk, type AIMessage, type ContentBlock } from "@langchain/core/messages";
import { type ContentPart, createStreamGuard, guardResponse } from "promptpack";

export type Guardrails = NonNullable<Parameters<typeof guardResponse>[0]>;
export type GuardOptions = NonNullable<Parameters<typeof guardResponse>[2]>;
type Kind = "text" | "reasoning" | "refusal";
/** The block without its text, the name of a member of additional_kwargs, or undefined for plain content. */
type Place = ContentBlock | string | undefined;
type Piece = readonly [Place, string];
/** A stretch of text of one kind in one place, and how much of it was shown. */
type Run = { readonly kind: Kind; readonly place: Place; text: string; shown: number };
type TextPart = Extract<ContentPart, { readonly type: "text" }>;

/** The members of content blocks and of additional_kwargs that hold text. */
const BLOCK_TEXTS: Readonly<Record<string, Kind>> = {
  text: "text",
  reasoning: "reasoning",
  thinking: "reasoning",
  refusal: "refusal",
};
const KWARG_TEXTS: ReadonlyMap<string, Kind> = new Map([
  ["reasoning_content", "reasoning"],
  ["refusal", "refusal"],
]);
/** What providers say beside the text; anything else in response_metadata may repeat it. */
const QUIET = new Set(
  "model model_name model_provider usage finish_reason stop_reason system_fingerprint id".split(" "),
);

/**
 * One answer on its way through the guardrails. Text goes on as soon as no guardrail can object to it; tool calls, media
 * and what else may hold the model's words go on when the whole text has passed. Source: RULINGS 22.
 */
export class GuardedAnswer {
  /** What the guardrails say, after `end` or `whole`. */
  outcome: Omit<ReturnType<typeof guardResponse>, "text" | "response"> | undefined;
  readonly #judge: (content: readonly TextPart[]) => ReturnType<typeof guardResponse>;
  readonly #guard: ReturnType<typeof createStreamGuard>;
  readonly #tools: ReadonlySet<string> | undefined;
  readonly #rewrites: boolean;
  readonly #runs: Run[] = [];
  #cursor = 0;
  #blocked: string | undefined;
  #rest: AIMessageChunk | undefined;

  /** @param tools names of the tools that run; what is written to another one is structured output, and is checked. */
  constructor(guardrails: Guardrails, options: GuardOptions, tools?: ReadonlySet<string>) {
    this.#judge = (content) => guardResponse(guardrails, { content }, options);
    this.#guard = createStreamGuard(guardrails, options);
    this.#tools = tools;
    this.#rewrites = Object.values(options.actions ?? {}).some((action) => action !== "block");
  }

  /** Takes the next piece, and returns what may be shown now. */
  push(chunk: AIMessageChunk): AIMessageChunk | undefined {
    if (typeof chunk.content !== "string" || !isPlain(chunk)) {
      const pieces = this.#take(chunk).flatMap(([kind, place, text]) => this.#feed(kind, place, text));
      return pieces.length === 0 ? undefined : chunkOf(pieces, chunk.id);
    }
    if (chunk.content === "") return chunk;
    const pieces = this.#feed("text", undefined, chunk.content);
    if (pieces.length > 1 || pieces[0]?.[0] !== undefined) return chunkOf(pieces, chunk.id);
    const text = pieces[0]?.[1] ?? "";
    if (text === chunk.content) return chunk;
    return text === "" && isBare(chunk) ? undefined : withText(chunk, text);
  }

  /** Ends the answer, and returns what is left to show. */
  end(): AIMessageChunk | undefined {
    const isSimple = this.#runs.length <= 1 && this.#blocked === undefined && this.#structured().length === 0;
    const step = isSimple ? this.#guard.end() : undefined;
    if (step?.guarded?.ok === true) {
      this.outcome = step.guarded;
      return this.#compose([[this.#runs[0]?.place, step.text]]);
    }
    const texts = this.#conclude();
    if (texts !== undefined)
      return this.#compose(this.#runs.map(({ place, shown }, i) => [place, texts[i]?.slice(shown) ?? ""]));
    return this.stop(this.#rest, this.#runs.some(({ shown }) => shown > 0) ? "\n" : "");
  }

  /** Takes a whole message, and returns it as it may be shown. */
  whole(message: AIMessage): AIMessage {
    for (const [kind, place, text] of this.#take(asChunk(message))) this.#add(kind, place, text);
    const texts = this.#conclude();
    if (texts === undefined) return this.stop(message);
    if (this.#runs.every(({ text }, index) => text === texts[index])) return message;
    return this.#compose(this.#runs.map(({ place }, index) => [place, texts[index] ?? ""])) ?? message;
  }

  /** Returns what stands for a blocked answer: nothing that the model wrote, and no tool calls. */
  stop({ id, usage_metadata }: Pick<AIMessage, "id" | "usage_metadata"> = {}, before: string = ""): AIMessageChunk {
    const response_metadata = { finish_reason: "guardrail", guardrails: this.outcome?.violations };
    return asChunk({ id, usage_metadata, content: `${before}${this.#blocked ?? ""}`, response_metadata });
  }

  /** Takes the texts out of a chunk, and keeps the rest back. */
  #take(chunk: AIMessageChunk): [Kind, Place, string][] {
    const texts: [Kind, Place, string][] = [];
    const content: ContentBlock[] = [];
    const additional_kwargs: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(chunk.additional_kwargs)) {
      const kind = KWARG_TEXTS.get(key);
      if (kind === undefined || typeof value !== "string") additional_kwargs[key] = value;
      else texts.push([kind, key, value]);
    }
    if (typeof chunk.content === "string") texts.push(["text", undefined, chunk.content]);
    else {
      for (const block of chunk.content) {
        const key = Object.keys(BLOCK_TEXTS).find((name) => typeof block[name] === "string");
        if (key === undefined) content.push(block);
        else texts.push([BLOCK_TEXTS[key] as Kind, { ...block, [key]: "" }, block[key] as string]);
      }
    }
    const rest = asChunk(chunk, { content: content.length > 0 ? content : "", additional_kwargs });
    this.#rest = this.#rest?.concat(rest) ?? rest;
    return texts.filter(([, , text]) => text !== "");
  }

  /** Adds text, and returns whether it is of another kind than the text before it. */
  #add(kind: Kind, place: Place, text: string): boolean {
    const last = this.#runs.at(-1);
    if (last?.kind === kind && isSamePlace(last.place, place)) last.text += text;
    else this.#runs.push({ kind, place, text, shown: 0 });
    return last !== undefined && last.kind !== kind;
  }

  /** Gives text to the guardrails, and returns what they release. */
  #feed(kind: Kind, place: Place, text: string): Piece[] {
    const isOtherKind = this.#add(kind, place, text);
    // where text is rewritten, what is released no longer tells its place: a second place waits for the end
    if (this.#blocked !== undefined || (this.#rewrites && this.#runs.length > 1)) return [];
    const step = this.#guard.push(isOtherKind ? `\n${text}` : text);
    if (!step.ok) this.#blocked = step.message ?? "";
    const pieces: Piece[] = [];
    for (let left = step.text; left !== "";) {
      const run = this.#runs[this.#cursor] as Run;
      const count = this.#rewrites ? left.length : Math.min(left.length, run.text.length - run.shown);
      if (count > 0) pieces.push([run.place, left.slice(0, count)]);
      run.shown += count;
      left = left.slice(count);
      // the guardrails read a line break between two kinds, which is no part of the answer
      if (left !== "" && this.#runs[++this.#cursor]?.kind !== run.kind) left = left.slice(1);
    }
    return pieces;
  }

  /** Asks the guardrails about the whole answer; returns the text of each run, or undefined when it is blocked. */
  #conclude(): readonly string[] | undefined {
    const parts = [...this.#runs, ...this.#structured().map((text) => ({ kind: "text", text }))];
    const guarded = this.#judge(parts.map(({ kind, text }) => ({ type: kind, text }) as TextPart));
    this.outcome = guarded;
    this.#blocked = guarded.ok ? undefined : guarded.text;
    return guarded.ok ? ((guarded.response?.content ?? []) as TextPart[]).map(({ text }) => text) : undefined;
  }

  #structured(): readonly string[] {
    const calls = this.#tools === undefined ? [] : (this.#rest?.tool_calls ?? []);
    return calls.filter(({ name }) => this.#tools?.has(name) !== true).map(({ args }) => JSON.stringify(args));
  }

  #compose(pieces: readonly Piece[]): AIMessageChunk | undefined {
    const texts = pieces.filter(([, text]) => text !== "");
    let rest = this.#rest;
    if (rest !== undefined && this.#rewrites) {
      const quiet = Object.entries(rest.response_metadata).filter(([key]) => QUIET.has(key));
      rest = asChunk(rest, { response_metadata: Object.fromEntries(quiet), additional_kwargs: {} });
    }
    if (texts.length === 0) return rest;
    const shown = chunkOf(texts, rest?.id);
    return rest === undefined ? shown : shown.concat(rest);
  }
}

/** Whether a chunk is text and nothing else that may hold the model's words. */
function isPlain({ additional_kwargs, tool_call_chunks, response_metadata }: AIMessageChunk): boolean {
  for (const _ in additional_kwargs) return false;
  for (const key in response_metadata) if (!QUIET.has(key)) return false;
  return tool_call_chunks === undefined || tool_call_chunks.length === 0;
}

/** Whether nothing is lost with the text of a plain chunk. */
function isBare({ response_metadata, usage_metadata }: AIMessageChunk): boolean {
  return usage_metadata === undefined && Object.keys(response_metadata).length === 0;
}

function isSamePlace(left: Place, right: Place): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return left.type === right.type && left["index"] === right["index"];
}

function chunkOf(pieces: readonly Piece[], id: string | undefined): AIMessageChunk {
  const additional_kwargs: Record<string, string> = {};
  const blocks: ContentBlock[] = [];
  let text = "";
  for (const [place, piece] of pieces) {
    if (place === undefined) text += piece;
    else if (typeof place === "string") additional_kwargs[place] = (additional_kwargs[place] ?? "") + piece;
    else blocks.push({ ...place, [Object.keys(BLOCK_TEXTS).find((key) => place[key] === "") ?? "text"]: piece });
  }
  const content = blocks.length === 0 ? text : text === "" ? blocks : [...blocks, { type: "text", text }];
  return asChunk({ id, content, additional_kwargs });
}

/** Returns a message, or some of it, as a chunk. */
export function asChunk(message: object, changes: object = {}): AIMessageChunk {
  return new AIMessageChunk({ ...message, ...changes } as ConstructorParameters<typeof AIMessageChunk>[0]);
}

/** Returns a plain chunk with another text; copied, because the constructor takes longer than the guardrails. */
function withText(chunk: AIMessageChunk, content: string): AIMessageChunk {
  return Object.assign(Object.create(AIMessageChunk.prototype), chunk, {
    content,
    lc_kwargs: { ...chunk.lc_kwargs, content },
  });
}
