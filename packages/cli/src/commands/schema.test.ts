import { describe, expect, it } from "vitest";
import { useWorkspace } from "../../test/built-program.ts";

const { promptpack } = useWorkspace();

describe("promptpack schema", () => {
  it("prints a JSON Schema, of an older spec when asked", () => {
    const newest = JSON.parse(promptpack(["schema"]).out);
    expect(newest.required).toEqual(expect.arrayContaining(["id", "name", "version", "template_engine", "prompts"]));
    expect(newest.properties.compositions).toBeDefined();
    expect(JSON.parse(promptpack(["schema", "--spec", "1.4"]).out).properties.compositions).toBeUndefined();
  });
});
