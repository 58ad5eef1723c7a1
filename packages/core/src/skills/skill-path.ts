const MAX_LENGTH = 1024;
// hostile: every one is a spelling that some file system or tool reads as another place
const FAULTS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/[\u0000-\u001f\u007f-\u009f]/, "it holds a control character"],
  [/\\/, "it holds a backslash"],
  [/:/, "it is a URL, a drive or a module name"],
  [/%[0-9A-Fa-f]{2}/, "it is percent-encoded"],
  [/^\//, "it is absolute"],
  [/^~/, "it names a home directory"],
  [/(?:^|\/)\.\.(?:\/|$)/, 'it holds ".."'],
  [/(?: |[^/]\.)(?:\/|$)/, "a name ends with a dot or a space"],
];

/**
 * Says why a path may not be read, or returns undefined: only relative POSIX paths that stay below
 * the pack's root are read, and nothing is decoded or expanded. Source: R164, SPEC 4.10.
 */
export function findPathFault(path: string): string | undefined {
  if (path.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  return FAULTS.find(([pattern]) => pattern.test(path))?.[1];
}

/** Returns a safe path without "." segments and doubled or trailing slashes; "." is the root itself. */
export function normalizePath(path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.length === 0 ? "." : segments.join("/");
}

/** Returns whether a normalised path is the folder itself or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "." || path === folder || path.startsWith(`${folder}/`);
}
