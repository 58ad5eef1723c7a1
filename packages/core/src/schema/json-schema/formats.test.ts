import { describe, expect, it } from "vitest";
import { hasFormat } from "./formats.ts";

describe("hasFormat", () => {
  it.each([
    ["date", "2024-02-29", "2023-02-29"],
    ["date", "2000-02-29", "1900-02-29"],
    ["date", "2025-12-31", "2025-13-01"],
    ["date-time", "2026-08-31T23:59:60Z", "2026-08-31T24:00:00Z"],
    ["date-time", "2026-08-31T01:02:03.5+05:30", "2026-08-31T01:02:03"],
    ["uri", "urn:x:y", "no scheme"],
    ["uri", "https://a.b/%20", "https://a.b/%2"],
  ])("knows the format %s: %s has it, %s does not", (format, good, bad) => {
    expect([hasFormat(format, good), hasFormat(format, bad)]).toEqual([true, false]);
  });

  it("takes any text for a format that it does not know", () => {
    expect([hasFormat("unknown", "anything"), hasFormat("constructor", "")]).toEqual([true, true]);
  });
});
