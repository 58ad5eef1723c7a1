import { compilePattern, type Pattern, type PatternFault } from "./pattern.ts";

const CATEGORIES =
  " Letter=L Uppercase_Letter=Lu Lowercase_Letter=Ll Titlecase_Letter=Lt Modifier_Letter=Lm Other_Letter=Lo Mark=M Nonspacing_Mark=Mn Spacing_Mark=Mc Enclosing_Mark=Me Number=N Decimal_Number=Nd Letter_Number=Nl Other_Number=No Punctuation=P Connector_Punctuation=Pc Dash_Punctuation=Pd Open_Punctuation=Ps Close_Punctuation=Pe Symbol=S Math_Symbol=Sm Currency_Symbol=Sc Separator=Z Space_Separator=Zs Other=C Control=Cc Format=Cf ";

/** Returns the short name of a category, or the name as it is. */
function shortCategory(name: string): string {
  const at = CATEGORIES.indexOf(` ${name}=`);
  return at < 0 ? name : CATEGORIES.slice(at + name.length + 2, CATEGORIES.indexOf(" ", at + 1));
}

/**
 * Compiles a pattern of a JSON Schema: what ECMA-262 writes differently (`\u0041`, `\p{Letter}`, `\p{Script=Greek}`)
 * is spelt as RE2 spells it, and the rest is RE2 syntax. Source: JSON Schema draft 2020-12, core 6.4.
 */
export function compileEcmaPattern(source: string): Pattern | PatternFault {
  if (!/\\[pPu]/.test(source)) return compilePattern(source);
  // The first alternative takes any other escape whole, so that "\\p" stays a backslash and a p.
  const spelt = source.replaceAll(
    /\\(?:([pP])\{([A-Za-z_]+(?:=[A-Za-z_]+)?)\}|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|[\s\S])/g,
    (escape: string, letter?: string, name?: string, braced?: string, plain?: string) => {
      if (braced !== undefined || plain !== undefined) return `\\x{${braced ?? plain}}`;
      if (letter === undefined || name === undefined) return escape;
      const short = name.replace(/^(?:Script|sc|General_Category|gc)=/, "");
      return `\\${letter}{${shortCategory(short)}}`;
    },
  );
  return compilePattern(spelt);
}
