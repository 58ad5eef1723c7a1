import { describe, expect, it } from "vitest";
import { imageSize } from "./image-size.ts";

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (letter) => letter.charCodeAt(0)) : part)),
  );

describe("imageSize", () => {
  it("reads png", () => {
    const png = bytes([0x89], "PNG\r\n", [0x1a, 0x0a, 0, 0, 0, 13], "IHDR", [0, 0, 1, 2, 0, 0, 0, 3]);
    expect(imageSize(png, "png")).toEqual({ width: 258, height: 3 });
  });

  it("reads gif", () => {
    expect(imageSize(bytes("GIF89a", [2, 1, 3, 0]), "gif")).toEqual({ width: 258, height: 3 });
  });

  it("reads bmp, whose rows may run downwards", () => {
    const head = bytes(
      "BM",
      Array.from({ length: 16 }, () => 0),
      [2, 0, 0, 0],
      [0xfd, 0xff, 0xff, 0xff],
    );
    expect(imageSize(head, "bmp")).toEqual({ width: 2, height: 3 });
  });

  it("reads the three kinds of webp", () => {
    const riff = bytes("RIFF", [0, 0, 0, 0], "WEBP");
    const lossy = bytes([...riff], "VP8 ", [0, 0, 0, 0], [0, 0, 0, 0x9d, 0x01, 0x2a], [2, 0, 3, 0]);
    const lossless = bytes([...riff], "VP8L", [0, 0, 0, 0], [0x2f, 0x01, 0x80, 0x00, 0x00]);
    const extended = bytes([...riff], "VP8X", [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 2, 0, 0]);
    expect(imageSize(lossy, "webp")).toEqual({ width: 2, height: 3 });
    expect(imageSize(lossless, "webp")).toEqual({ width: 2, height: 3 });
    expect(imageSize(extended, "webp")).toEqual({ width: 2, height: 3 });
    expect(imageSize(bytes([...riff], "NOPE"), "webp")).toBeUndefined();
  });

  it("finds the frame of a jpeg behind its segments", () => {
    const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xff, 0xc2, 0, 11, 8, 0, 3, 0, 2, 0]);
    expect(imageSize(jpeg, "jpeg")).toEqual({ width: 2, height: 3 });
  });

  it("ends on a jpeg whose segments claim no length", () => {
    const jpeg = new Uint8Array(1_000_000).fill(0xff);
    expect(imageSize(jpeg, "jpeg")).toBeUndefined();
    expect(
      imageSize(
        bytes(
          [0xff, 0xd8],
          Array.from({ length: 200_000 }, (_, index) => [0xff, 0xe0, 0, 0][index % 4] ?? 0),
        ),
        "jpeg",
      ),
    ).toBeUndefined();
  });

  it("knows nothing of other formats", () => {
    expect(imageSize(bytes("II*"), "tiff")).toBeUndefined();
  });
});
