import type { Diagnostic, Position, Span } from "../diagnostics/diagnostic.ts";
import { InputError } from "../diagnostics/errors.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { appendPointer } from "../json/pointer.ts";
import {
  diagnosticOfFault,
  expandTemplate,
  MAX_FAULTS,
  type TemplateFault,
  type TemplateProgram,
  TOO_MANY_FAULTS,
} from "./expand-template.ts";
import { fillTemplate } from "./fill-template.ts";
import { findSyntax, unsupportedSyntax } from "./syntax.ts";

export interface RenderTemplateOptions {
  /** As in `template_engine.syntax`; "{{variable}}" when absent. */
  readonly syntax?: string;
  readonly fragments?: { readonly [name: string]: string };
  /** By name; artifacts under the name `artifacts`. */
  readonly values?: { readonly [name: string]: unknown };
  /** Names that are variables even where a fragment has the same name. */
  readonly declared?: readonly string[];
  /** What a tag without a value becomes: an error (the default), nothing, or itself. */
  readonly missing?: "error" | "empty" | "keep";
  /** What a value that no tag uses is; "error" when absent. */
  readonly extra?: "error" | "ignore";
}

/**
 * Returns a template's text with fragments and values put in, in one pass: values are never scanned for tags.
 * Text in delimiters that is no tag stays as it is. Source: SPEC 4.1, RULINGS 6-13.
 *
 * @throws {InputError} every fault at once: UNSUPPORTED_SYNTAX, BLOCK_TAG, UNKNOWN_FRAGMENT, FRAGMENT_CYCLE,
 *   FRAGMENT_CONTENT_LOST, FRAGMENT_TOO_DEEP, OUTPUT_TOO_LARGE, UNDEFINED_VARIABLE, UNKNOWN_PATH, UNKNOWN_VARIABLE,
 *   UNPRINTABLE_VALUE, LONE_SURROGATE, LIMIT_EXCEEDED; spans count inside the template
 */
export function renderTemplate(text: string, options: RenderTemplateOptions = {}): string {
  const { fragments = {}, values = {}, declared = [], missing, extra } = options;
  const syntax = findSyntax(options.syntax ?? "{{variable}}");
  if (syntax === undefined)
    throw new InputError([createDiagnostic("UNSUPPORTED_SYNTAX", "", unsupportedSyntax(options.syntax ?? ""))]);

  const names = new Set(declared);
  const { program, faults } = expandTemplate(text, { syntax, fragments, isVariable: (name) => names.has(name) });
  const diagnostics = faults.map((fault) => diagnosticOf(fault, text, fragments));
  const filled = fillTemplate(program, { values, artifacts: values["artifacts"], missing });
  diagnostics.push(...filled.diagnostics);
  if (extra !== "ignore") diagnostics.push(...extraValues(program, values, names));
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return filled.text;
}

function diagnosticOf(fault: TemplateFault, text: string, fragments: { readonly [name: string]: string }): Diagnostic {
  const { range, fragment } = fault;
  const source = fragment === undefined ? text : (fragments[fragment] ?? "");
  const span: Span = { start: positionAt(source, range.start), end: positionAt(source, range.end) };
  return { ...diagnosticOfFault(fault, ""), span };
}

function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < offset; end = text.indexOf("\n", end + 1)) {
    line++;
    lineStart = end + 1;
  }
  return { offset, line, column: offset - lineStart + 1 };
}

function extraValues(
  program: TemplateProgram,
  values: { readonly [name: string]: unknown },
  declared: ReadonlySet<string>,
): Diagnostic[] {
  const used = new Set([
    ...declared,
    ...program.sources.map((source) => (source.artifact ? "artifacts" : source.name)),
  ]);
  const extra = Object.keys(values).filter((name) => !used.has(name));
  const diagnostics = extra.slice(0, MAX_FAULTS).map((name) => {
    const message = `the template uses no value ${quoteName(name)}`;
    return createDiagnostic("UNKNOWN_VARIABLE", appendPointer("", name), message, didYouMean(name, used));
  });
  if (extra.length > MAX_FAULTS) diagnostics.push(createDiagnostic("LIMIT_EXCEEDED", "", TOO_MANY_FAULTS));
  return diagnostics;
}
