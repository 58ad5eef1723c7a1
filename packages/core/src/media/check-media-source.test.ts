import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMediaUrl, mediaPathFault, type MediaUrlOptions } from "./check-media-source.ts";

const accepts = (url: string, options?: MediaUrlOptions): boolean => checkMediaUrl(url, options).length === 0;

describe("checkMediaUrl", () => {
  it("accepts an https URL of a public name", () => {
    expect(checkMediaUrl("https://cdn.example.com/a.png?x=1#y")).toEqual([]);
    expect(accepts("https://cdn.example.com:443/a.png")).toBe(true);
    expect(accepts("https://CDN.Example.com./a.png", { allowedHosts: ["cdn.example.com"] })).toBe(true);
  });

  it.each([
    "cdn.example.com/a.png",
    "",
    "http://cdn.example.com/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "https://cdn.example.com:22/",
    "https://user@cdn.example.com/",
    "https://:pass@cdn.example.com/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://127.1/",
    "https://2852039166/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://127.0.0.1./",
    "https://①②⑦.⓪.⓪.①/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://intranet/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://router.home.arpa/",
    "https:\\\\127.0.0.1\\x",
    "ht\ntps://cdn.example.com/",
    "https://cdn.example.com/a b",
    `https://cdn.example.com/${"a".repeat(9000)}`,
  ])("refuses %j", (url) => {
    expect(checkMediaUrl(url, { pointer: "/x" })).toMatchObject([{ code: "UNSAFE_MEDIA_URL", pointer: "/x" }]);
  });

  it.each([
    "https://example.com.evil.net/",
    "https://evilexample.com/",
    "https://www.example.com/",
    "https://ex\u0430mple.com/",
  ])("does not take %s for an allowed example.com", (url) => {
    expect(accepts(url, { allowedHosts: ["example.com"] })).toBe(false);
  });

  it("allows every public name with a star and none with an empty list", () => {
    expect(accepts("https://example.com/", { allowedHosts: ["*"] })).toBe(true);
    expect(accepts("https://example.com/", { allowedHosts: [] })).toBe(false);
  });

  it("never repeats the user information of a URL", () => {
    expect(JSON.stringify(checkMediaUrl("https://bob:hunter2@cdn.example.com/"))).not.toContain("hunter2");
  });

  it("lets a pack declare http, ports and public addresses, but nothing local", () => {
    const declared = { declaredOnly: true };
    expect(accepts("http://cdn.example.com:8080/a.png", declared)).toBe(true);
    expect(accepts("http://8.8.8.8/a.png", declared)).toBe(true);
    expect(accepts("http://intranet/a.png", declared)).toBe(true);
    expect(accepts("http://169.254.169.254/latest", declared)).toBe(false);
    expect(accepts("http://[::1]/", declared)).toBe(false);
    expect(accepts("http://localhost/", declared)).toBe(false);
    expect(accepts("ftp://cdn.example.com/", declared)).toBe(false);
  });

  it("never accepts an IPv4 address, however it is written", () => {
    const spell = (part: number, style: number): string =>
      style === 0 ? String(part) : style === 1 ? `0x${part.toString(16)}` : `0${part.toString(8)}`;
    const octet = fc.nat(255);
    fc.assert(
      fc.property(
        fc.tuple(octet, octet, octet, octet),
        fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
        fc.constantFrom(".", "。", "．", "｡"),
        fc.constantFrom("", ".", "/", ":443/", "?x"),
        fc.constantFrom("four", "three", "two", "one"),
        (octets, styles, dot, end, form) => {
          const [a, b, c, d] = octets;
          const numbers = {
            four: [a, b, c, d],
            three: [a, b, c * 256 + d],
            two: [a, b * 65_536 + c * 256 + d],
            one: [a * 16_777_216 + b * 65_536 + c * 256 + d],
          }[form];
          const host = numbers.map((part, index) => spell(part, styles[index] ?? 0)).join(dot);
          expect(accepts(`https://${host}${end}`)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("never accepts an IPv6 address", () => {
    fc.assert(fc.property(fc.ipV6(), (address) => !accepts(`https://[${address}]/`)));
  });
});

describe("mediaPathFault", () => {
  it.each(["a.png", "images/a.png", "images/sub dir/ä.png", ".hidden/a.png", "a..b/c"])("accepts %j", (path) => {
    expect(mediaPathFault(path)).toBeUndefined();
  });

  it.each([
    ["/etc/passwd", "absolute"],
    ["C:\\Windows\\win.ini", "absolute"],
    ["\\\\evil\\share", "absolute"],
    ["../a.png", "outside"],
    ["a/../../b.png", "outside"],
    ["..\\..\\secret.png", "outside"],
    ["a/../b.png", "unportable"],
    ["./a.png", "unportable"],
    ["a//b.png", "unportable"],
    ["a/", "unportable"],
    ["", "unportable"],
    ["%2e%2e/a.png", "unportable"],
    ["~/a.png", "unportable"],
    ["a.png::$DATA", "unportable"],
    ["file:///etc/passwd", "unportable"],
    ["a.png\0.txt", "unportable"],
  ])("says that %j is %s", (path, fault) => {
    expect(mediaPathFault(path)).toBe(fault);
  });
});
