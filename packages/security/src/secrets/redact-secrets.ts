import type { TextRange } from "../ground/finding.ts";
import { scanText } from "./scan-text.ts";

/** Returns text with every credential in it, disguised ones too, replaced by `[secret]`. */
export function redactSecrets(text: string, label = ""): string {
  const ranges = [...scanText(text, label).map(({ range }) => range), ...rangesInPointers(text, label)].sort(
    (a, b) => a.start - b.start,
  );
  let shown = "";
  let at = 0;
  for (const { start, end } of ranges) {
    if (start >= at) shown += `${text.slice(at, start)}[secret]`;
    at = Math.max(at, end);
  }
  return shown + text.slice(at);
}

/** Credentials that a JSON pointer in the text disguises: it writes a slash as `~1`, as in `https:~1~1user:password@host`. */
function rangesInPointers(text: string, label: string): TextRange[] {
  if (!/~[01]/.test(text)) return [];
  // Where the escapes stand once they are undone, in order; each is one character longer than what it stands for.
  const escapes = [...text.matchAll(/~[01]/g)].map(({ index }, before) => index - before);
  const plain = text.replaceAll("~1", "/").replaceAll("~0", "~");
  const inText = (offset: number): number => offset + countBelow(escapes, offset);
  return scanText(plain, label).map(({ range }) => ({ start: inText(range.start), end: inText(range.end) }));
}

function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns a finding whose pointer shows no credential: names of members can be ones. */
export function maskPointer<F extends { readonly pointer: string }>(finding: F): F {
  const pointer = redactSecrets(finding.pointer);
  return pointer === finding.pointer ? finding : { ...finding, pointer };
}
