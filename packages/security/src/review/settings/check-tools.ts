import { pointTo } from "../../ground/pointer.ts";
import type { PackText } from "../../ground/texts.ts";
import type { NoteAt, PackData } from "./note.ts";

const INSISTENT =
  /\b(?:always|never|must|instead|secretly|silently|also|bcc|override|do not use|don't use|every time)\b/i;

/** cross-tool-reference: a tool's text that names another tool steers calls that nobody reviewed there. */
export function checkTools({ tools = {} }: PackData, texts: readonly PackText[], note: NoteAt): void {
  const names = new Map<string, string>();
  for (const [key, { name }] of Object.entries(tools)) names.set(key, key).set(name, key);
  if (names.size < 2) return;
  for (const { text, pointer, atKey } of texts) {
    if (
      atKey ||
      !pointer.startsWith("/tools/") ||
      /\/(?:name|type|format|pattern|\$ref|required\/\d+|enum\/\d+)$/.test(pointer)
    )
      continue;
    for (const match of text.matchAll(/[A-Za-z_][\w-]{0,99}/g)) {
      const [word] = match;
      const owner = names.get(word);
      if (
        owner === undefined ||
        pointer.startsWith(`${pointTo("/tools", owner)}/`) ||
        !isMeant(word, text, match.index)
      )
        continue;
      const severity = INSISTENT.test(text) ? "high" : "medium";
      note("cross-tool-reference", severity, `the text of one tool speaks about the tool "${word}"`, pointer, {
        start: match.index,
        end: match.index + word.length,
      });
      break;
    }
  }
}

/** A name such as "search" is also a word; one with an underscore, quotes or a call is a name. */
function isMeant(word: string, text: string, at: number): boolean {
  if (/[_\d-]|[a-z][A-Z]/.test(word)) return true;
  const before = text.slice(Math.max(0, at - 12), at);
  const after = text.slice(at + word.length, at + word.length + 10);
  return (
    /["'`]$|\b(?:call|calls|calling|invoke|tool|function)\s$/i.test(before) ||
    /^(?:\(|["'`]|\s(?:tool|function)\b)/i.test(after)
  );
}
