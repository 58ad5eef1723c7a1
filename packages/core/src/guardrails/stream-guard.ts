import type { CheckScan } from "../checks/check.ts";
import { Subject } from "../checks/evidence.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import { blockMessage, type GuardOutcome, replacementOf, rewrites, summarize } from "./guard-response.ts";
import { compileGuardrails, type Guardrail, type GuardOptions, judge } from "./guardrail.ts";
import { Redaction } from "./redaction.ts";

/** What the caller of a stream may do after one piece. */
export interface GuardStep {
  /** False as soon as a guardrail blocks; then nothing more is emitted. */
  readonly ok: boolean;
  /** The text that may be emitted now; it may be empty, or hold what earlier pieces held back. */
  readonly text: string;
  /** The message of the guardrail that blocks, once. */
  readonly message?: string;
  /** After `end`: what guardResponse says about the whole text. */
  readonly guarded?: GuardOutcome;
}

export interface StreamGuard {
  /** Takes the next piece of the model's text. @throws {TypeError} after the end, or for what is no text */
  push(delta: string): GuardStep;
  /** Ends the text; call it once. */
  end(): GuardStep;
}

/**
 * Guards a text while it streams: emits what no guardrail can object to any more, and nothing that it does.
 * The verdict is that of guardResponse for the whole text, however it is cut. Time is linear in the text.
 * Source: RULINGS 22, R097.
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function createStreamGuard(
  guardrails: readonly Validator[] | undefined,
  options: GuardOptions = {},
): StreamGuard {
  return new Stream(new TextGuard(compileGuardrails(guardrails, options), options));
}

class Stream implements StreamGuard {
  readonly #guard: TextGuard;

  constructor(guard: TextGuard) {
    this.#guard = guard;
  }

  push(delta: string): GuardStep {
    return this.#step(this.#guard.take(delta));
  }

  end(): GuardStep {
    const { rest, guarded } = this.#guard.end();
    return { ...this.#step(rest), guarded };
  }

  #step(released: string): GuardStep {
    if (this.#guard.message === undefined) return { ok: true, text: this.#guard.show(released) };
    return { ok: false, text: "", ...this.#guard.tell() };
  }
}

/** One guardrail at work. */
interface Watch {
  readonly guardrail: Guardrail;
  readonly scan: CheckScan | undefined;
  readonly rewrites: boolean;
  taken: number;
}

/** The guardrails over one text: says how much of it may be emitted, and apart from that how it is shown. */
export class TextGuard {
  /** The message of the guardrail that blocks, from when it does. */
  message: string | undefined;
  readonly #watches: readonly Watch[];
  readonly #options: GuardOptions;
  readonly #redaction: Redaction | undefined;
  /** All pieces, kept only where a guardrail needs the whole text. */
  readonly #whole: string[] | undefined;
  /** What was not emitted, where that is short. */
  #tail = "";
  /** Else its pieces: the first is at #head, of which #offset units were emitted. */
  #held: string[] = [];
  #head = 0;
  #offset = 0;
  #emitted = 0;
  #length = 0;
  #told = false;
  /** hostile: nobody has looked at what comes after the verdict, so then no piece is taken any more. */
  #isEnded = false;

