import type {
  JSONObject,
  LanguageModelV3Content as Content,
  LanguageModelV3GenerateResult as GenerateResult,
  LanguageModelV3Middleware as Middleware,
  LanguageModelV3StreamPart as StreamPart,
} from "@ai-sdk/provider";
import type { LanguageModelMiddleware } from "ai";
import { type ContentPart, createAnswerGuard, guardResponse } from "promptpack";
import type { AnswerGuard, GuardedResponse, GuardOptions, Validator } from "promptpack/types";

type Guardrails = readonly Validator[] | undefined;
type Said = Exclude<ContentPart, { media: unknown } | { type: "refusal" }>;

/**
 * Returns the guardrails of a prompt as middleware for `wrapLanguageModel`. A blocked reply becomes the guardrail's
 * message with finish reason "content-filter" and loses its tool calls; while streaming, no character that a blocking
 * verdict covers is ever emitted. Verdicts and advice for a retry are in `providerMetadata.promptpack`.
 * A reply of tool calls without any text is not checked. Source: SPEC 4.4, RULINGS 19-23, R097.
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function guardrailMiddleware(guardrails: Guardrails, options: GuardOptions = {}): LanguageModelMiddleware {
  // Frozen, they are compiled once.
  const own = Object.freeze([...(guardrails ?? [])]);
  const isGuarded = guardResponse(own, "", options).verdicts.length > 0;
  const middleware: Middleware = {
    specificationVersion: "v3",
    ...(isGuarded && {
      wrapGenerate: async ({ doGenerate }) => guardResult(await doGenerate(), own, options),
      wrapStream: async ({ doStream }) => {
        const { stream, ...rest } = await doStream();
        return { ...rest, stream: guardStream(stream, own, options) };
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

function textsOf({ response }: GuardedResponse): readonly string[] {
  const content = response?.content ?? "";
  return typeof content === "string" ? [content] : content.map((part) => ("text" in part ? part.text : ""));
}

type Verdict = Pick<GuardedResponse, "ok" | "violations" | "retryAdvice">;
type Metadata = NonNullable<GenerateResult["providerMetadata"]>;

/** What the host reads to ask again; present when a guardrail has something to say. */
function metadataOf({ ok, violations, retryAdvice }: Verdict, other: Metadata = {}): { providerMetadata?: Metadata } {
  if (ok && violations.length === 0) return Object.keys(other).length === 0 ? {} : { providerMetadata: other };
  const promptpack = { ok, violations, ...(retryAdvice !== undefined && { retryAdvice }) } as unknown as JSONObject;
  return { providerMetadata: { ...other, promptpack } };
}

