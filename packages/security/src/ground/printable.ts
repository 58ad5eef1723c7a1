// The same set as `printable` of promptpack, which does not export it; a test holds the two together.
const UNPRINTABLE =
  /(?!(?<=\p{Emoji})\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u{E0000}-\u{E0FFF}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Returns text that is safe on one line of a terminal or a log: what acts or hides is written as `\n` or `\u{1B}`. */
export function printable(text: string): string {
  // hostile: text from packs
  return text.replace(
    UNPRINTABLE,
    (character) => SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}

/** Returns the text cut to a number of characters, with an ellipsis. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
