/**
 * What this library uses of the package `yaml` 2.x: pass the module itself (`import * as yaml from "yaml"`), or its
 * default export. It is the host's dependency, never ours.
 */
export interface YamlParser {
  /** Splits a text into tokens without recursion, so that nesting can be measured before anything recurses into it. */
  readonly Lexer: new () => { lex(source: string): Iterable<string> };
  parseAllDocuments(source: string, options: YamlOptions): readonly YamlDocument[];
  isAlias(node: unknown): boolean;
  isMap(node: unknown): boolean;
  isScalar(node: unknown): boolean;
  isSeq(node: unknown): boolean;
}

export interface YamlOptions {
  readonly version: "1.2";
  readonly schema: "core";
  readonly merge: false;
  readonly uniqueKeys: false;
  readonly prettyErrors: false;
  readonly logLevel: "silent";
}

export interface YamlDocument {
  readonly contents: unknown;
  readonly errors: readonly { readonly code: string; readonly pos: readonly [start: number, end: number] }[];
  readonly directives?: { readonly yaml: { readonly version: string } } | undefined;
}

/** A node of that package's tree, with the fields that its kind has. */
export interface YamlNode {
  /** Start, end of the value, end with what belongs to it. */
  readonly range?: readonly [start: number, valueEnd: number, nodeEnd: number] | null;
  readonly tag?: string;
  readonly anchor?: string;
  readonly items?: readonly unknown[];
  readonly source?: string;
  readonly type?: string;
  readonly value?: unknown;
}

export interface YamlPair {
  readonly key: YamlNode | null;
  readonly value: YamlNode | null;
}
