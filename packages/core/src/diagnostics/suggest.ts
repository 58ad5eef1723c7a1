/** Returns the name closest to a misspelt one, or undefined when none is close enough to be meant. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  // hostile: names come from packs and callers; long ones are not worth a quadratic comparison
  if (name.length > 64) return undefined;
  const limit = Math.max(1, Math.min(3, Math.floor(name.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(fold(name), fold(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Returns "did you mean ...?" as a hint, or nothing when no name is close. */
export function didYouMean(name: string, candidates: Iterable<string>): { hint?: string } {
  const match = suggest(name, candidates);
  return match === undefined ? {} : { hint: `did you mean "${match}"?` };
}

/** Returns names quoted and joined for a message, the first `limit` of them. */
export function listNames(names: Iterable<string>, limit = 10): string {
  const all = [...names];
  if (all.length === 0) return "none";
  const shown = all.slice(0, limit).map((name) => `"${name}"`);
  const rest = all.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

const fold = (name: string): string => name.toLowerCase().replaceAll("-", "_");

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
