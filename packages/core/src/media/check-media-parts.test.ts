import { describe, expect, it } from "vitest";
import type { MediaConfig, MultimodalPart } from "../schema/sections/media.ts";
import { checkMediaParts, type MediaPartsOptions, maxBytesOf, supportedTypes } from "./check-media-parts.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const image = (media: object = {}): MultimodalPart => ({
  type: "image",
  media: { mime_type: "image/png", url: "https://cdn.example.com/a.png", ...media },
});
const inline = (base64: string): MultimodalPart => ({ type: "image", media: { mime_type: "image/png", base64 } });
const audio = { type: "audio", media: { mime_type: "audio/mpeg", url: "https://cdn.example.com/a.mp3" } };
const images: MediaConfig = { enabled: true, supported_types: ["image"] };

const faults = (part: MultimodalPart, config: MediaConfig | undefined, options?: MediaPartsOptions): string[] =>
  checkMediaParts([part], config, options).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);

describe("checkMediaParts", () => {
  it("returns parts that pass as models get them", () => {
    const { parts, diagnostics } = checkMediaParts([{ type: "text", text: "See" }, image()], images);
    expect(parts).toEqual([{ type: "text", text: "See" }, image()]);
    expect(diagnostics).toEqual([]);
  });

  it("lets text pass and refuses media where media are not enabled", () => {
    expect(faults({ type: "text", text: "a" }, undefined)).toEqual([]);
    expect(faults(image(), undefined)).toEqual(["MEDIA_DISABLED /0"]);
    expect(faults(image(), { enabled: false, image: {} })).toEqual(["MEDIA_DISABLED /0"]);
  });

  it("refuses a type that is not supported and says what is", () => {
    expect(checkMediaParts([audio], images).diagnostics).toMatchObject([
      { code: "UNSUPPORTED_MEDIA_TYPE", pointer: "/0/type", message: expect.stringContaining('"image"') },
    ]);
    expect(faults({ ...audio, type: "constructor" }, images)).toEqual(["UNSUPPORTED_MEDIA_TYPE /0/type"]);
  });

  it("supports the configured types where supported_types is absent", () => {
    const config: MediaConfig = { enabled: true, image: {}, model3d: { validation_params: {} }, examples: [] };
    expect(supportedTypes(config)).toEqual(["image", "model3d"]);
    expect(faults(image(), config)).toEqual([]);
  });

  it("compares formats by what they mean, for custom types too", () => {
    const jpeg = image({ mime_type: "image/jpeg" });
    expect(faults(jpeg, { ...images, image: { allowed_formats: ["JPG"] } })).toEqual([]);
    expect(faults(jpeg, { ...images, image: { allowed_formats: ["png"] } })).toEqual([
      "MEDIA_FORMAT_NOT_ALLOWED /0/media/mime_type",
    ]);
    const model = { type: "model3d", media: { mime_type: "model/obj", url: "https://cdn.example.com/a" } };
    expect(
      faults(model, { enabled: true, supported_types: ["model3d"], model3d: { allowed_formats: ["gltf"] } }),
    ).toEqual(["MEDIA_FORMAT_NOT_ALLOWED /0/media/mime_type"]);
  });

  it("checks inline bytes: size, base64, content and pixels", () => {
    expect(faults(inline(PNG), images)).toEqual([]);
    expect(faults(inline(PNG), images, { maxBytes: 10 })).toEqual(["MEDIA_TOO_LARGE /0/media/base64"]);
    expect(faults(inline("A".repeat(1_500_000)), { ...images, image: { max_size_mb: 1 } })).toEqual([
      "MEDIA_TOO_LARGE /0/media/base64",
    ]);
    expect(faults(inline(`${PNG}%%`), images)).toEqual(["INVALID_BASE64 /0/media/base64"]);
    expect(faults(inline("QUJD"), images)).toEqual(["MEDIA_CONTENT_MISMATCH /0/media/base64"]);
    expect(faults(inline(PNG), images, { maxPixels: 0 })).toEqual(["TOO_MANY_PIXELS /0/media/base64"]);
  });

  it("guards URLs and file paths without opening either", () => {
    expect(faults(image({ url: "http://cdn.example.com" }), images)).toEqual(["UNSAFE_MEDIA_URL /0/media/url"]);
    expect(faults(image(), images, { allowedHosts: ["example.org"] })).toEqual(["UNSAFE_MEDIA_URL /0/media/url"]);
    expect(faults(image({ url: undefined, file_path: "a/b.png" }), images)).toEqual([]);
    expect(faults(image({ url: undefined, file_path: "../b.png" }), images)).toEqual([
      "UNSAFE_MEDIA_PATH /0/media/file_path",
    ]);
  });

  it("requires captions and metadata where the pack does", () => {
    const captions = { ...images, image: { require_caption: true } };
    expect(faults(image(), captions)).toEqual(["MISSING_CAPTION /0/media"]);
    expect(faults(image({ caption: " " }), captions)).toEqual(["MISSING_CAPTION /0/media"]);
    expect(faults(image({ caption: "A quay" }), captions)).toEqual([]);
    const sounds: MediaConfig = {
      enabled: true,
      supported_types: ["audio"],
      audio: { require_metadata: true, max_duration_sec: 60 },
    };
    expect(faults(audio, sounds)).toEqual(["MISSING_MEDIA_METADATA /0"]);
    expect(faults(audio, sounds, { metadata: [{ duration_sec: 60 }] })).toEqual([]);
    expect(faults(audio, sounds, { metadata: [{ duration_sec: 61 }] })).toEqual(["MEDIA_TOO_LONG /0"]);
  });

  it("checks what the host measured: size and pages", () => {
    const config: MediaConfig = {
      enabled: true,
      supported_types: ["document"],
      document: { max_pages: 3, max_size_mb: 1 },
    };
    const pdf = { type: "document", media: { mime_type: "application/pdf", url: "https://cdn.example.com/a.pdf" } };
    expect(faults(pdf, config, { metadata: [{ pages: 3, size_bytes: 1_048_576 }] })).toEqual([]);
    expect(faults(pdf, config, { metadata: [{ pages: 4, size_bytes: 1_048_577 }] })).toEqual([
      "TOO_MANY_PAGES /0",
      "MEDIA_TOO_LARGE /0/media",
    ]);
  });

  it("counts the images of a message", () => {
    const config = { ...images, image: { max_images_per_msg: 1 } };
    expect(checkMediaParts([image()], config).diagnostics).toEqual([]);
    expect(checkMediaParts([image(), image()], config).diagnostics).toMatchObject([
      { code: "TOO_MANY_IMAGES", pointer: "" },
    ]);
  });

  it("fills in the prompt's default_detail where an image has none", () => {
    const config = { ...images, image: { default_detail: "low" } };
    expect(checkMediaParts([image()], config).parts).toMatchObject([{ media: { detail: "low" } }]);
    expect(checkMediaParts([image({ detail: "high" })], config).parts).toMatchObject([{ media: { detail: "high" } }]);
    expect(checkMediaParts([image()], { ...images, image: { default_detail: "huge" } }).parts).toEqual([image()]);
  });

  it("collects every fault and returns no parts then", () => {
    const { parts, diagnostics } = checkMediaParts([{ type: "text" }, audio, image({ url: "x" })], images);
    expect(parts).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual([
      "EMPTY_TEXT_PART",
      "UNSUPPORTED_MEDIA_TYPE",
      "UNSAFE_MEDIA_URL",
    ]);
  });
});

describe("maxBytesOf", () => {
  it("is the minimum of pack and host", () => {
    const config: MediaConfig = { enabled: true, image: { max_size_mb: 2 } };
    expect(maxBytesOf(config, "image", 5)).toBe(5);
    expect(maxBytesOf(config, "image")).toBe(2_097_152);
    expect(maxBytesOf(config, "audio")).toBe(Infinity);
    expect(maxBytesOf(undefined, "image", 5)).toBe(5);
  });
});
