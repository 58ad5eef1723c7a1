import { quoteName } from "../diagnostics/quote-name.ts";
import { thereAre } from "../diagnostics/suggest.ts";

/** How a template marks its tags. */
export interface TemplateSyntax {
  readonly open: string;
  readonly close: string;
  /** True where only an exact path between the delimiters is a tag and everything else is text. */
  readonly exact: boolean;
}

const braces: TemplateSyntax = { open: "{{", close: "}}", exact: false };

const syntaxes: ReadonlyMap<string, TemplateSyntax> = new Map([
  ["{{variable}}", braces],
  ["{{var}}", braces],
  ["{{name}}", braces],
  ["${variable}", { open: "${", close: "}", exact: false }],
  ["{variable}", { open: "{", close: "}", exact: true }],
]);

/** The texts that `template_engine.syntax` may hold. */
export const syntaxNames: readonly string[] = [...syntaxes.keys()];

/**
 * Returns the syntax that a text of `template_engine.syntax` names, or undefined.
 * Nothing of the text becomes a regular expression. Source: R037, RULINGS 6.
 */
export function findSyntax(name: string): TemplateSyntax | undefined {
  return syntaxes.get(name);
}

/** Says that a text names no syntax. */
export function unsupportedSyntax(name: string): string {
  return `the template syntax ${quoteName(name)} is not supported; ${thereAre(syntaxNames)}`;
}

/** The syntaxes that differ from each other. */
export const distinctSyntaxes: readonly TemplateSyntax[] = [...new Set(syntaxes.values())];
