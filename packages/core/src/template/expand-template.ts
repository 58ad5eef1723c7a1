import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic, TextRange } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, thereAre } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import { parseTemplate, type Tag, type TagPath } from "./parse-template.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { formatPath } from "./read-path.ts";
import type { TemplateSyntax } from "./syntax.ts";
import { MAX_OUTPUT } from "./text-of-value.ts";

/** Levels of fragments inside fragments. Source: RULINGS 8. */
export const MAX_FRAGMENT_DEPTH = 32;

/** What the names in a template may mean. */
export interface TemplateScope {
  readonly syntax: TemplateSyntax;
  readonly fragments: { readonly [name: string]: string };
  /** True for a name that is a variable even where a fragment has it too. */
  readonly isVariable: (name: string) => boolean;
}

/** A value that a template shows, once for each distinct path. */
export interface TemplateSource {
  /** True for `artifacts.name`, where `name` is the artifact's. */
  readonly artifact: boolean;
  readonly name: string;
  readonly path: TagPath | undefined;
  /** The path as it is written: `user.name`. */
  readonly text: string;
  /** The first tag, delimiters included. */
  readonly tag: string;
}

/** What is wrong with a template, at a range of its own text or of a fragment's. */
export interface TemplateFault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly range: TextRange;
  /** The fragment that the range belongs to; absent for the template itself. */
  readonly fragment: string | undefined;
  readonly hint?: string | undefined;
}

/** A template with every fragment inlined: a literal, then for each slot a source and the next literal. */
export interface TemplateProgram {
  readonly literals: readonly string[];
  /** Indexes into `sources`. */
  readonly slots: readonly number[];
  readonly sources: readonly TemplateSource[];
  /** Names of the fragments that were inlined. */
  readonly fragments: readonly string[];
  /** UTF-16 code units of all literals. */
  readonly literalLength: number;
}

/** Returns the program of a template and everything that is wrong with it. Source: SPEC 4.1, RULINGS 6-9, 13. */
export function expandTemplate(
  text: string,
  scope: TemplateScope,
): { readonly program: TemplateProgram; readonly faults: readonly TemplateFault[] } {
  const expansion = new Expansion(scope);
  expansion.write(text, undefined);
  return { program: expansion.finish(), faults: [...expansion.faults.values()] };
}

/** Faults of one template that are told. */
export const MAX_FAULTS = 100;
export const TOO_MANY_FAULTS: string = `after ${MAX_FAULTS} faults the rest is not told`;

class Expansion {
  readonly faults: Map<string, TemplateFault> = new Map();
  readonly #scope: TemplateScope;
  readonly #parsed: Map<string, readonly Tag[]> = new Map();
  readonly #open: string[] = [];
  readonly #literals: string[] = [];
  readonly #slots: number[] = [];
  readonly #sources: Map<string, TemplateSource> = new Map();
  readonly #indexes: Map<string, number> = new Map();
  #literal = "";
  #budget = MAX_OUTPUT;

  constructor(scope: TemplateScope) {
    this.#scope = scope;
  }

