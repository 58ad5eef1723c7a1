import { describe, expect, it } from "vitest";
import { PackError } from "../diagnostics/errors.ts";
import { compilePrompt } from "../prompt/compile-prompt.ts";
import { renderPrompt } from "../prompt/render-prompt.ts";
import { buildPackData } from "../testing/build-pack.ts";
import { definePack } from "./define-pack.ts";

describe("definePack", () => {
  it("returns a checked and frozen pack", () => {
    const pack = definePack({
      id: "hello",
      name: "Hello",
      version: "1.0.0",
      template_engine: { version: "v1", syntax: "{{variable}}" },
      prompts: {
        greet: {
          id: "greet",
          name: "Greet",
          version: "1.0.0",
          system_template: "Greet {{name}}.",
          variables: [{ name: "name", type: "string", required: true }],
        },
      },
    });
    expect(renderPrompt(compilePrompt(pack, "greet"), { name: "Ada" }).system).toBe("Greet Ada.");
    expect(Object.isFrozen(pack.data.prompts)).toBe(true);
    expect(Object.keys(pack)).toEqual(["data"]);
  });

  it("throws every diagnostic of a pack that is not valid, and takes the options of validatePack", () => {
    const data = { ...buildPackData({ prompt: { tools: ["none"], system_template: "{{x}}" } }), extra: 1 };
    expect(() => definePack(data)).toThrow(PackError);
    expect(definePack(data, { unknownFields: "warn" }).diagnostics.map(({ code }) => code)).toContain("UNKNOWN_FIELD");
    expect(() => definePack(data, { unknownFields: "warn", strict: true })).toThrow(PackError);
  });
});
