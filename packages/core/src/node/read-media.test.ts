import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../diagnostics/errors.ts";
import type { MediaConfig, MultimodalPart } from "../schema/sections/media.ts";
import { readMedia, type ReadMediaOptions } from "./read-media.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const images: MediaConfig = { enabled: true, supported_types: ["image"], image: { max_size_mb: 1 } };
const image = (source: object): MultimodalPart => ({ type: "image", media: { mime_type: "image/png", ...source } });
const file = image({ file_path: "a.png" });
const remote = image({ url: "https://cdn.test/a.png" });

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "promptpack-read-"));
  writeFileSync(join(root, "a.png"), Buffer.from(PNG, "base64"));
  writeFileSync(join(root, "page.png"), "<html>");
});
afterAll(() => rmSync(root, { recursive: true }));

const codes = async (
  parts: readonly MultimodalPart[],
  options: ReadMediaOptions,
  config = images,
): Promise<string[]> => {
  const outcome = await readMedia(parts, config, options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  return (outcome as InputError).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
};
const served = (bytes: string): ReadMediaOptions => ({
  allowedHosts: ["cdn.test"],
  lookup: async () => ["93.184.216.34"],
  request: async () => ({
    status: 200,
    headers: { "content-type": "image/png" },
    body: (async function* () {
      yield Buffer.from(bytes, "base64");
    })(),
  }),
});

describe("readMedia", () => {
  it("replaces files and URLs by their base64 and keeps the rest", async () => {
    const parts = [{ type: "text", text: "See" }, file, remote, image({ base64: PNG, caption: "dot" })];
    expect(await readMedia(parts, images, { root, ...served(PNG) })).toEqual([
      { type: "text", text: "See" },
      image({ base64: PNG }),
      image({ base64: PNG }),
      image({ base64: PNG, caption: "dot" }),
    ]);
  });

  it("leaves a URL to the provider unless hosts are allowed", async () => {
    expect(await readMedia([remote], images, { root })).toEqual([remote]);
    expect(await codes([remote], { allowedHosts: [] })).toEqual(["UNSAFE_MEDIA_URL /0/media/url"]);
  });

  it("reads no file without a root", async () => {
    expect(await codes([file], {})).toEqual(["UNREADABLE_MEDIA /0/media/file_path"]);
  });

  it("checks the bytes that it read", async () => {
    expect(await codes([image({ file_path: "page.png" })], { root })).toEqual(["MEDIA_CONTENT_MISMATCH /0/media"]);
    expect(await codes([remote], served("AAAA"))).toEqual(["MEDIA_CONTENT_MISMATCH /0/media"]);
    expect(await codes([file], { root, maxBytes: 10 })).toEqual(["MEDIA_TOO_LARGE /0/media/file_path"]);
    expect(await codes([file], { root, maxPixels: 0 })).toEqual(["TOO_MANY_PIXELS /0/media"]);
  });

  it("takes no inline medium that it would not take from a file", async () => {
    const inline = image({ base64: "A".repeat(28 * 1_048_576) });
    const noLimit: MediaConfig = { enabled: true, supported_types: ["image"] };
    expect(await codes([inline], {}, noLimit)).toEqual(["MEDIA_TOO_LARGE /0/media/base64"]);
  });

  it("collects the faults of every part and returns none of them then", async () => {
    expect(await codes([image({ file_path: "none.png" }), file, image({ file_path: "page.png" })], { root })).toEqual([
      "UNREADABLE_MEDIA /0/media/file_path",
      "MEDIA_CONTENT_MISMATCH /2/media",
    ]);
  });

  it("reads nothing while a part is wrong by itself", async () => {
    let requests = 0;
    const lookup = async (): Promise<readonly string[]> => {
      requests++;
      return [];
    };
    expect(await codes([remote, { type: "text" }], { ...served(PNG), lookup })).toEqual(["EMPTY_TEXT_PART /1"]);
    expect(await codes([remote], { lookup }, { enabled: false })).toEqual(["MEDIA_DISABLED /0"]);
    expect(requests).toBe(0);
  });
});
