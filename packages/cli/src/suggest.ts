/** Returns the name closest to a mistyped one, or undefined when none is close enough to be meant. */
export function suggest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > 64) return undefined; // not worth a quadratic comparison
  const limit = Math.max(1, Math.min(3, Math.floor(typed.length / 3)));
  const [closest] = names
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return closest?.name;
}

/** Returns how many insertions, deletions, substitutions and swaps of neighbours lead from one text to the other. */
function distance(left: string, right: string): number {
  const rows = [Array.from({ length: right.length + 1 }, (_, index) => index)];
  const cost = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= left.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      rows[row]?.push(
        Math.min(
          cost(row - 1, column - 1) + (same ? 0 : 1),
          cost(row - 1, column) + 1,
          cost(row, column - 1) + 1,
          swapped ? cost(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return cost(left.length, right.length);
}
