import { quoteName } from "./quote-name.ts";

/** A tenth of the candidates that are looked at, or all that are compared: a hostile pack has thousands, and thousands of misspelt names. */
const MAX_COMPARED = 100;

/** Returns the name closest to a misspelt one, or undefined when none is close enough to be meant. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  // hostile: names come from packs and callers; long ones are not worth a comparison
  if (name.length > 64) return undefined;
  // another letter is another name, not a misspelt one
  let limit = name.length === 1 ? 0 : Math.max(1, Math.min(3, Math.floor(name.length / 3)));
  const wanted = fold(name);
  let best: string | undefined;
  let compared = 0;
  for (const candidate of candidates) {
    const isFar = Math.abs(candidate.length - name.length) > limit;
    if ((compared += isFar ? 0.1 : 1) > MAX_COMPARED) break;
    if (isFar) continue;
    const distance = editDistance(wanted, fold(candidate), limit);
    if (distance > limit) continue;
    best = candidate;
    if (distance === 0) break;
    // only a closer one is better
    limit = distance - 1;
  }
  return best;
}

/** Returns "did you mean ...?" as a hint, or nothing when no name is close. */
export function didYouMean(name: string, candidates: Iterable<string>): { hint?: string } {
  const match = suggest(name, candidates);
  return match === undefined ? {} : { hint: `did you mean ${quoteName(match)}?` };
}

/** Returns what a finding says of a name that is none of those there are: its message, and a hint when one is close. */
export function unknownName(
  noun: string,
  name: string,
  known: Iterable<string>,
): readonly [message: string, details: { readonly hint?: string }] {
  const names = listOf(known);
  return [`there is no ${noun} ${quoteName(name)}; ${thereAre(names)}`, didYouMean(name, names)];
}

const lists = new WeakMap<object, readonly string[]>();

/** Returns the names of a record's members. hostile: of a large one, thousands of findings ask for them. */
export function namesOf(record: object = {}): readonly string[] {
  const names = lists.get(record) ?? Object.keys(record);
  if (Object.isFrozen(record)) lists.set(record, names);
  return names;
}

/** Returns which names there are, the first `limit` of them, as the end of a message. */
export function thereAre(names: Iterable<string>, limit?: number): string {
  const all = listOf(names);
  return `there ${all.length > 1 ? "are" : "is"} ${listNames(all, limit)}`;
}

/** Returns names quoted and joined for a message, the first `limit` of them. */
export function listNames(names: Iterable<string>, limit = 10): string {
  const all = listOf(names);
  if (all.length === 0) return "none";
  const shown = all.slice(0, limit).map(quoteName);
  const rest = all.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

/** hostile: thousands of findings may each list the same thousands of names. */
const listOf = (names: Iterable<string>): readonly string[] => (Array.isArray(names) ? names : [...names]);

const fold = (name: string): string => name.toLowerCase().replaceAll("-", "_");

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
// Gives up with a number beyond the limit once no way is left to stay within it.
function editDistance(left: string, right: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
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
      least = Math.min(least, cost);
    }
    if (least > limit) return least;
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
