import { csvCell } from "../../ground/encode.ts";
import type { ReviewReport } from "../review-pack.ts";

const COLUMNS = ["pack", "name", "version", "rule", "severity", "line", "pointer", "message"];

/** Returns the findings of a review as CSV (RFC 4180); a spreadsheet runs none of its cells. */
export function reviewToCsv({ pack, findings }: ReviewReport, options: { readonly header?: boolean } = {}): string {
  const rows = findings.map(({ rule, severity, span, pointer, message }) => [
    pack.id,
    pack.name,
    pack.version,
    rule,
    severity,
    span?.start.line ?? "",
    pointer,
    message,
  ]);
  return [...(options.header === false ? [] : [COLUMNS]), ...rows]
    .map((cells) => `${cells.map(csvCell).join(",")}\r\n`)
    .join("");
}
