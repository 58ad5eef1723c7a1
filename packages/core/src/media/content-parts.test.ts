import { describe, expect, it } from "vitest";
import type { MultimodalPart } from "../schema/sections/media.ts";
import { toContentParts } from "./content-parts.ts";

const faults = (...parts: readonly unknown[]): string[] =>
  toContentParts(parts as MultimodalPart[]).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
const image = (media: object): MultimodalPart => ({ type: "image", media: { mime_type: "image/png", ...media } });

describe("toContentParts", () => {
  it("keeps text, reasoning, refusals and media in order", () => {
    const parts = [
      { type: "text", text: "See" },
      { type: "image", media: { mime_type: "IMAGE/PNG; q=1", url: "https://x.test/a", detail: "low", caption: "A" } },
      { type: "reasoning", text: "hm" },
    ] as const;
    expect(toContentParts(parts)).toEqual({
      parts: [
        parts[0],
        { type: "image", media: { mime_type: "image/png", url: "https://x.test/a", detail: "low", caption: "A" } },
        parts[2],
      ],
      diagnostics: [],
    });
  });

  it("turns an unknown type with text into text", () => {
    expect(toContentParts([{ type: "note", text: "hello" }]).parts).toEqual([{ type: "text", text: "hello" }]);
  });

  it("carries media of a custom type", () => {
    const part = { type: "model3d", media: { mime_type: "model/obj", base64: "QUJD" } };
    expect(toContentParts([part]).parts).toEqual([part]);
  });

  it("takes null as absent", () => {
    expect(toContentParts([image({ url: "https://x.test/a", base64: null, caption: null })]).parts).toHaveLength(1);
  });

  it("refuses a text part without text and an unknown type with nothing", () => {
    expect(faults({ type: "text" }, { type: "text", text: "" }, { type: "note" })).toEqual([
      "EMPTY_TEXT_PART /0",
      "EMPTY_TEXT_PART /1",
      "EMPTY_TEXT_PART /2",
    ]);
  });

  it("refuses a media part without media, even with text", () => {
    expect(faults({ type: "image" }, { type: "audio", text: "words" }, { type: "note", media: 1 })).toEqual([
      "MISSING_MEDIA /0",
      "MISSING_MEDIA /1",
      "MISSING_MEDIA /2",
    ]);
  });

  it("wants exactly one source", () => {
    expect(faults(image({}), image({ url: "" }), image({ base64: 5 }))).toEqual([
      "MISSING_MEDIA_SOURCE /0/media",
      "MISSING_MEDIA_SOURCE /1/media",
      "MISSING_MEDIA_SOURCE /2/media",
    ]);
    expect(faults(image({ url: "https://x.test", file_path: "a.png" }))).toEqual(["SEVERAL_MEDIA_SOURCES /0/media"]);
  });

  it("wants a MIME type that fits the part", () => {
    expect(faults(image({ url: "https://x.test", mime_type: "png" }))).toEqual([
      "INVALID_MIME_TYPE /0/media/mime_type",
    ]);
    expect(faults(image({ url: "https://x.test", mime_type: undefined }))).toEqual([
      "INVALID_MIME_TYPE /0/media/mime_type",
    ]);
    expect(faults(image({ url: "https://x.test", mime_type: "audio/mp3" }))).toEqual([
      "MIME_TYPE_MISMATCH /0/media/mime_type",
    ]);
    expect(faults({ type: "document", media: { mime_type: "image/png", url: "https://x.test" } })).toEqual([
      "MIME_TYPE_MISMATCH /0/media/mime_type",
    ]);
    expect(faults({ type: "audio", media: { mime_type: "application/ogg", url: "https://x.test" } })).toEqual([]);
  });

  it("refuses what is no part and still looks at the others", () => {
    expect(faults(null, "text", { type: 1 }, { type: "text" })).toEqual([
      "WRONG_TYPE /0",
      "WRONG_TYPE /1",
      "WRONG_TYPE /2",
      "EMPTY_TEXT_PART /3",
    ]);
  });
});
