import { lookup as resolveName } from "node:dns/promises";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { addAbortSignal, Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { InputError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { sizeFault } from "../media/check-media-parts.ts";
import { checkMediaUrl, hostOf, parseUrl } from "../media/check-media-source.ts";
import { isPublicAddress } from "../media/is-public-address.ts";
import { formatOf, parseMimeType } from "../media/mime-type.ts";

/** One GET to a checked address; `signal` ends it. */
export interface MediaRequest {
  readonly url: string;
  /** The only address to connect to. */
  readonly address: string;
  readonly headers: { readonly [name: string]: string };
  readonly signal: AbortSignal;
}

export interface MediaResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** The body as it comes over the wire. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface MediaFetchOptions {
  /** Host names that may be fetched from, exactly; "*" is any public one. */
  readonly allowedHosts: readonly string[];
  /** Decoded bytes at most. */
  readonly maxBytes: number;
  /** The MIME type that the answer must have. */
  readonly mimeType: string;
  /** Milliseconds for everything together; 10 000 when absent. */
  readonly timeoutMs?: number;
  /** Returns all addresses of a name; DNS when absent. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  /** Sends one request and follows no redirect; node:https when absent. */
  readonly request?: (request: MediaRequest) => Promise<MediaResponse>;
  /** Pointer of the URL in the input. */
  readonly pointer?: string;
}

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 10_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches a medium over https from an allowed public host. Every redirect is checked like the first URL, every address
 * of a name must be public, and the connection goes to a checked address. Source: R114, RULINGS 25.
 * @throws {InputError} UNSAFE_MEDIA_URL, UNREADABLE_MEDIA, MEDIA_TOO_LARGE, MIME_TYPE_MISMATCH
 */
export async function fetchMedia(url: string, options: MediaFetchOptions): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const late = new Promise<never>((_resolve, reject) => {
    timeout.addEventListener("abort", () => reject(refusal("UNREADABLE_MEDIA", "the host took too long", options)));
  });
  const done = new AbortController();
  try {
    return await Promise.race([late, followAndRead(url, AbortSignal.any([timeout, done.signal]), options)]);
  } catch (error) {
    if (InputError.isInstance(error)) throw error;
    throw refusal("UNREADABLE_MEDIA", "the host did not answer", options, { cause: error });
  } finally {
    // Closes what a refusal or a redirect left open.
    done.abort();
  }
}

async function followAndRead(start: string, signal: AbortSignal, options: MediaFetchOptions): Promise<Uint8Array> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const address = await checkedAddress(url, options);
    const headers = { accept: options.mimeType, "accept-encoding": "identity" };
    const response = await (options.request ?? requestOverHttps)({ url, address, headers, signal });
    if (!REDIRECTS.has(response.status)) return readBody(response, signal, options);
    url = redirectTarget(response, url, options);
  }
  throw refusal("UNREADABLE_MEDIA", `the host redirects more than ${MAX_REDIRECTS} times`, options);
}

function redirectTarget({ headers }: MediaResponse, url: string, options: MediaFetchOptions): string {
  const { location } = headers;
  const target = typeof location === "string" ? parseUrl(location, url) : undefined;
  if (target !== undefined) return target.href;
  throw refusal("UNREADABLE_MEDIA", "the host redirects to nowhere", options);
}

async function checkedAddress(url: string, options: MediaFetchOptions): Promise<string> {
  const { allowedHosts, pointer = "", lookup = resolveAddresses } = options;
  const faults = checkMediaUrl(url, { allowedHosts, pointer });
  if (faults.length > 0) throw new InputError(faults);
  const addresses = await lookup(hostOf(new URL(url)));
  // hostile: one public address among private ones is how a name slips through a guard
  const [first] = addresses;
  if (first !== undefined && addresses.every(isPublicAddress)) return first;
  throw refusal("UNSAFE_MEDIA_URL", "the host's name does not lead to public addresses only", options);
}

async function readBody(response: MediaResponse, signal: AbortSignal, options: MediaFetchOptions): Promise<Uint8Array> {
  if (response.status !== 200) {
    throw refusal("UNREADABLE_MEDIA", `the host answered with status ${response.status}`, options);
  }
  checkContentType(response.headers["content-type"], options);
  // hostile: of chunks of one byte each, a list would take a hundred times their size
  let bytes = new Uint8Array(Math.min(options.maxBytes, 65_536));
  let total = 0;
  for await (const chunk of decode(response, signal, options)) {
    const end = total + chunk.length;
    if (end > options.maxBytes) throw refusal("MEDIA_TOO_LARGE", sizeFault(end, options.maxBytes) ?? "", options);
    if (end > bytes.length) {
      const larger = new Uint8Array(Math.min(options.maxBytes, Math.max(end, bytes.length * 2)));
      larger.set(bytes.subarray(0, total));
      bytes = larger;
    }
    bytes.set(chunk, total);
    total = end;
  }
  return bytes.slice(0, total);
}

function checkContentType(header: string | string[] | undefined, options: MediaFetchOptions): void {
  const found = typeof header === "string" ? parseMimeType(header) : undefined;
  const expected = parseMimeType(options.mimeType);
  if (found !== undefined && expected !== undefined) {
    if (found.type === expected.type && formatOf(found) === formatOf(expected)) return;
  }
  const message = `the host sends ${found?.essence ?? "no content type"}; expected ${options.mimeType}`;
  throw refusal("MIME_TYPE_MISMATCH", message, options);
}

function decode(response: MediaResponse, signal: AbortSignal, options: MediaFetchOptions): AsyncIterable<Uint8Array> {
  const encoding = response.headers["content-encoding"] ?? "identity";
  const body = addAbortSignal(signal, Readable.from(response.body));
  if (encoding === "identity") return body;
  const create = typeof encoding === "string" && Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (create === undefined) throw refusal("UNREADABLE_MEDIA", "the host sends an unknown content encoding", options);
  const decoder = create();
  body.on("error", (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

const DECODERS: { readonly [encoding: string]: () => NodeJS.ReadWriteStream & Readable } = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

async function resolveAddresses(host: string): Promise<readonly string[]> {
  const found = await resolveName(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** The name stays in the URL for TLS and the Host header; the connection goes to the checked address. */
function requestOverHttps({ url, address, headers, signal }: MediaRequest): Promise<MediaResponse> {
  const family = address.includes(":") ? 6 : 4;
  const lookup: LookupFunction = (_host, { all }, callback) =>
    all ? callback(null, [{ address, family }]) : callback(null, address, family);
  return new Promise((resolve, reject) => {
    const call = httpsRequest(url, { lookup, headers, signal, agent: false }, (answer) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }),
    );
    call.on("error", reject);
    call.end();
  });
}

function refusal(
  code: DiagnosticCode,
  message: string,
  { pointer = "" }: MediaFetchOptions,
  options?: ErrorOptions,
): InputError {
  return new InputError([createDiagnostic(code, pointer, message)], options);
}
