import { beyond, type BindCheck, PASSED, whole } from "../check.ts";

/** At most (or at least) so many sentences; a last one needs no full stop. Streams: the whole text is needed. */
export const sentenceCount: BindCheck = ({ max = Infinity, min = 0 }) =>
  whole(({ text }) => {
    const count = countSentences(text);
    if (count > (max as number)) return beyond(count, max as number, "sentences");
    return count < (min as number) ? beyond(count, min as number, "sentences") : PASSED;
  });

/** Counts sentences: they end with a mark before a space or the end ("3.5" goes on), or with a full-width mark. */
function countSentences(text: string): number {
  let count = 0;
  let content = false;
  let marked = false;
  for (const character of text) {
    const space = /\s/.test(character);
    if ("。！？".includes(character) || (space && marked)) {
      if (content) count++;
      content = marked = false;
    } else if (".!?…".includes(character)) marked = true;
    else if (!(marked && "\"'”’)]".includes(character))) {
      content ||= /[\p{L}\p{N}]/u.test(character);
      marked = false;
    }
  }
  return content ? count + 1 : count;
}
