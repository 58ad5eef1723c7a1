import type {
  JSONObject,
  LanguageModelV3Content as Content,
  LanguageModelV3GenerateResult as GenerateResult,
  LanguageModelV3Middleware as Middleware,
  LanguageModelV3StreamPart as StreamPart,
} from "@ai-sdk/provider";
import type { LanguageModelMiddleware } from "ai";
import { type ContentPart, createStreamGuard, guardResponse } from "promptpack";

type Guardrails = Parameters<typeof guardResponse>[0];
/** What guardResponse takes: enforcement, actions, implementations and messages of the host. */
export type GuardOptions = NonNullable<Parameters<typeof guardResponse>[2]>;
type Outcome = ReturnType<typeof guardResponse>;
type Said = Exclude<ContentPart, { media: unknown } | { type: "refusal" }>;

/**
 * Returns the guardrails of a prompt as middleware for `wrapLanguageModel`. A blocked reply becomes the guardrail's
 * message with finish reason "content-filter" and loses its tool calls; while streaming, no character that a blocking
 * verdict covers is ever emitted. Verdicts and advice for a retry are in `providerMetadata.promptpack`.
 * A reply of tool calls without any text is not checked. Source: SPEC 4.4, RULINGS 19-23, R097.
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function guardrailMiddleware(guardrails: Guardrails, options: GuardOptions = {}): LanguageModelMiddleware {
  const isGuarded = guardResponse(guardrails, "", options).verdicts.length > 0;
  const middleware: Middleware = {
    specificationVersion: "v3",
    ...(isGuarded && {
      wrapGenerate: async ({ doGenerate }) => guardResult(await doGenerate(), guardrails, options),
      wrapStream: async ({ doStream }) => {
        const { stream, ...rest } = await doStream();
        return { ...rest, stream: guardStream(stream, new StreamParts(guardrails, options)) };
      },
    }),
  };
  return middleware;
}

type Spoken = Extract<Content, { type: "text" | "reasoning" }>;
const isSpoken = (part: Content): part is Spoken => part.type === "text" || part.type === "reasoning";

const BLOCKED = { unified: "content-filter", raw: "guardrail" } as const;

function guardResult(result: GenerateResult, guardrails: Guardrails, options: GuardOptions): GenerateResult {
  const spoken = result.content.filter(isSpoken);
  if (spoken.every(({ text }) => text === "") && result.content.some(({ type }) => type === "tool-call")) return result;
  const said = spoken.map(({ type, text }): Said => ({ type, text }));
  const outcome = guardResponse(guardrails, { content: said }, options);
  const seen = textsOf(outcome);
  const isUntouched = outcome.ok && spoken.every(({ text }, index) => text === seen[index]);
  if (isUntouched) return { ...result, ...metadataOf(outcome, result.providerMetadata) };
  // The raw body, log probabilities and the like hold the text that must not be seen.
  const { providerMetadata: _, response: { body: _body, ...response } = {}, ...rest } = result;
  const told = { ...rest, response, ...metadataOf(outcome) };
  if (!outcome.ok) return { ...told, content: [{ type: "text", text: outcome.text }], finishReason: BLOCKED };
  let next = 0;
  const rewritten = (part: Content) => (isSpoken(part) ? { type: part.type, text: seen[next++] ?? "" } : part);
  return { ...told, content: result.content.map(rewritten) };
}

function textsOf({ response }: Outcome): readonly string[] {
  const content = response?.content ?? "";
  return typeof content === "string" ? [content] : content.map((part) => ("text" in part ? part.text : ""));
}

type Verdict = Pick<Outcome, "ok" | "violations" | "retryAdvice">;
type Metadata = NonNullable<GenerateResult["providerMetadata"]>;

/** What the host reads to ask again; present when a guardrail has something to say. */
function metadataOf({ ok, violations, retryAdvice }: Verdict, other: Metadata = {}): { providerMetadata?: Metadata } {
  if (ok && violations.length === 0) return Object.keys(other).length === 0 ? {} : { providerMetadata: other };
  const promptpack = { ok, violations, ...(retryAdvice !== undefined && { retryAdvice }) } as unknown as JSONObject;
  return { providerMetadata: { ...other, promptpack } };
}

