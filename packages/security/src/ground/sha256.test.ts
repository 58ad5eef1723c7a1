import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.ts";

const expected = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

describe("sha256", () => {
  it("gives the digest of the standard's example", () => {
    expect(sha256("abc")).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("agrees with the host's for every length around a block, and for any bytes", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(sha256(bytes)).toBe(expected(bytes));
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => sha256(bytes) === expected(bytes)));
  });

  it("digests a part of a buffer, and text as its UTF-8", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(sha256(bytes)).toBe(expected(Uint8Array.of(2, 3)));
    expect(sha256("ü")).toBe(expected(new TextEncoder().encode("ü")));
  });
});
