/** Returns the RFC 6901 pointer with more segments. */
export function pointTo(pointer: string, ...segments: readonly (string | number)[]): string {
  let path = pointer;
  for (const segment of segments) path += `/${typeof segment === "number" ? segment : escapeSegment(segment)}`;
  return path;
}

const escapeSegment = (segment: string): string =>
  segment.includes("~") || segment.includes("/") ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