  constructor(guardrails: readonly Guardrail[], options: GuardOptions) {
    this.#options = options;
    this.#watches = guardrails.map((guardrail) => {
      const scan = guardrail.open();
      return { guardrail, scan, rewrites: rewrites(guardrail, scan), taken: 0 };
    });
    this.#redaction = this.#watches.some((watch) => watch.rewrites) ? new Redaction() : undefined;
    this.#whole = this.#watches.some(({ scan }) => scan === undefined) ? [] : undefined;
  }

  /** True when something was found that is shown in another way. */
  get isRewritten(): boolean {
    return this.#watches.some(({ taken }) => taken > 0);
  }

  /** Takes the next piece, and returns the text that may be emitted now, as the model wrote it; blocked, nothing. */
  take(delta: string): string {
    this.demandOpen(delta);
    this.#length += delta.length;
    this.#whole?.push(delta);
    let settled = this.#length;
    const watches = this.#watches;
    for (let index = 0; index < watches.length; index++) {
      const watch = watches[index] as Watch;
      const { scan, guardrail } = watch;
      const most = scan === undefined ? 0 : scan.push(delta);
      if (!guardrail.enforced) continue;
      if (most < settled && !(watch.rewrites && guardrail.action === "truncate")) settled = most;
      if (watch.rewrites) this.#takeRanges(watch);
      else if (scan !== undefined && scan.failed) this.message ??= guardrail.message;
    }
    if (this.message !== undefined) return this.#drop();
    // A pair of surrogates is emitted whole.
    if (settled === this.#length && isHigh(delta.charCodeAt(delta.length - 1))) settled--;
    return this.#release(delta, settled);
  }

  /** @throws {TypeError} after the end, or for a piece that is no text */
  demandOpen(delta: string): void {
    if (typeof delta !== "string") throw new TypeError("a piece of an answer is a text");
    if (this.#isEnded) throw new TypeError("the guard has ended; each answer needs its own");
  }

  /** Takes no piece any more. */
  close(): void {
    this.#isEnded = true;
  }

  /** Ends the text; `answer` is what checks of JSON read, where that is less. Returns the rest, as `take` does. */
  end(answer?: string): { readonly rest: string; readonly guarded: GuardOutcome } {
    this.close();
    const subject = new Subject({ text: this.#whole?.join("") ?? "", ...(answer !== undefined && { answer }) });
    const verdicts = this.#watches.map((watch) => {
      const measurement = watch.scan === undefined ? watch.guardrail.measure(subject) : watch.scan.end();
      if (watch.rewrites) this.#takeRanges(watch);
      return judge(watch.guardrail, measurement, watch.rewrites);
    });
    this.message = blockMessage(
      this.#watches.map(({ guardrail }) => guardrail),
      verdicts,
    );
    const rest = this.message === undefined ? this.#release("", this.#length) : this.#drop();
    return { rest, guarded: summarize(verdicts) };
  }

  /** Returns the message of the guardrail that blocks, the first time. */
  tell(): { readonly message?: string } {
    const told = this.#told;
    this.#told = true;
    return told ? {} : { message: this.message as string };
  }

  /** Returns the next of the emitted text as it may be seen. */
  show(released: string): string {
    return this.#redaction === undefined ? released : this.#redaction.copy(released);
  }

  #drop(): string {
    this.#held = [];
    this.#tail = "";
    return "";
  }

  #takeRanges(watch: Watch): void {
    const ranges = watch.scan?.ranges ?? [];
    if (ranges.length === watch.taken) return;
    this.#redaction?.add(ranges.slice(watch.taken), replacementOf(watch.guardrail, this.#options));
    watch.taken = ranges.length;
  }

  /** Returns the text from what was emitted up to an offset. */
  #release(delta: string, settled: number): string {
    const count = Math.max(0, settled - this.#emitted);
    this.#emitted += count;
    if (this.#held.length > 0) return this.#drain(delta, count);
    const tail = this.#tail;
    const taken = count - tail.length;
    if (taken === delta.length) {
      this.#tail = "";
      return tail + delta;
    }
    if (taken >= 0) {
      this.#tail = delta.slice(taken);
      return tail + delta.slice(0, taken);
    }
    if (tail.length + delta.length > SHORT) {
      this.#held.push(tail);
      this.#tail = "";
      return this.#drain(delta, count);
    }
    this.#tail = tail.slice(count) + delta;
    return tail.slice(0, count);
  }

  /** Takes so many units from the pieces; each unit is moved once, however long they wait. */
  #drain(delta: string, wanted: number): string {
    const held = this.#held;
    held.push(delta);
    let text = "";
    let count = wanted;
    for (; this.#head < held.length; this.#head++) {
      const piece = held[this.#head] as string;
      const left = piece.length - this.#offset;
      if (count < left) {
        text += piece.slice(this.#offset, this.#offset + count);
        this.#offset += count;
        if (this.#head * 2 > held.length) {
          held.splice(0, this.#head);
          this.#head = 0;
        }
        return text;
      }
      text += piece.slice(this.#offset);
      this.#offset = 0;
      count -= left;
    }
    this.#held = [];
    this.#head = 0;
    return text;
  }
}

/** Up to here, copying what waits costs less than keeping it in pieces. */
const SHORT = 512;

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
