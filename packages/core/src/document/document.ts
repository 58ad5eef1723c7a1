import type { Diagnostic, Span, TextRange } from "../diagnostics/diagnostic.ts";
import type { JsonValue } from "../json/json.ts";

/** A JSON text, its value, and where in the text every value stands. */
export interface Document {
  readonly text: string;
  readonly file?: string;
  /** Undefined when the text is not JSON, or breaks a rule so that its value would be a guess. Deeply frozen. */
  readonly data: JsonValue | undefined;
  /** What is wrong with the text itself; never thrown. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Returns where the value at a pointer stands: its key with `atKey`, a part of the decoded string with `range`.
   * A pointer to a missing member yields the place of the object that misses it. Undefined when there is no text.
   */
  locate(pointer: string, at?: { readonly atKey?: boolean; readonly range?: TextRange | undefined }): Span | undefined;
}

/** Where one value stands in the text, in UTF-16 offsets. */
export interface TextNode {
  readonly start: number;
  readonly end: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly members: Map<string, TextNode> | undefined;
  readonly items: TextNode[] | undefined;
}
