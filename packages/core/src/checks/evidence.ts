import type { JsonObject, JsonValue } from "../json/json.ts";
import { foldText, isAscii } from "./words/fold-text.ts";

/** One tool call of the turn or session, in order. */
export interface ToolCallRecord {
  readonly name: string;
  readonly arguments?: JsonObject;
  /** The text that the tool answered. */
  readonly result?: string;
  /** True when the call was refused or failed. */
  readonly isError?: boolean;
  /** Media types in the tool's answer. */
  readonly media?: readonly string[];
}

/** What is known about one medium of an answer or a tool's result. */
export interface MediaRecord {
  readonly mime_type: string;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
}

/** What a check may look at. Only `text` is needed for checks of texts. */
export interface Evidence {
  /** The text under test: the last answer. */
  readonly text: string;
  /** The answer without reasoning, where that differs; checks of JSON read it. */
  readonly answer?: string;
  /** The value of a structured answer. */
  readonly output?: JsonValue;
  readonly toolCalls?: readonly ToolCallRecord[];
  readonly variables?: { readonly [name: string]: JsonValue };
  readonly sessionId?: string;
  /** Index of the turn, from 0. */
  readonly turn?: number;
  /** The current workflow state, every state entered so far in order, and those whose prompt produced text. */
  readonly state?: string;
  readonly states?: readonly string[];
  readonly spokeIn?: readonly string[];
  readonly complete?: boolean;
  readonly agents?: readonly string[];
  readonly skills?: readonly string[];
  /** Guardrails that ran: their types and whether they were violated. */
  readonly guardrails?: readonly { readonly type: string; readonly violated: boolean }[];
  readonly media?: readonly MediaRecord[];
  readonly latencyMs?: number;
  readonly costUsd?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** Evidence with what several checks share, made when the first of them asks. */
export class Subject {
  readonly evidence: Evidence;
  #ascii: boolean | undefined;
  #folded: string | undefined;
  #json: { readonly value: JsonValue | undefined } | undefined;

  constructor(evidence: Evidence) {
    this.evidence = evidence;
  }

  get text(): string {
    return this.evidence.text;
  }

  get isAscii(): boolean {
    return (this.#ascii ??= isAscii(this.evidence.text));
  }

  /** The text as words are compared. */
  get folded(): string {
    return (this.#folded ??= this.isAscii ? this.evidence.text.toLowerCase() : foldText(this.evidence.text));
  }

  /** The value of the structured answer or of the answer's text; undefined when it is not JSON. */
  get json(): JsonValue | undefined {
    this.#json ??= { value: this.evidence.output ?? readJson(this.evidence.answer ?? this.evidence.text) };
    return this.#json.value;
  }
}

/** Returns the value of a JSON text, or undefined. */
export function readJson(text: string): JsonValue | undefined {
  // hostile: most answers are prose, and a thrown SyntaxError costs more than a look at the first character
  if (!/^[\s]{0,64}[[{"\-0-9tfn]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
