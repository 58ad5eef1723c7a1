export interface DiffLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

const MAX_LINES = 400;

/** Returns the lines of two texts, in order, with those that both have marked " "; far unchanged lines are left out. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  // hostile: the table is quadratic, so long texts are shown as replaced
  if (old.length > MAX_LINES || now.length > MAX_LINES) return [...old.map(removed), ...now.map(added)];
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      (common[row] as Uint16Array)[column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [left = "", right = ""] = [old[row], now[column]];
    if (row < old.length && column < now.length && left === right) {
      lines.push({ mark: " ", text: left });
      row++;
      column++;
    } else if (row < old.length && (column >= now.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push(removed(left));
      row++;
    } else {
      lines.push(added(right));
      column++;
    }
  }
  return lines.filter(
    ({ mark }, index) =>
      mark !== " " || lines.slice(Math.max(0, index - 2), index + 3).some((near) => near.mark !== " "),
  );
}

const removed = (text: string): DiffLine => ({ mark: "-", text });
const added = (text: string): DiffLine => ({ mark: "+", text });
