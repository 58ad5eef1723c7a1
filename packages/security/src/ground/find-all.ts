/** Returns every match of a global pattern; nearly free when there is none, which `matchAll` is not. */
export function findAll(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  return text.search(pattern) < 0 ? [] : [...text.matchAll(pattern)];
}
