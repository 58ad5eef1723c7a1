import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError } from "../diagnostics/errors.ts";
import { fetchMedia, type MediaFetchOptions, type MediaRequest, type MediaResponse } from "./fetch-media.ts";

type Answer = Partial<MediaResponse>;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A network without a network: answers by URL and remembers what was asked. */
function network(
  answers: { readonly [url: string]: Answer },
  addresses: { readonly [host: string]: readonly string[] } = {},
): { readonly requests: MediaRequest[]; readonly options: MediaFetchOptions } {
  const requests: MediaRequest[] = [];
  const options: MediaFetchOptions = {
    allowedHosts: ["a.test", "b.test", "evil.test"],
    maxBytes: 100,
    mimeType: "image/png",
    lookup: async (host) => addresses[host] ?? ["93.184.216.34"],
    request: async (request) => {
      requests.push(request);
      return {
        status: 200,
        headers: { "content-type": "image/png" },
        body: once(Buffer.from("ok")),
        ...answers[request.url],
      };
    },
  };
  return { requests, options };
}

const failure = async (url: string, options: MediaFetchOptions): Promise<InputError> => {
  const outcome = await fetchMedia(url, options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  return outcome as InputError;
};
const redirect = (location?: string): Answer => ({ status: 302, headers: location === undefined ? {} : { location } });

describe("fetchMedia", () => {
  it("fetches over the checked address and names the type it wants", async () => {
    const { requests, options } = network({});
    expect(Buffer.from(await fetchMedia("https://a.test/x.png", options)).toString()).toBe("ok");
    expect(requests).toMatchObject([
      {
        url: "https://a.test/x.png",
        address: "93.184.216.34",
        headers: { accept: "image/png", "accept-encoding": "identity" },
      },
    ]);
  });

  it.each(["http://a.test/", "https://c.test/", "https://127.0.0.1/", "https://a.test:8443/"])(
    "refuses %s before it resolves or connects",
    async (url) => {
      const { requests, options } = network({});
      expect((await failure(url, options)).code).toBe("UNSAFE_MEDIA_URL");
      expect(requests).toEqual([]);
    },
  );

  it.each([[["93.184.216.34", "10.0.0.7"]], [["::1"]], [[]]])("refuses a name that leads to %j", async (addresses) => {
    const { requests, options } = network({}, { "evil.test": addresses });
    expect((await failure("https://evil.test/", options)).code).toBe("UNSAFE_MEDIA_URL");
    expect(requests).toEqual([]);
  });

  it("follows three redirects, checking each like the first", async () => {
    const hops = {
      "https://a.test/1": redirect("/2"),
      "https://a.test/2": redirect("https://b.test/3"),
      "https://b.test/3": redirect("https://b.test/4"),
    };
    const { requests, options } = network(hops);
    expect(await fetchMedia("https://a.test/1", options)).toHaveLength(2);
    expect(requests).toHaveLength(4);
    const far = network({ ...hops, "https://b.test/4": redirect("https://b.test/5") });
    expect((await failure("https://a.test/1", far.options)).code).toBe("UNREADABLE_MEDIA");
    expect(far.requests).toHaveLength(4);
  });

  it.each([
    "http://a.test/",
    "https://169.254.169.254/",
    "https://c.test/",
    "https://evil.test/",
    "file:///etc/passwd",
  ])("refuses a redirect to %s", async (location) => {
    const { requests, options } = network({ "https://a.test/": redirect(location) }, { "evil.test": ["127.0.0.1"] });
    expect((await failure("https://a.test/", options)).code).toBe("UNSAFE_MEDIA_URL");
    expect(requests).toHaveLength(1);
  });

  it("refuses a redirect to nowhere and an answer that is not 200", async () => {
    const { options } = network({ "https://a.test/": redirect(), "https://b.test/": { status: 404 } });
    expect((await failure("https://a.test/", options)).code).toBe("UNREADABLE_MEDIA");
    expect((await failure("https://b.test/", options)).message).toContain("404");
  });

  it.each([gzipSync, deflateSync, brotliCompressSync])("counts decoded bytes, compressed with %o", async (compress) => {
    const encoding = compress === gzipSync ? "gzip" : compress === deflateSync ? "deflate" : "br";
    const headers = { "content-type": "image/png", "content-encoding": encoding };
    const { options } = network({
      "https://a.test/": { headers, body: once(compress(Buffer.alloc(100))) },
      "https://b.test/": { headers, body: once(compress(Buffer.alloc(10_000_000))) },
    });
    expect(await fetchMedia("https://a.test/", options)).toHaveLength(100);
    expect((await failure("https://b.test/", options)).code).toBe("MEDIA_TOO_LARGE");
  });

  it("refuses broken and unknown encodings", async () => {
    const answer = (encoding: string): Answer => ({
      headers: { "content-type": "image/png", "content-encoding": encoding },
      body: once(Buffer.from("not gzip")),
    });
    const { options } = network({ "https://a.test/": answer("gzip"), "https://b.test/": answer("constructor") });
    expect((await failure("https://a.test/", options)).code).toBe("UNREADABLE_MEDIA");
    expect((await failure("https://b.test/", options)).code).toBe("UNREADABLE_MEDIA");
  });

  it("wants the content type that the part declares, by its meaning", async () => {
    const typed = (type: string | undefined): Answer => ({ headers: { "content-type": type } });
    const { options } = network({
      "https://a.test/1": typed("text/html"),
      "https://a.test/2": typed(undefined),
      "https://a.test/3": typed("IMAGE/JPG; q=1"),
    });
    expect((await failure("https://a.test/1", options)).code).toBe("MIME_TYPE_MISMATCH");
    expect((await failure("https://a.test/2", options)).code).toBe("MIME_TYPE_MISMATCH");
    expect(await fetchMedia("https://a.test/3", { ...options, mimeType: "image/jpeg" })).toHaveLength(2);
  });

  it("ends when a host never answers and when a body never ends", { timeout: 5000 }, async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const { options } = network({
      "https://a.test/": { body: { [Symbol.asyncIterator]: () => ({ next: never }) } },
    });
    const soon = { ...options, timeoutMs: 20 };
    expect((await failure("https://a.test/", soon)).message).toContain("too long");
    expect((await failure("https://a.test/", { ...soon, lookup: never })).code).toBe("UNREADABLE_MEDIA");
    expect((await failure("https://a.test/", { ...soon, request: never })).code).toBe("UNREADABLE_MEDIA");
  });

  it("closes the connection after a refusal", async () => {
    const { requests, options } = network({ "https://a.test/": { status: 500 } });
    await failure("https://a.test/", options);
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it("turns a failing connection into an InputError that keeps the cause to itself", async () => {
    const { options } = network({});
    const cause = new Error("connect ECONNREFUSED 93.184.216.34");
    const error = await failure("https://a.test/", { ...options, request: () => Promise.reject(cause) });
    expect(error.code).toBe("UNREADABLE_MEDIA");
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain("ECONNREFUSED");
  });
});
