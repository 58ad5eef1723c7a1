import { describe, expect, it } from "vitest";
import { checkMediaBytes, sniffFormats } from "./check-media-bytes.ts";
import { parseMimeType, type MimeType } from "./mime-type.ts";

const mime = (text: string): MimeType => parseMimeType(text) as MimeType;
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const codes = (text: string, mimeType: string, maxPixels?: number): string[] =>
  checkMediaBytes(latin1(text), mime(mimeType), maxPixels === undefined ? {} : { maxPixels }).map(({ code }) => code);

const PNG = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10";

describe("checkMediaBytes", () => {
  it.each([
    [PNG, "image/png"],
    ["\xff\xd8\xff\xe0", "image/jpg"],
    ["GIF89a\x01\0\x01\0", "image/gif"],
    ["RIFF....WAVE", "audio/x-wav"],
    ["RIFF....WEBPVP8 ", "image/webp"],
    ["ID3\x03", "audio/mpeg"],
    ["....ftypisom", "video/mp4"],
    ["....ftypqt  ", "video/quicktime"],
    ["%PDF-1.7", "application/pdf"],
    ["PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["# Title", "text/markdown"],
    ["BM, a text", "text/plain"],
    ["anything", "model/obj"],
  ])("accepts %j as %s", (text, mimeType) => {
    expect(codes(text, mimeType)).toEqual([]);
  });

  it.each([
    ["<html>", "image/png"],
    ["\x7fELF\x02", "image/png"],
    ["GIF89a\x01\0\x01\0", "image/png"],
    ["", "image/png"],
    ["RIFF....AVI ", "audio/wav"],
    ["%PDF-1.7", "text/plain"],
    ["a\0b", "text/plain"],
  ])("finds that %j is not %s", (text, mimeType) => {
    expect(codes(text, mimeType)).toEqual(["MEDIA_CONTENT_MISMATCH"]);
  });

  it("says what the bytes look like instead", () => {
    const [fault] = checkMediaBytes(latin1("%PDF-1.7"), mime("image/png"), { pointer: "/0" });
    expect(fault).toMatchObject({ pointer: "/0", message: "the bytes are not image/png but look like pdf" });
  });

  it("caps the pixels that a header claims", () => {
    expect(codes(PNG, "image/png", 256)).toEqual([]);
    expect(codes(PNG, "image/png", 255)).toEqual(["TOO_MANY_PIXELS"]);
    expect(codes(PNG.replaceAll("\0\0\0\x10", "\0\0\xff\xff"), "image/png")).toEqual(["TOO_MANY_PIXELS"]);
  });
});

describe("sniffFormats", () => {
  it("returns every format that shares the signature", () => {
    expect(sniffFormats(latin1("\x1aE\xdf\xa3"))).toEqual(["webm", "mkv"]);
    expect(sniffFormats(latin1("hello"))).toEqual([]);
  });
});
