/**
 * Returns the canonical text of a JSON value: keys in UTF-16 order, no spaces, numbers as ECMAScript writes them.
 * Members whose value is undefined are left out. Source: RFC 8785.
 *
 * @throws {TypeError} for a value that JSON cannot hold, a lone surrogate, a cycle, or more than 1000 levels
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, parents: readonly object[]): string {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "number":
      if (Number.isFinite(value)) return JSON.stringify(value);
      break;
    case "string":
      if (value.isWellFormed()) return JSON.stringify(value);
      break;
    case "object": {
      if (value === null) return "null";
      // hostile: JSON.parse reads any depth, and the stack ends
      if (parents.includes(value) || parents.length > 999)
        throw new TypeError("a value that contains itself, or more than 1000 levels, has no JSON text");
      const inside = [...parents, value];
      if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, inside)).join(",")}]`;
      return `{${Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, member]) => `${write(key, inside)}:${write(member, inside)}`)
        .join(",")}}`;
    }
  }
  throw new TypeError(`a ${typeof value} that JSON cannot hold has no canonical text`);
}
