import { buildPack } from "promptpack/testing";
import { describe, expect, it } from "vitest";
import { describePack } from "./describe-pack.ts";

describe("describePack", () => {
  it("says which prompts offer a tool, also among thousands of both", { timeout: 10_000 }, () => {
    const names = Array.from({ length: 6000 }, (_, index) => `t${index}`);
    const pack = buildPack({
      tools: Object.fromEntries(names.map((name) => [name, { name, description: "T" }])),
      prompts: Object.fromEntries(
        names.map((name) => [name, { id: name, name, version: "1.0.0", system_template: "Hi", tools: [name] }]),
      ),
    });
    expect(describePack(pack).tools.map(({ prompts }) => prompts)).toEqual(names.map((name) => [name]));
  });
});
