import { maskSecrets } from "./mask-secrets.ts";

// Everything a terminal, a log viewer or a reader's eye would obey or not show: controls (C0, DEL, C1), format
// characters with the bidirectional ones, line and paragraph separators, lone surrogates, noncharacters (XML has no
// place for them), and whatever renders as nothing: tags, fillers, variation selectors other than an emoji's own.
// A function, because properties of characters take long to look up, and few programs ever print.
const unprintable = (): RegExp =>
  /(?!(?<=\p{Emoji})\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

export interface PrintableOptions {
  /** Replaces credentials and personal data by their lengths; true when absent. */
  readonly mask?: boolean;
}

/**
 * Returns text that is safe to show on one line of a terminal, a log or a report: credentials and personal data are
 * masked, and characters that act or hide are written as `\n`, `\r`, `\t` or `\u{1B}`. It does not encode for HTML,
 * XML or JSON.
 */
export function printable(text: string, { mask = true }: PrintableOptions = {}): string {
  // hostile: text from packs, file names and errors
  return (mask ? maskSecrets(text) : text).replace(unprintable(), escapeCharacter);
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