function guardStream(source: ReadableStream<StreamPart>, parts: StreamParts): ReadableStream<StreamPart> {
  const reader = source.getReader();
  return new ReadableStream<StreamPart>({
    async pull(controller) {
      while (parts.ready.length === 0) {
        const { done, value } = await reader.read();
        if (done) parts.close();
        else parts.take(value);
        if (done || parts.isOver) {
          for (const part of parts.ready) controller.enqueue(part);
          controller.close();
          // The model's next words would be thrown away; a provider that fails to stop changes nothing.
          reader.cancel().catch(() => {});
          return;
        }
      }
      for (const part of parts.ready.splice(0)) controller.enqueue(part);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

type Delta = Extract<StreamPart, { type: "text-delta" | "reasoning-delta" }>;
type Finish = Extract<StreamPart, { type: "finish" }>;

/** Text in the queue of which `left` units are not emitted yet; without a delta it only joins two kinds. */
interface Span {
  readonly type: "span";
  readonly delta: Delta | undefined;
  readonly block: number;
  left: number;
}

/**
 * Passes the parts of one stream on in their order. Text waits until the guard lets it go, and whatever comes after it
 * waits with it; tool calls, and what follows them, wait for the verdict on the whole text.
 */
class StreamParts {
  /** Parts that may leave now. */
  readonly ready: StreamPart[] = [];
  /** True after a block: what the model still says is of no use. */
  isOver = false;
  readonly #guardrails: Guardrails;
  readonly #options: GuardOptions;
  readonly #guard: ReturnType<typeof createStreamGuard>;
  /** A guard that rewrites lets texts go whose lengths do not say whose they are: only the first block streams. */
  readonly #rewrites: boolean;
  readonly #queue: (StreamPart | Span)[] = [];
  /** Text that the guard let go and that was not emitted, because it stands behind a tool call. */
  #released = "";
  /** What each block says; its text is kept only for a guard that rewrites. */
  readonly #blocks: Said[] = [];
  #firstEmitted = 0;
  /** The block that is open at the model's side; others wait for its end, so that each is read in one piece. */
  #open: string | undefined;
  #waiting: StreamPart[] = [];
  /** What ends the block that is open at the caller's side. */
  #shown: StreamPart | undefined;
  #hasText = false;
  #hasCalls = false;
  #finish: Finish | undefined;

  constructor(guardrails: Guardrails, options: GuardOptions) {
    this.#guardrails = guardrails;
    this.#options = options;
    this.#guard = createStreamGuard(guardrails, options);
    this.#rewrites = Object.values(options.actions ?? {}).some((action) => action !== "block");
  }

  take(part: StreamPart): void {
    if (this.isOver) return;
    const kind = part.type.startsWith("text-") ? "text" : part.type.startsWith("reasoning-") ? "reasoning" : undefined;
    if (part.type === "finish") this.#finish = part;
    else if (kind !== undefined && "id" in part) this.#takeSpoken(part, kind, `${kind} ${part.id}`);
    // A raw chunk holds the model's words before anyone has checked them.
    else if (part.type !== "raw") {
      this.#hasCalls ||= part.type === "tool-call";
      this.#queue.push(part);
      this.#flush();
    }
  }

  /** Ends the stream: gives the verdict on the whole text, then whatever waited. */
  close(): void {
    this.#open = undefined;
    for (const part of this.#waiting.splice(0)) this.take(part);
    if (this.isOver) return;
    const { ok, text, message = "", guarded } = this.#guard.end();
    const isUnchecked = !this.#hasText && this.#hasCalls;
    if (!ok && !isUnchecked) return this.#stop(message, guarded);
    this.#released += this.#rewrites ? this.#rewriteQueue() : text;
    this.#flush({ isSettled: true });
    if (this.#finish === undefined) return;
    const { providerMetadata, ...finish } = this.#finish;
    const told = isUnchecked || guarded === undefined ? { ok: true, violations: [] } : guarded;
    this.ready.push({ ...finish, ...metadataOf(told, this.#rewrites ? {} : providerMetadata) });
  }

  #takeSpoken(part: StreamPart, kind: Said["type"], key: string): void {
    if (this.#open !== undefined && this.#open !== key) return void this.#waiting.push(part);
    if (this.#open === undefined) this.#enter(kind, key);
    if ("delta" in part && part.delta !== "") return this.#push(part.delta, part as Delta);
    this.#queue.push(part);
    this.#flush();
    if (!part.type.endsWith("-end")) return;
    this.#open = undefined;
    for (const waiting of this.#waiting.splice(0)) this.take(waiting);
  }

  /** Texts of one kind are one text; a line break joins different kinds, as guardResponse has it. */
  #enter(kind: Said["type"], key: string): void {
    const before = this.#blocks.at(-1);
    this.#open = key;
    this.#blocks.push({ type: kind, text: "" });
    if (before !== undefined && before.type !== kind) this.#push("\n");
  }

  #push(text: string, delta?: Delta): void {
    const step = this.#guard.push(text);
    if (!step.ok) return this.#stop(step.message ?? "", this.#guard.end().guarded);
    const block = this.#blocks.length - 1;
    if (delta !== undefined) this.#hasText = true;
    if (this.#rewrites) {
      const said = this.#blocks[block];
      if (said !== undefined && delta !== undefined) this.#blocks[block] = { ...said, text: said.text + text };
      if (block === 0 && delta !== undefined && step.text !== "") {
        this.#firstEmitted += step.text.length;
        this.#show({ ...delta, delta: step.text });
      }
    } else if (delta !== undefined && step.text === text && this.#queue.length === 0) return this.#show(delta);
    else this.#released += step.text;
    this.#queue.push({ type: "span", delta, block, left: text.length });
    this.#flush();
  }

  /** Emits what the guard let go, and the parts that waited for it. */
  #flush({ isSettled = false } = {}): void {
    for (let part = this.#queue[0]; part !== undefined; part = this.#queue[0]) {
      if (part.type === "span") {
        const text = this.#released.slice(0, part.left);
        this.#released = this.#released.slice(text.length);
        if (part.delta !== undefined && text !== "") this.#show({ ...part.delta, delta: text });
        part.left -= text.length;
        if (part.left > 0) return;
      } else if (isOwnCall(part) && !isSettled) return;
      else this.#show(part);
      this.#queue.shift();
    }
  }

  /** Returns what is left of the rewritten blocks, and sets the spans to it: the first one of a block takes all. */
  #rewriteQueue(): string {
    const texts = textsOf(guardResponse(this.#guardrails, { content: this.#blocks }, this.#options));
    const left = texts.map((text, block) => (block === 0 ? text.slice(this.#firstEmitted) : text));
    let all = "";
    for (const span of this.#queue) {
      if (span.type !== "span") continue;
      const text = span.delta === undefined ? "" : (left[span.block] ?? "");
      if (span.delta !== undefined) left[span.block] = "";
      span.left = text.length;
      all += text;
    }
    return all;
  }

  #stop(message: string, outcome: Verdict | undefined): void {
    this.isOver = true;
    if (this.#shown !== undefined) this.ready.push(this.#shown);
    const id = "promptpack-guardrail";
    const usage = this.#finish?.usage ?? UNKNOWN_USAGE;
    this.ready.push({ type: "text-start", id }, { type: "text-delta", id, delta: message }, { type: "text-end", id });
    this.ready.push({ type: "finish", finishReason: BLOCKED, usage, ...(outcome && metadataOf(outcome)) });
  }

  #show(part: StreamPart): void {
    if (part.type === "text-start") this.#shown = { type: "text-end", id: part.id };
    else if (part.type === "reasoning-start") this.#shown = { type: "reasoning-end", id: part.id };
    else if (part.type === "text-end" || part.type === "reasoning-end") this.#shown = undefined;
    this.ready.push(part);
  }
}

/** A model that was stopped does not say what it has used. */
const UNKNOWN_USAGE: Finish["usage"] = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

/** What the provider runs by itself has run already. */
function isOwnCall(part: StreamPart): boolean {
  const isRemote = "providerExecuted" in part && part.providerExecuted;
  return part.type.startsWith("tool-") && part.type !== "tool-result" && !isRemote;
}
