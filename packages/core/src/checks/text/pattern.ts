import { maskSecrets } from "../../diagnostics/mask-secrets.ts";
import { compilePattern, isPatternFault, type Pattern } from "../../schema/pattern.ts";
import { type BindCheck, type Params, verdict, whole } from "../check.ts";

/** A pattern that must, or must not, occur: RE2 search. Streams: the whole text is needed. Source: RULINGS 21. */
export const regexMatch: BindCheck = (params) => {
  const pattern = patternOf(params["pattern"] as string);
  const wanted = params["must_match"] !== false;
  const reason = wanted ? "it lacks the pattern that it needs" : "it has a pattern that is not allowed";
  return whole(({ text }) => verdict(pattern.test(text) === wanted, reason));
};

/**
 * Returns a compiled pattern; the parameters were checked before.
 * @throws {TypeError} when the pattern is not RE2 syntax
 */
export function patternOf(source: string): Pattern {
  const compiled = compilePattern(source);
  if (isPatternFault(compiled)) throw new TypeError(`not a pattern: ${maskSecrets(compiled.fault)}`);
  const start = literalStart(source);
  if (start === "") return compiled;
  return {
    source,
    test(text) {
      // Every match begins with this text, so what stands before its first place can neither match nor change the answer.
      const at = text.indexOf(start);
      return at >= 0 && compiled.test(text.slice(at));
    },
  };
}

/** Returns the text that every match of a pattern begins with; "" when that is not plain to see. */
function literalStart(source: string): string {
  if (source.includes("|")) return "";
  const plain = /^[\w \-,:;!"'#%&/<=>@~`]*/.exec(source)?.[0] ?? "";
  // A quantifier speaks of the last character.
  return /^[?*+{]/.test(source.slice(plain.length)) ? plain.slice(0, -1) : plain;
}

/** Returns the patterns under names, compiled. */
export function patternsOf(params: Params, name: string): readonly (readonly [string, Pattern])[] {
  return Object.entries((params[name] as Params | undefined) ?? {}).map(([key, source]) => [
    key,
    patternOf(source as string),
  ]);
}
