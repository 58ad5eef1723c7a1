import type { DiagnosticCode, Layer, Severity } from "./codes.ts";

/** A place in a text. `offset` counts UTF-16 code units from 0; `line` and `column` count from 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** The characters from `start` up to, not including, `end`. */
export interface Span {
  readonly file?: string;
  readonly start: Position;
  readonly end: Position;
}

/** A part of one decoded string, in UTF-16 code units from its start; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Another place that belongs to a finding, such as the first of two duplicates. */
export interface RelatedPlace {
  readonly pointer: string;
  readonly span?: Span;
  readonly message: string;
}

/** One finding about a pack or an input. Other packages have codes of their own. */
export interface Diagnostic<Code extends string = DiagnosticCode> {
  readonly code: Code;
  readonly severity: Severity;
  readonly layer: Layer;
  /** What was found, and what was expected or exists. Never a secret value. */
  readonly message: string;
  /** RFC 6901 pointer into the pack or the input; "" is the whole of it. */
  readonly pointer: string;
  /** Present for every finding about a parsed text, even inside a template inside a JSON string. */
  readonly span?: Span;
  /** What to do about it; present only when that is sure. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}
