import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { MediaConfig, MultimodalPart } from "../schema/sections/media.ts";
import { checkMediaRules } from "./rules.ts";

const found = (media: MediaConfig): string[] => {
  const { findings, report } = collectFindings();
  const prompt = { id: "main", name: "M", version: "1.0.0", system_template: "x", media };
  checkMediaRules({ prompts: { main: prompt } }, report);
  return findings.map(({ diagnostic: { code, severity, pointer } }) => {
    expect(pointer.startsWith("/prompts/main/media")).toBe(true);
    return `${severity} ${code} ${pointer.slice("/prompts/main/media".length)}`;
  });
};
const example = (...parts: readonly object[]): MediaConfig => ({
  enabled: true,
  supported_types: ["image"],
  image: { max_size_mb: 1 },
  examples: [{ name: "e", role: "user", parts: parts as readonly MultimodalPart[] }],
});
const image = (media: object): object => ({ type: "image", media: { mime_type: "image/png", ...media } });

describe("checkMediaRules", () => {
  it("is silent about settings that fit together", () => {
    const config: MediaConfig = {
      enabled: true,
      supported_types: ["image", "model3d"],
      image: { allowed_formats: ["JPG", "png"], default_detail: "high" },
      model3d: { validation_params: {} },
      examples: [
        {
          name: "e",
          role: "user",
          parts: [
            { type: "text", text: "See" },
            { type: "image", media: { mime_type: "image/png", file_path: "images/a.png" } },
            { type: "image", media: { mime_type: "image/png", url: "http://cdn.example.com/a.png" } },
          ],
        },
      ],
    };
    expect(found(config)).toEqual([]);
    expect(found({ enabled: false })).toEqual([]);
  });

  it("wants a type where media are enabled", () => {
    expect(found({ enabled: true })).toEqual(["warning NO_MEDIA_TYPES "]);
    expect(found({ enabled: true, supported_types: [] })).toEqual(["warning NO_MEDIA_TYPES "]);
    expect(found({ enabled: true, image: {} })).toEqual(["info IMPLIED_MEDIA_TYPES "]);
  });

  it("compares supported and configured types", () => {
    expect(found({ enabled: true, supported_types: ["image", "audio"], image: {}, video: {} })).toEqual([
      "warning UNCONFIGURED_MEDIA_TYPE /supported_types/1",
      "info UNLISTED_MEDIA_TYPE /video",
    ]);
  });

  it("knows the formats of images and videos only", () => {
    const config = { enabled: true, supported_types: ["image", "audio"], image: { allowed_formats: ["png", "pgn"] } };
    expect(found({ ...config, audio: { allowed_formats: ["whatever"] } })).toEqual([
      "warning UNKNOWN_MEDIA_FORMAT /image/allowed_formats/1",
    ]);
  });

  it("knows the details of images", () => {
    expect(found({ enabled: true, supported_types: ["image"], image: { default_detail: "huge" } })).toEqual([
      "warning UNKNOWN_IMAGE_DETAIL /image/default_detail",
    ]);
  });

  it("checks the parts of examples", () => {
    expect(
      found(example({ type: "text" }, { type: "image" }, image({}), image({ base64: "QUJD", url: "https://x.test" }))),
    ).toEqual([
      "error EMPTY_TEXT_PART /examples/0/parts/0",
      "error MISSING_MEDIA /examples/0/parts/1",
      "error MISSING_MEDIA_SOURCE /examples/0/parts/2/media",
      "error SEVERAL_MEDIA_SOURCES /examples/0/parts/3/media",
    ]);
    expect(found(example(image({ mime_type: "audio/mp3", base64: "QUJD" })))).toEqual([
      "error MIME_TYPE_MISMATCH /examples/0/parts/0/media/mime_type",
    ]);
    expect(
      found(example(image({ base64: "@@@" }), image({ base64: "QUJD" }), image({ base64: "A".repeat(1_500_000) }))),
    ).toEqual([
      "error INVALID_BASE64 /examples/0/parts/0/media/base64",
      "error MEDIA_CONTENT_MISMATCH /examples/0/parts/1/media/base64",
      "error MEDIA_TOO_LARGE /examples/0/parts/2/media/base64",
    ]);
  });

  it("checks the places that examples name", () => {
    expect(found(example(image({ url: "file:///etc/passwd" }), image({ url: "http://169.254.169.254/x" })))).toEqual([
      "error UNSAFE_MEDIA_URL /examples/0/parts/0/media/url",
      "error UNSAFE_MEDIA_URL /examples/0/parts/1/media/url",
    ]);
    const paths = ["/a.png", "../a.png", "a%2e.png"].map((file_path) => image({ file_path }));
    expect(found(example(...paths))).toEqual([
      "warning ABSOLUTE_MEDIA_PATH /examples/0/parts/0/media/file_path",
      "error UNSAFE_MEDIA_PATH /examples/0/parts/1/media/file_path",
      "warning UNSAFE_MEDIA_PATH /examples/0/parts/2/media/file_path",
    ]);
  });

  it("finds two examples of one name", () => {
    const config = example({ type: "text", text: "a" });
    expect(found({ ...config, examples: [...(config.examples ?? []), ...(config.examples ?? [])] })).toEqual([
      "warning DUPLICATE_EXAMPLE /examples/1/name",
    ]);
  });
});
