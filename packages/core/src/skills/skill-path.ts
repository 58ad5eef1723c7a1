const MAX_LENGTH = 1024;

/**
 * Says why a path may not be read, or returns undefined: only relative POSIX paths that stay below
 * the pack's root are read, and nothing is decoded or expanded. Source: R164, SPEC 4.10.
 */
export function findPathFault(path: string): string | undefined {
  // hostile: every rule here refuses a spelling that some file system or tool reads as another place
  if (path.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path)) return "it holds a control character";
  if (path.includes("\\")) return "it holds a backslash";
  if (path.includes(":")) return "it is a URL, a drive or a module name";
  if (/%[0-9A-Fa-f]{2}/.test(path)) return "it is percent-encoded";
  if (path.startsWith("/")) return "it is absolute";
  if (path.startsWith("~")) return "it names a home directory";
  for (const segment of path.split("/")) {
    if (segment === "..") return 'it holds ".."';
    if (segment !== "." && (segment.endsWith(".") || segment.endsWith(" "))) return "a name ends with a dot or a space";
  }
  return undefined;
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