function guardStream(source: ReadableStream<StreamPart>, guardrails: Guardrails, options: GuardOptions) {
  const reader = source.getReader();
  let parts: StreamParts;
  return new ReadableStream<StreamPart>({
    start: (controller) => void (parts = new StreamParts(createAnswerGuard(guardrails, options), controller)),
    async pull(controller) {
      // One pull serves a reader who is waiting for as long as it waits.
      while ((controller.desiredSize ?? 0) > 0) {
        const { done, value } = await reader.read();
        if (done) parts.close();
        else parts.take(value);
        if (!done && !parts.isOver) continue;
        controller.close();
        // The model's next words would be thrown away; a provider that fails to stop changes nothing.
        reader.cancel().catch(() => {});
        return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

type Delta = Extract<StreamPart, { type: "text-delta" | "reasoning-delta" }>;
type Finish = Extract<StreamPart, { type: "finish" }>;

/** A text of the model; its pieces leave in the form of its latest delta. */
interface Block {
  readonly kind: "text" | "reasoning";
  latest: Delta;
}

type Out = Pick<ReadableStreamDefaultController<StreamPart>, "enqueue">;
type Guard = AnswerGuard<Block | StreamPart>;
type SpokenPart = Extract<StreamPart, { type: `${Block["kind"]}-${string}` }>;

/**
 * Passes the parts of one stream on in their order. Text waits until the guard lets it go, and whatever comes after it
 * waits with it; tool calls, and what follows them, wait for the verdict on the whole text.
 */
class StreamParts {
  /** True after a block: what the model still says is of no use. */
  isOver = false;
  readonly #guard: Guard;
  readonly #out: Out;
  /** The block that is open at the model's side; others wait for its end, so that each is read in one piece. */
  #block: Block | undefined;
  readonly #waiting: StreamPart[] = [];
  /** What ends the block that is open at the caller's side. */
  #shown: StreamPart | undefined;
  /** From the first tool call on. */
  #held: StreamPart[] | undefined;
  #hasCalls = false;
  #finish: Finish | undefined;

  constructor(guard: Guard, out: Out) {
    this.#guard = guard;
    this.#out = out;
  }

  take(part: StreamPart): void {
    // A raw chunk holds the model's words before anyone has checked them.
    if (this.isOver || part.type === "raw") return;
    switch (part.type) {
      case "text-start":
      case "text-delta":
      case "text-end":
        return this.#takeSpoken(part, "text");
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        return this.#takeSpoken(part, "reasoning");
      case "finish":
        return void (this.#finish = part);
      default:
        this.#hasCalls ||= part.type === "tool-call";
        this.#emit(this.#guard.pass(part));
    }
  }

  /** Ends the stream: gives the verdict on the whole text, then whatever waited. */
  close(): void {
    do this.#endBlock();
    while (this.#waiting.length > 0);
    if (this.isOver) return;
    const { ok, pieces, message, guarded, isRewritten } = this.#guard.end({ callsTools: this.#hasCalls });
    if (!ok) return this.#stop(message, guarded);
    this.#emit({ ok: true, pieces });
    for (const part of this.#held ?? []) this.#out.enqueue(part);
    if (this.#finish === undefined) return;
    if (guarded.violations.length === 0 && !isRewritten) return this.#out.enqueue(this.#finish);
    const { providerMetadata, ...finish } = this.#finish;
    this.#out.enqueue({ ...finish, ...metadataOf(guarded, isRewritten ? {} : providerMetadata) });
  }

  #takeSpoken(part: SpokenPart, kind: Block["kind"]): void {
    const block = (this.#block ??= { kind, latest: { type: `${kind}-delta`, id: part.id, delta: "" } });
    if (block.latest.id !== part.id || block.kind !== kind) return void this.#waiting.push(part);
    if ("delta" in part && part.delta !== "") {
      block.latest = part;
      return this.#emit(this.#guard.push(block, kind, part.delta));
    }
    this.#emit(this.#guard.pass(part));
    if (part.type === "text-end" || part.type === "reasoning-end") this.#endBlock();
  }

  #endBlock(): void {
    this.#block = undefined;
    for (const part of this.#waiting.splice(0)) this.take(part);
  }

  #emit(step: ReturnType<Guard["push"]>): void {
    if (!step.ok) return this.#stop(step.message, this.#guard.end().guarded);
    for (const { place, text } of step.pieces) {
      if ("type" in place) this.#show(place);
      else this.#leave(place.latest.delta === text ? place.latest : { ...place.latest, delta: text });
    }
  }

  #leave(part: StreamPart): void {
    if (this.#held === undefined) this.#out.enqueue(part);
    else this.#held.push(part);
  }

  #show(part: StreamPart): void {
    if (isOwnCall(part)) this.#held ??= [];
    this.#leave(part);
    if (this.#held !== undefined) return;
    if (part.type === "text-start") this.#shown = { type: "text-end", id: part.id };
    else if (part.type === "reasoning-start") this.#shown = { type: "reasoning-end", id: part.id };
    else if (part.type === "text-end" || part.type === "reasoning-end") this.#shown = undefined;
  }

  #stop(message: string | undefined, outcome: Verdict): void {
    this.isOver = true;
    if (this.#shown !== undefined) this.#out.enqueue(this.#shown);
    const id = "promptpack-guardrail";
    const usage = this.#finish?.usage ?? UNKNOWN_USAGE;
    this.#out.enqueue({ type: "text-start", id });
    this.#out.enqueue({ type: "text-delta", id, delta: message ?? "" });
    this.#out.enqueue({ type: "text-end", id });
    this.#out.enqueue({ type: "finish", finishReason: BLOCKED, usage, ...metadataOf(outcome) });
  }
}

/** A model that was stopped does not say what it has used. */
const UNKNOWN_USAGE: Finish["usage"] = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

/** What the provider runs by itself has run already. */
function isOwnCall(part: StreamPart): boolean {
  if (!part.type.startsWith("tool-") || part.type === "tool-result") return false;
  return !("providerExecuted" in part && part.providerExecuted);
}
