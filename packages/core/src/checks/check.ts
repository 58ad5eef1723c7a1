import type { JsonObject, JsonValue } from "../json/json.ts";
import type { TextRange } from "../diagnostics/diagnostic.ts";
import type { Subject } from "./evidence.ts";

/** The result of one measurement. It never holds the text that was looked for or found. */
export interface Measurement {
  /** 0 to 1; undefined when nothing could be measured. */
  readonly score?: number;
  /** One sentence that may be shown: what was found and what was expected. */
  readonly explanation?: string;
  /** Counts, limits, indexes and names of kinds. */
  readonly details?: JsonObject;
}

/** One measurement with its parameters bound. */
export interface Check {
  readonly measure: (subject: Subject) => Measurement;
  /**
   * The same measurement of a text that comes in pieces; absent where the whole text is needed.
   * With `all`, a check that can point at its faults goes on after the first and lists them in `ranges`.
   */
  open?(all?: boolean): CheckScan;
}

/** A measurement under way. */
export interface CheckScan {
  /** Takes the next piece; returns how many code units from the start of the text can no longer become part of a fault. */
  push(delta: string): number;
  /** Ends the text; returns exactly what `measure` returns for all of it. */
  end(): Measurement;
  /** True as soon as the score is sure to be below 1. */
  readonly failed: boolean;
  /** Faults found so far; a later one never starts before what was settled. */
  readonly ranges?: readonly TextRange[];
}

export type Params = { readonly [name: string]: JsonValue };

/** What the host adds to checks that cannot know it. */
export interface CheckOptions {
  /** Counts tokens; without it one token is four characters. */
  readonly countTokens?: (text: string) => number;
  /** More kinds of personal data: a region's numbers, for instance. */
  readonly piiDetectors?: readonly PiiDetector[];
}

/** A kind of personal data. A match never spans a line break. */
export interface PiiDetector {
  readonly kind: string;
  /** Returns the places of one line where the kind occurs. */
  readonly find: (line: string) => readonly TextRange[];
}

/** Makes a measurement of the parameters, under their own names and of their kinds. */
export type BindCheck = (params: Params, options: CheckOptions) => Check;

export const PASSED: Measurement = { score: 1 };

/** Returns the share of things that hold, as a measurement. */
export function share(held: number, all: number, explanation: string, details: JsonObject = {}): Measurement {
  if (held >= all) return PASSED;
  return { score: all === 0 ? 0 : held / all, explanation, details: { ...details, held, all } };
}

/** Returns 1 or 0 with the reason. */
export function verdict(holds: boolean, explanation: string, details?: JsonObject): Measurement {
  return holds ? PASSED : { score: 0, explanation, ...(details === undefined ? {} : { details }) };
}

/** Returns what is said about a number of things that is not within its limit. */
export function beyond(found: number, limit: number, unit: string): Measurement {
  const over = found > limit;
  return {
    score: over ? limit / found : found / limit,
    explanation: `it has ${found} ${unit}; at ${over ? `most ${limit} are allowed` : `least ${limit} are needed`}`,
    details: { [unit]: found, limit },
  };
}

/** Makes a check of the whole evidence. */
export const whole = (measure: (subject: Subject) => Measurement): Check => ({ measure });
