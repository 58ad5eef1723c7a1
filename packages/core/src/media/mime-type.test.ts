import { describe, expect, it } from "vitest";
import { formatNamed, formatOf, parseMimeType } from "./mime-type.ts";

const format = (text: string): string | undefined => {
  const mimeType = parseMimeType(text);
  return mimeType && formatOf(mimeType);
};

describe("parseMimeType", () => {
  it("ignores case and parameters", () => {
    expect(parseMimeType("Image/PNG; q=1")).toEqual({ type: "image", subtype: "png", essence: "image/png" });
    expect(parseMimeType('text/plain; charset="utf-8"; x=y')?.essence).toBe("text/plain");
  });

  it.each([
    "",
    "png",
    "image/",
    "/png",
    "image/png;base64,AAAA",
    "image/png\r\nX-Evil: 1",
    "text/html,<script>alert(1)</script>//image/png",
    "image/png/x",
    " image/png",
    `image/${"a".repeat(300)}`,
  ])("refuses %j", (text) => {
    expect(parseMimeType(text)).toBeUndefined();
  });

  it("is linear in hostile parameters", () => {
    expect(parseMimeType(`a/b${"; ".repeat(100)}`)).toBeUndefined();
  });
});

describe("formatOf", () => {
  it.each([
    ["image/jpeg", "jpeg"],
    ["image/jpg", "jpeg"],
    ["image/svg+xml", "svg"],
    ["audio/mpeg", "mp3"],
    ["video/mpeg", "mpeg"],
    ["audio/mp4", "m4a"],
    ["audio/x-m4a", "m4a"],
    ["video/mp4", "mp4"],
    ["video/quicktime", "mov"],
    ["video/x-matroska", "mkv"],
    ["audio/x-wav", "wav"],
    ["text/plain", "txt"],
    ["text/markdown", "md"],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
    ["application/msword", "doc"],
    ["model/obj", "obj"],
  ])("knows %s as %s", (mimeType, name) => {
    expect(format(mimeType)).toBe(name);
  });

  it("reads a format as packs list it", () => {
    expect(formatNamed("JPG", "image")).toBe("jpeg");
    expect(formatNamed(".jpg", "image")).toBe("jpeg");
    expect(formatNamed("image/jpeg", "image")).toBe("jpeg");
    expect(formatNamed("mpeg", "audio")).toBe("mp3");
    expect(formatNamed("mpeg", "video")).toBe("mpeg");
    expect(formatNamed("mp4", "audio")).toBe("m4a");
  });

  it("takes the names of inherited members as ordinary formats", () => {
    expect(formatNamed("constructor", "toString")).toBe("constructor");
  });
});
