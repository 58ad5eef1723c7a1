import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { isPublicAddress } from "./is-public-address.ts";

export interface MediaUrlOptions {
  /** Host names that may be named, exactly; "*" is any public one. Any public one when absent. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Also accepts plain http, other ports and public IP addresses: for URLs that a pack declares and nobody fetches. */
  readonly declaredOnly?: boolean;
  /** Pointer of the URL in the input. */
  readonly pointer?: string;
}

/**
 * Returns why a URL must not be fetched, as no or one UNSAFE_MEDIA_URL: not https, user information, a port, an IP address
 * in any spelling, a local name, a host that is not allowed. Names still have to be resolved and their addresses checked
 * with `isPublicAddress`. Source: R114, RULINGS 25.
 */
export function checkMediaUrl(url: string, options: MediaUrlOptions = {}): readonly Diagnostic[] {
  const fault = mediaUrlFault(url, options);
  return fault === undefined ? [] : [createDiagnostic("UNSAFE_MEDIA_URL", options.pointer ?? "", fault)];
}

/** Returns the host of a URL without trailing dots, as the URL parser normalizes it. */
export function hostOf(url: URL): string {
  let host = url.hostname;
  while (host.endsWith(".")) host = host.slice(0, -1);
  return host;
}

const MAX_URL = 8192;

/** Returns why a URL must not be fetched, in words, or undefined. */
export function mediaUrlFault(
  text: string,
  { allowedHosts = ["*"], declaredOnly = false }: MediaUrlOptions,
): string | undefined {
  // hostile: the URL parser silently drops tabs and line ends and turns "\" into "/"
  if (text.length > MAX_URL) return `the URL has more than ${MAX_URL} characters`;
  if (/[\s\\\p{Cc}]/u.test(text)) return "the URL has white space, a control character or a backslash in it";
  const url = parseUrl(text);
  if (url === undefined) return "it is not an absolute URL";
  const http = declaredOnly && url.protocol === "http:";
  if (url.protocol !== "https:" && !http) return `the scheme is "${url.protocol}"; expected "https:"`;
  if (url.username !== "" || url.password !== "") return "the URL carries a user name or a password";
  if (url.port !== "" && !declaredOnly) return `the port is ${url.port}; expected 443`;
  return hostFault(hostOf(url), allowedHosts, declaredOnly);
}

function hostFault(host: string, allowedHosts: readonly string[], declaredOnly: boolean): string | undefined {
  // The parser writes every spelling of an IPv4 address as four decimal numbers, and IPv6 in brackets.
  const address = host.startsWith("[") ? host.slice(1, -1) : /^[\d.]+$/.test(host) ? host : undefined;
  if (address !== undefined) {
    if (!isPublicAddress(address)) return `the host is the IP address ${address}, which is not public`;
    return declaredOnly ? undefined : `the host is the IP address ${address}; expected a name`;
  }
  if (/(?:^|\.)localhost$/.test(host)) return "the host is this computer";
  if (declaredOnly) return undefined;
  if (!host.includes(".") || LOCAL_NAME.test(host)) return `"${host}" is a name of a local network`;
  const allowed = allowedHosts.some((name) => name === "*" || name.toLowerCase() === host);
  return allowed ? undefined : `the host "${host}" is not allowed`;
}

// RFC 6762, RFC 6761, RFC 8375, ICANN's reservation for private use, and what routers hand out.
const LOCAL_NAME = /\.(?:local|internal|intranet|lan|home|corp|private|home\.arpa|onion|invalid)$/;

/** Returns a URL, relative to a base where one is given, or undefined when it is none. */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Why a file path is refused: "absolute", "outside" its root, or "unportable". */
export type MediaPathFault = "absolute" | "outside" | "unportable";

/** Returns why a file_path is not a plain relative path below a root, or undefined when it is one. Source: R117, RULINGS 25. */
export function mediaPathFault(path: string): MediaPathFault | undefined {
  // hostile: what one system takes as a name, another takes as a drive, a stream, a share or an escape
  if (/^(?:\/|\\|[a-z]:)/i.test(path)) return "absolute";
  let depth = 0;
  const segments = path.split(/[/\\]/);
  for (const segment of segments) {
    depth += segment === ".." ? -1 : segment === "." || segment === "" ? 0 : 1;
    if (depth < 0) return "outside";
  }
  const plain = !/[\\:%~\p{Cc}]/u.test(path) && segments.every((segment) => !["", ".", ".."].includes(segment));
  return plain ? undefined : "unportable";
}
