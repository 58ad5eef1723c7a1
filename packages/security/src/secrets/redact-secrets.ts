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
