import { expect, it } from "vitest";
import { InputError } from "../diagnostics/errors.ts";
import { type PartInput, type PartsOptions, providerParts, readableParts } from "./readable-parts.ts";

const text = { type: "text", text: "See:" } as const;
const image = (source: object) => ({ type: "image", media: { mime_type: "image/png", ...source } });
const file = image({ file_path: "a.png" });
const faults = (parts: readonly PartInput[], options?: PartsOptions): readonly string[] => {
  try {
    providerParts(parts, options);
  } catch (error) {
    if (InputError.isInstance(error)) return error.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
  }
  return [];
};

it("gives parts as a provider reads them, checked against the settings where there are some", () => {
  const url = image({ url: "https://example.com/a.png" });
  expect(providerParts([text, url])).toEqual([text, url]);
  expect(providerParts([url], { media: { enabled: true, image: { default_detail: "low" } } })).toMatchObject([
    { media: { detail: "low" } },
  ]);
  expect(faults([url], { media: { enabled: false } })).toEqual(["MEDIA_DISABLED /0"]);
  expect(faults([url], { media: { enabled: true, image: {} }, allowedHosts: ["a.test"] })).toEqual([
    "UNSAFE_MEDIA_URL /0/media/url",
  ]);
});

it("refuses every file path, because a provider cannot read it", () => {
  expect(faults([text, file, file])).toEqual([
    "UNREADABLE_MEDIA /1/media/file_path",
    "UNREADABLE_MEDIA /2/media/file_path",
  ]);
  expect(readableParts([text])).toEqual([text]);
  expect(() => readableParts([file])).toThrow(/UNREADABLE_MEDIA/);
});
