import { scanText } from "./scan-text.ts";

/** Returns text with every credential in it, disguised ones too, replaced by `[secret]`. */
export function redactSecrets(text: string, label = ""): string {
  const ranges = scanText(text, label)
    .map(({ range }) => range)
    .sort((a, b) => a.start - b.start);
  let shown = "";
  let at = 0;
  for (const { start, end } of ranges) {
    if (start >= at) shown += `${text.slice(at, start)}[secret]`;
    at = Math.max(at, end);
  }
  return shown + text.slice(at);
}

/** Returns a finding whose pointer shows no credential: names of members can be ones. */
export function maskPointer<F extends { readonly pointer: string }>(finding: F): F {
  const pointer = redactSecrets(finding.pointer);
  return pointer === finding.pointer ? finding : { ...finding, pointer };
}
