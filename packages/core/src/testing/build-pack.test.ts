import { describe, expect, it } from "vitest";
import { PackError } from "../diagnostics/errors.ts";
import { buildPack, buildPackData } from "./build-pack.ts";

describe("buildPack", () => {
  it("returns a pack without a finding", () => {
    expect(buildPack().diagnostics).toEqual([]);
    expect(buildPack().prompt("main").system_template).toBe("Say hello.");
  });

  it("applies changes to the root, to the main prompt and to others", () => {
    const pack = buildPack({ id: "other", prompt: { name: "First" }, prompts: { second: { name: "Second" } } });
    expect(pack.id).toBe("other");
    expect(Object.values(pack.data.prompts).map(({ name }) => name)).toEqual(["First", "Second"]);
  });

  it("checks what it builds", () => {
    expect(() => buildPack({ prompt: { system_template: "{{fragments.none}}" } })).toThrow(PackError);
  });

  it("leaves the data open to changes that a pack would refuse", () => {
    expect(buildPackData({ version: "no version" }).version).toBe("no version");
  });
});
