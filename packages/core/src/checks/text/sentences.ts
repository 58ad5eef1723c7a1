import { type CheckType, type Measurement, PASSED, whole } from "../check.ts";

/** At most (or at least) so many sentences; a last one needs no full stop. Streams: the whole text is needed. */
export const sentenceCount: CheckType = {
  guards: true,
  params: { max: "count", min: "count" },
  spellings: { max_sentences: "max", min_sentences: "min" },
  needs: [["max", "min"]],
  bind(params) {
    const most = (params["max"] as number | undefined) ?? Infinity;
    const least = (params["min"] as number | undefined) ?? 0;
    return whole(({ text }) => judge(countSentences(text), least, most));
  },
};

/** Counts sentences: they end with a mark before a space or the end ("3.5" goes on), or with a full-width mark. */
export function countSentences(text: string): number {
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

function judge(count: number, least: number, most: number): Measurement {
  const over = count > most;
  if (!over && count >= least) return PASSED;
  const limit = over ? most : least;
  return {
    score: over ? most / count : count / least,
    explanation: `it has ${count} sentences; at ${over ? `most ${most} are allowed` : `least ${least} are needed`}`,
    details: { sentences: count, limit },
  };
}
