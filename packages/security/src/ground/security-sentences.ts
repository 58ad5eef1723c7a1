const MARKS =
  /\b(?:never|must not|must never|do not|don't|cannot|can't|may not|shall not|should not|only if|only when|refuse|decline|forbidden|prohibited|not allowed|confidential|secret|private|sensitive|personal data|escalate|verify|confirm|consent|safety|policy|comply|compliance|under no circumstances)\b/i;

/** Returns the sentences and list items of a text that restrict what a model does, folded for comparison. */
export function securitySentences(text: string): ReadonlyMap<string, string> {
  const sentences = new Map<string, string>();
  for (const part of text.split(/(?<=[.!?])\s|\n/)) {
    const sentence = part.trim();
    if (sentence.length < 8 || !MARKS.test(sentence)) continue;
    sentences.set(
      sentence
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim(),
      sentence,
    );
  }
  return sentences;
}
