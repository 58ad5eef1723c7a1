/** Returns the pointer with one more RFC 6901 segment: `~` becomes `~0`, `/` becomes `~1`. */
export function appendPointer(pointer: string, segment: string | number): string {
  return `${pointer}/${typeof segment === "number" ? segment : escapeSegment(segment)}`;
}

/** Returns the pointer of the segments; `formatPointer("a", 0)` is "/a/0". */
export function formatPointer(...segments: readonly (string | number)[]): string {
  return segments.reduce<string>(appendPointer, "");
}

/** Returns the unescaped segments of an RFC 6901 pointer; "" has none. */
export function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => (segment.includes("~") ? segment.replaceAll("~1", "/").replaceAll("~0", "~") : segment));
}

function escapeSegment(segment: string): string {
  return segment.includes("~") || segment.includes("/") ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
}
