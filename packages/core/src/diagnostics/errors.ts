import type { JsonObject } from "../json/json.ts";
import type { DiagnosticCode } from "./codes.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { formatPlace } from "./format-diagnostics.ts";
import { maskSecrets } from "./mask-secrets.ts";

/**
 * The base of every error that this library throws about foreign data; a programmer's mistake is a TypeError.
 * `isInstance` works across duplicate installs of this package, where `instanceof` does not.
 */
export class PromptPackError<Code extends string = DiagnosticCode> extends Error {
  /** The code of the first error among the diagnostics. */
  readonly code: Code;
  /** Every finding, in the order of the text where there is one. Never empty. */
  readonly diagnostics: readonly Diagnostic<Code>[];

  constructor(diagnostics: readonly Diagnostic<Code>[], options?: ErrorOptions) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const first = errors[0] ?? diagnostics[0];
    if (first === undefined) throw new TypeError("a PromptPackError needs at least one diagnostic");
    super(maskSecrets(summarize(first, errors.length)), options);
    this.name = new.target.name;
    this.code = first.code;
    this.diagnostics = diagnostics;
    mark(this, "PromptPackError");
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: inspectError });
  }

  /** What a log gets: the members of the error, with pointers and file names masked like everything else. */
  toJSON(): object {
    return Object.assign({}, this, { diagnostics: this.diagnostics.map(maskPlaces) });
  }

  static isInstance(this: void, value: unknown): value is PromptPackError<string> {
    return isMarked(value, "PromptPackError");
  }
}

/** The pack is at fault: fix the pack. Carries every diagnostic, not just the first. */
export class PackError extends PromptPackError {
  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics, options);
    mark(this, "PackError");
  }

  static override isInstance(this: void, value: unknown): value is PackError {
    return isMarked(value, "PackError");
  }
}

/** What the caller passed is at fault: fix the variables, the media or the tool arguments. */
export class InputError extends PromptPackError {
  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics, options);
    mark(this, "InputError");
  }

  static override isInstance(this: void, value: unknown): value is InputError {
    return isMarked(value, "InputError");
  }
}

/** What one guardrail said about a response. It never holds the text that was checked. */
export interface GuardrailVerdict {
  readonly type: string;
  readonly id?: string;
  /** Place in the list of guardrails. */
  readonly index: number;
  /** `unchecked`: it could not run, which is never a pass. */
  readonly status: "passed" | "violated" | "unchecked";
  /** Whether it stops the response under the chosen enforcement. */
  readonly blocks: boolean;
  /** What was found and what is allowed; absent when it passed. */
  readonly message?: string;
  /** Counts, limits, indexes and kinds. */
  readonly details?: JsonObject;
}

/** A response broke a guardrail: fall back, ask again or escalate. Carries the verdicts, never the text. */
export class GuardrailError extends PromptPackError {
  readonly verdicts: readonly GuardrailVerdict[];

  constructor(diagnostics: readonly Diagnostic[], verdicts: readonly GuardrailVerdict[], options?: ErrorOptions) {
    super(diagnostics, options);
    this.verdicts = verdicts;
    mark(this, "GuardrailError");
  }

  static override isInstance(this: void, value: unknown): value is GuardrailError {
    return isMarked(value, "GuardrailError");
  }
}

/** Adds the mark that `isMarked` looks for; for subclasses in this and other packages. */
export function mark(error: PromptPackError<string>, className: string): void {
  Object.defineProperty(error, symbolOf(className), { value: true });
}

/** Returns whether the value is an error that carries the mark of the class. */
export function isMarked(value: unknown, className: string): boolean {
  return value instanceof Error && Object.hasOwn(value, symbolOf(className));
}

/** What `console.log` shows in Node, Deno and Bun: the stack, the members as in JSON, and the cause. */
function inspectError(
  this: PromptPackError<string>,
  _depth: number,
  options: object,
  inspect: (value: object, options: object) => string,
): string {
  const cause = this.cause === undefined ? {} : { cause: this.cause };
  return `${maskSecrets(this.stack ?? this.message)} ${inspect({ ...this.toJSON(), ...cause }, options)}`;
}

function maskPlaces(diagnostic: Diagnostic<string>): Diagnostic<string> {
  const { related, ...own } = maskPlace(diagnostic);
  return related === undefined ? own : { ...own, related: related.map(maskPlace) };
}

function maskPlace<Place extends { readonly pointer: string; readonly span?: Span; readonly message: string }>(
  place: Place,
): Place {
  const { pointer, span, message } = place;
  const file = span?.file === undefined ? {} : { span: { ...span, file: maskSecrets(span.file) } };
  return { ...place, ...file, pointer: maskSecrets(pointer), message: maskSecrets(message) };
}

const symbolOf = (className: string): symbol => Symbol.for(`promptpack.${className}`);

function summarize(first: Diagnostic<string>, errors: number): string {
  const place = first.span === undefined ? first.pointer : formatPlace(first.span);
  const hint = first.hint === undefined ? "" : ` (${first.hint})`;
  const more = errors > 1 ? ` (and ${errors - 1} more)` : "";
  return `${place === "" ? "" : `${place} `}${first.code}: ${first.message}${hint}${more}`;
}