  write(text: string, fragment: string | undefined): void {
    // hostile: tags count too, because doubling fragments may hold nothing else
    this.#budget -= text.length;
    if (this.#budget < 0) return;
    let from = 0;
    for (const tag of this.#tagsOf(text, fragment)) {
      if (tag.kind === "unclosed") continue;
      const included = this.#fragmentOf(tag);
      if (included === undefined && (tag.kind === "empty" || tag.kind === "other")) continue;
      this.#literal += text.slice(from, tag.start);
      from = tag.end;
      if (tag.kind === "block") this.#fault("BLOCK_TAG", blockMessage(tag), tag, fragment);
      else if (included !== undefined) this.#include(included, tag, fragment);
      else this.#slot(tag, text.slice(tag.start, tag.end));
      // hostile: a template of nothing but faults; it is refused in any case
      if (this.#budget < 0 || this.faults.size >= MAX_FAULTS) return;
    }
    this.#literal += text.slice(from);
  }

  finish(): TemplateProgram {
    if (this.#budget < 0) this.#fault("OUTPUT_TOO_LARGE", tooLarge("the template"), { start: 0, end: 0 }, undefined);
    if (this.faults.size >= MAX_FAULTS) this.#fault("LIMIT_EXCEEDED", TOO_MANY_FAULTS, { start: 0, end: 0 }, undefined);
    const literals = [...this.#literals, this.#literal].map(ownText);
    return {
      literals,
      slots: this.#slots,
      sources: [...this.#sources.values()],
      fragments: [...this.#parsed.keys()],
      literalLength: literals.reduce((sum, literal) => sum + literal.length, 0),
    };
  }

  #tagsOf(text: string, fragment: string | undefined): readonly Tag[] {
    const known = fragment === undefined ? undefined : this.#parsed.get(fragment);
    const tags = known ?? parseTemplate(text, this.#scope.syntax);
    if (fragment !== undefined) this.#parsed.set(fragment, tags);
    return tags;
  }

  #fragmentOf(tag: Tag): string | undefined {
    return fragmentOf(tag, this.#scope.fragments, this.#scope.isVariable);
  }

  #include(name: string, tag: Tag, from: string | undefined): void {
    const text = getOwn(this.#scope.fragments, name);
    if (text === undefined) {
      const known = Object.keys(this.#scope.fragments);
      this.#fault("UNKNOWN_FRAGMENT", unknownFragment(name, known), tag, from, didYouMean(name, known).hint);
    } else if (this.#open.includes(name)) {
      const { code, message } = cycleFault([...this.#open.slice(this.#open.indexOf(name)), name], text, tag);
      this.#fault(code, message, tag, from);
    } else if (this.#open.length >= MAX_FRAGMENT_DEPTH) {
      this.#fault("FRAGMENT_TOO_DEEP", TOO_DEEP, tag, from);
    } else {
      this.#open.push(name);
      this.write(text, name);
      this.#open.pop();
    }
  }

  #slot(tag: Tag, written: string): void {
    const artifact = tag.kind === "artifact";
    const text = artifact ? `artifacts.${tag.name}` : formatPath(tag.name, tag.path);
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.#indexes.size;
      this.#indexes.set(text, index);
      this.#sources.set(text, { artifact, name: tag.name, path: tag.path, text, tag: written });
    }
    this.#literals.push(this.#literal);
    this.#literal = "";
    this.#slots.push(index);
  }

  #fault(code: DiagnosticCode, message: string, tag: TextRange, fragment: string | undefined, hint?: string): void {
    const key = JSON.stringify([code, fragment ?? null, tag.start]);
    if (this.faults.has(key)) return;
    const range = { start: tag.start, end: tag.end };
    this.faults.set(key, { code, message, range, fragment, hint });
  }
}

/** Returns what a fault is for a caller; the pointer is that of the template itself. */
export function diagnosticOfFault({ code, message, fragment, hint }: TemplateFault, pointer: string): Diagnostic {
  return createDiagnostic(code, fragment === undefined ? pointer : appendPointer("/fragments", fragment), message, {
    hint,
  });
}

/** Returns the text as engines keep keys: in one piece, and not as a part of the whole template, which copies slower. */
const ownText = (text: string): string => Object.keys({ [text]: true })[0] as string;

/** Returns the name of the fragment that a tag stands for, whether there is one or not. */
export function fragmentOf(
  tag: Tag,
  fragments: { readonly [name: string]: string },
  isVariable: (name: string) => boolean,
): string | undefined {
  if (tag.kind === "fragment") return tag.name;
  const bare = (tag.kind === "path" && tag.path === undefined) || tag.kind === "other";
  return bare && !isVariable(tag.name) && Object.hasOwn(fragments, tag.name) ? tag.name : undefined;
}

export function blockMessage(tag: Tag): string {
  return `${quoteName(tag.name)} is a conditional, a loop or a filter, which the specification does not define`;
}

export function unknownFragment(name: string, known: readonly string[]): string {
  return `there is no fragment ${quoteName(name)}; ${thereAre(known)}`;
}

export function tooLarge(what: string): string {
  return `${what} grows beyond ${MAX_OUTPUT} characters when its fragments are inlined`;
}

export const TOO_DEEP: string = `fragments are nested deeper than ${MAX_FRAGMENT_DEPTH} levels`;

/** Explains a cycle; a fragment that is nothing but its own tag was emptied by a compiler. Source: R067, R068. */
export function cycleFault(
  cycle: readonly string[],
  lastText: string,
  tag: Tag,
): { readonly code: "FRAGMENT_CYCLE" | "FRAGMENT_CONTENT_LOST"; readonly message: string } {
  if (cycle.length === 2 && tag.start === 0 && tag.end === lastText.trimEnd().length) {
    const message = `the fragment ${quoteName(cycle[0] ?? "")} holds only its own tag: its content was lost by the compiler`;
    return { code: "FRAGMENT_CONTENT_LOST", message };
  }
  const shown = cycle.length > 8 ? [...cycle.slice(0, 4), "…", ...cycle.slice(-3)] : cycle;
  return { code: "FRAGMENT_CYCLE", message: `fragments include each other: ${shown.map(quoteName).join(" -> ")}` };
}
