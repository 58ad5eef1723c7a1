import type { ContentPart } from "../messages/message.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import { type GuardOutcome, guardResponse, summarize } from "./guard-response.ts";
import { compileGuardrails, type GuardOptions } from "./guardrail.ts";
import { TextGuard } from "./stream-guard.ts";

/** The kinds of text that reach the caller. */
export type AnswerKind = "text" | "reasoning" | "refusal";

/** Some text, and the place that it belongs to; without text, the place of what was put in with `pass`. */
export interface AnswerPiece<Place> {
  readonly place: Place;
  readonly text: string;
}

/** What the caller of a stream may do after one piece. */
export interface AnswerStep<Place> {
  /** False as soon as a guardrail blocks; then nothing more is emitted. */
  readonly ok: boolean;
  /** What may be emitted now, in order; it may be empty, or hold what earlier steps held back. */
  readonly pieces: readonly AnswerPiece<Place>[];
  /** The message of the guardrail that blocks, at the first step that is not `ok` and at the end. */
  readonly message?: string;
}

export interface AnswerEnd<Place> extends AnswerStep<Place> {
  /** What guardResponse says about the whole answer. */
  readonly guarded: GuardOutcome;
  /** True when some text is not as the model wrote it: whatever else may repeat that text must not be shown. */
  readonly isRewritten: boolean;
}

/** What an answer has beside the texts that were pushed. */
export interface AnswerRest {
  /** Texts that count as answer and are never emitted, as the arguments of a call that is structured output. */
  readonly unseen?: readonly string[];
  /** An answer that only calls tools says nothing that could be checked: without a text it passes. */
  readonly callsTools?: boolean;
}

/** Guards an answer of several parts while it streams. A place is any value of the caller, compared by identity. */
export interface AnswerGuard<Place> {
  /**
   * Takes the next text. Texts that follow one another in one place are one part; a place holds one kind of text.
   * @throws {TypeError} after the end
   */
  push(place: Place, kind: AnswerKind, text: string): AnswerStep<Place>;
  /** Takes something without text, as a tool call: its place comes back when all text before it may be emitted. */
  pass(place: Place): AnswerStep<Place>;
  /** Ends the answer; call it once. */
  end(rest?: AnswerRest): AnswerEnd<Place>;
}

/**
 * Guards an answer of texts of several kinds in several places, as createStreamGuard does one text: the pieces of a place
 * joined are that part of what guardResponse says about the whole, however the answer is cut, and no character that a
 * blocking verdict covers is ever emitted.
 *
 * hostile: a model that comes back to a place after text elsewhere may hide a word in the two halves. From there on all
 * waits for the end; then the halves are read as one part, and every violation blocks, because it is too late to rewrite.
 * Source: RULINGS 22, R097.
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function createAnswerGuard<Place>(
  guardrails: readonly Validator[] | undefined,
  options: GuardOptions = {},
): AnswerGuard<Place> {
  return new Answer(guardrails, options);
}

interface Part<Place> {
  /** Undefined for what is no text of the model: a mark, and the line break between two kinds. */
  readonly type: AnswerKind | undefined;
  readonly place: Place;
  readonly isSeen: boolean;
  text: string;
  /** How much of the text was emitted, in units of what the model wrote. */
  emitted: number;
}

class Answer<Place> implements AnswerGuard<Place> {
  readonly #guardrails: readonly Validator[] | undefined;
  readonly #options: GuardOptions;
  readonly #guard: TextGuard;
  /** In order; those before #next are all emitted. */
  readonly #parts: Part<Place>[] = [];
  #next = 0;
  readonly #byPlace = new Map<Place, Part<Place>>();
  #last: Part<Place> | undefined;
  #isTorn = false;

  constructor(guardrails: readonly Validator[] | undefined, options: GuardOptions) {
    this.#guardrails = guardrails;
    this.#options = options;
    this.#guard = new TextGuard(compileGuardrails(guardrails, options), options);
  }

