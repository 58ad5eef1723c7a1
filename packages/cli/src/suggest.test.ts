import { describe, expect, it } from "vitest";
import { suggest } from "./suggest.ts";

describe("suggest", () => {
  const names = ["validate", "render", "inspect", "constructor"];

  it.each([
    ["valdate", "validate"],
    ["VALIDATE", "validate"],
    ["redner", "render"],
    ["insepct", "inspect"],
    ["zzz", undefined],
    ["v", undefined],
    ["", undefined],
    ["__proto__", undefined],
    ["x".repeat(10_000), undefined],
  ])("answers %j with %j", (typed, meant) => {
    expect(suggest(typed, names)).toBe(meant);
  });
});
