/** Returns the Shannon entropy of a text in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const STAND_IN =
  /(?:^|[^a-z])(?:your|my|example|sample|placeholder|dummy|fake|changeme|change|redacted|insert|replace|here|none|null|undefined)(?:$|[^a-z])|EXAMPLE|x{6}|\*{3}|\.{3}|…|1234567890|0123456789|abcdefgh|\{\{|\$\{|^<|>$|process\.env|os\.environ/i;

/** Returns whether a text stands for a credential in documentation rather than being one. */
export function isPlaceholder(text: string): boolean {
  // A long random text may hold any short word by chance; only whole words count there.
  return text.length > 60 ? /\{\{|\$\{|\.{3}|x{8}|\*{6}/i.test(text) : STAND_IN.test(text);
}