  push(place: Place, kind: AnswerKind, text: string): AnswerStep<Place> {
    this.#guard.demandOpen(text);
    if (text === "") return this.#step("");
    const known = this.#last?.place === place ? undefined : this.#byPlace.get(place);
    this.#isTorn ||= known !== undefined;
    if (!this.#isTorn) return this.#step(this.#take(place, kind, text));
    if (known !== undefined) known.text += text;
    else this.#add(place, kind, text);
    return this.#step("");
  }

  pass(place: Place): AnswerStep<Place> {
    this.#parts.push({ type: undefined, place, isSeen: true, text: "", emitted: 0 });
    return this.#step("");
  }

  end({ unseen = [], callsTools }: AnswerRest = {}): AnswerEnd<Place> {
    if (callsTools && this.#last === undefined && unseen.length === 0) {
      this.#guard.close();
      return { ok: true, pieces: this.#release(""), guarded: summarize([]), isRewritten: false };
    }
    return this.#isTorn && this.#guard.message === undefined ? this.#endTorn(unseen) : this.#endWhole(unseen);
  }

  #endWhole(unseen: readonly string[]): AnswerEnd<Place> {
    let released = "";
    for (const text of unseen) if (text !== "") released += this.#take(undefined as Place, "text", text, false);
    const spoken = this.#parts.filter(({ type }) => type !== undefined);
    const answer = spoken.filter(({ type }) => type === "text");
    const { rest, guarded } = this.#guard.end(
      answer.length === spoken.length ? undefined : answer.map(({ text }) => text).join(""),
    );
    const { message, isRewritten } = this.#guard;
    if (message !== undefined) return { ok: false, pieces: [], message, guarded, isRewritten };
    return { ok: true, pieces: this.#release(released + rest), guarded, isRewritten };
  }

  #endTorn(unseen: readonly string[]): AnswerEnd<Place> {
    this.#guard.close();
    const { actions: _, ...options } = this.#options;
    const spoken = this.#parts.filter(({ type }) => type !== undefined);
    const content = [...spoken, ...unseen.map((text) => ({ type: "text", text }))] as ContentPart[];
    const { text: message, response: _r, ...guarded } = guardResponse(this.#guardrails, { content }, options);
    if (!guarded.ok) return { ok: false, pieces: [], message, guarded, isRewritten: false };
    const pieces = this.#parts.flatMap(({ type, place, isSeen, text, emitted }, index) => {
      const isLeft = type === undefined ? index >= this.#next : emitted < text.length;
      return isSeen && isLeft ? [{ place, text: text.slice(emitted) }] : [];
    });
    return { ok: true, pieces, guarded, isRewritten: false };
  }

  #step(released: string): AnswerStep<Place> {
    if (this.#guard.message === undefined) return { ok: true, pieces: this.#isTorn ? [] : this.#release(released) };
    return { ok: false, pieces: [], ...this.#guard.tell() };
  }

  /** Puts text at the end of the answer, and returns what the guardrails release. */
  #take(place: Place, kind: AnswerKind, text: string, isSeen: boolean = true): string {
    const last = this.#last;
    if (last !== undefined && last.type !== kind) {
      this.#parts.push({ type: undefined, place, isSeen: false, text: "\n", emitted: 0 });
      this.#add(place, kind, text, isSeen);
      return this.#guard.take(`\n${text}`);
    }
    if (last !== undefined && last.place === place && isSeen && this.#parts[this.#parts.length - 1] === last)
      last.text += text;
    else this.#add(place, kind, text, isSeen);
    return this.#guard.take(text);
  }

  #add(place: Place, kind: AnswerKind, text: string, isSeen: boolean = true): void {
    this.#last = { type: kind, place, isSeen, text, emitted: 0 };
    this.#parts.push(this.#last);
    this.#byPlace.set(place, this.#last);
  }

  /** Gives what the guardrails release back to its places. */
  #release(released: string): AnswerPiece<Place>[] {
    const pieces: AnswerPiece<Place>[] = [];
    let from = 0;
    for (; this.#next < this.#parts.length; this.#next++) {
      const part = this.#parts[this.#next] as Part<Place>;
      const to = Math.min(released.length, from + part.text.length - part.emitted);
      const text = this.#guard.show(released.slice(from, to));
      part.emitted += to - from;
      from = to;
      if (part.isSeen && (text !== "" || part.type === undefined)) pieces.push({ place: part.place, text });
      // the last part may still grow
      if (part.emitted < part.text.length || (part === this.#last && this.#next === this.#parts.length - 1)) break;
    }
    return pieces;
  }
}
