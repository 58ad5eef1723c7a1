import type { Ink, Paint } from "./paint.ts";
import { printable } from "promptpack";

export interface Column {
  readonly title: string;
  readonly align?: "right";
  readonly ink?: Ink;
  /** Longer cells end in an ellipsis. */
  readonly width?: number;
  /** Shows what the user wrote into a policy, such as the address of a signer, as it is. */
  readonly exact?: true;
}

const ZERO_WIDTH = /[\p{Mn}\p{Me}]/u;
const DOUBLE_WIDTH =
  /[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** Returns an aligned table; cells may hold any text and are made harmless here. Columns without content are left out. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string {
  const used = columns
    .map((column, index) => ({
      ...column,
      cells: rows.map((row) => clip(printable(row[index] ?? "", { mask: column.exact !== true }), column.width ?? 60)),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const padded = used.map(({ title, align, ink, cells }) => {
    const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), title.length);
    const pad = (cell: string): string => {
      const space = " ".repeat(width - displayWidth(cell));
      return align === "right" ? space + cell : cell + space;
    };
    return [paint("dim", pad(title)), ...cells.map((cell) => (ink === undefined ? pad(cell) : paint(ink, pad(cell))))];
  });
  return Array.from({ length: rows.length + 1 }, (_, row) => `  ${padded.map((column) => column[row]).join("  ")}`)
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Returns how many columns of a terminal the text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += DOUBLE_WIDTH.test(character) ? 2 : ZERO_WIDTH.test(character) ? 0 : 1;
  return width;
}

function clip(text: string, limit: number): string {
  if (text.length <= limit && displayWidth(text) <= limit) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width >= limit) break;
    kept += character;
  }
  return `${kept}…`;
}
