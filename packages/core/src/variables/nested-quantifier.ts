/**
 * Returns whether a pattern repeats a group without bound that itself holds an unbounded repetition, as `(a+)+` does.
 * One pass over the pattern, which must be valid.
 */
export function hasNestedQuantifier(pattern: string): boolean {
  if (!pattern.includes(")")) return false;
  // for each open group, and for the pattern itself: whether it holds an unbounded repetition
  const groups = [false];
  let closed = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    if (isUnbounded(pattern, index)) {
      if (closed) return true;
      groups[groups.length - 1] = true;
    }
    closed = false;
    if (character === "\\") index++;
    else if (character === "[") index = classEnd(pattern, index);
    else if (character === "(") groups.push(false);
    else if (character === ")") {
      closed = groups.pop() ?? false;
      if (closed) groups[groups.length - 1] = true;
    }
  }
  return false;
}

function isUnbounded(pattern: string, index: number): boolean {
  const character = pattern[index];
  return (
    character === "*" || character === "+" || (character === "{" && /^\{\d+,\}/.test(pattern.slice(index, index + 8)))
  );
}

/** Returns the index of the bracket that closes a character class; a bracket right after its start is a member. */
function classEnd(pattern: string, start: number): number {
  const first = start + (pattern[start + 1] === "^" ? 2 : 1);
  for (let index = first; index < pattern.length; index++) {
    if (pattern[index] === "]" && index > first) return index;
    if (pattern[index] === "\\") index++;
    else if (pattern.startsWith("[:", index)) index = Math.max(index, pattern.indexOf(":]", index) + 1);
  }
  return pattern.length;
}
