import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parsePack, validatePack } from "promptpack";
import { describe, expect, it } from "vitest";
import { createSbom } from "./create-sbom.ts";

const bytes = readFileSync(new URL("../../../../examples/packs/customer-support.pack.json", import.meta.url));
const prompt = { id: "main", name: "Main", version: "1.2.0", system_template: "Hi" };

describe("createSbom", () => {
  it("gives the same document for the same pack, whatever the order of its members", async () => {
    const pack = parsePack(bytes);
    const turned = validatePack(Object.fromEntries(Object.entries(pack.data).toReversed())).pack;
    expect(await createSbom(pack, bytes)).toEqual(await createSbom(parsePack(bytes), bytes));
    expect(JSON.stringify(await createSbom(turned as typeof pack))).toBe(JSON.stringify(await createSbom(pack)));
  });

  it("holds the file's digest and a digest of every prompt, tool and fragment", async () => {
    const { data } = parsePack(bytes);
    const { metadata, components, serialNumber } = await createSbom(parsePack(bytes), bytes);
    expect(metadata.component.hashes).toEqual([
      { alg: "SHA-256", content: createHash("sha256").update(bytes).digest("hex") },
    ]);
    expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const names = { prompt: data.prompts, tool: data.tools, fragment: data.fragments };
    const expected = Object.entries(names).flatMap(([kind, record]) =>
      Object.keys(record ?? {}).map((name) => `${kind}:${name}`),
    );
    const hashed = components.filter(({ hashes }) => hashes !== undefined).map((component) => component["bom-ref"]);
    expect(hashed).toEqual(expected.sort());
  });

  it("names models, skill packages and who depends on what, each once", async () => {
    const { pack } = validatePack({
      id: "help",
      name: "Help",
      version: "1.0.0",
      template_engine: { version: "v1", syntax: "{{variable}}" },
      prompts: {
        main: {
          ...prompt,
          tools: ["look", "look"],
          tested_models: [{ provider: "acme", model: "m-1", date: "2026-01-01" }],
          model_overrides: { "m-1": { system_template: "Hey" }, "m-2": {} },
        },
      },
      tools: { look: { name: "look", description: "Looks" } },
      skills: [
        "./skills/refunds",
        { path: "@acme/skill-billing@2.1.0" },
        { name: "greet", description: "Greets", instructions: "Say hi" },
      ],
    });
    const { components, dependencies } = await createSbom(pack as NonNullable<typeof pack>);
    expect(components.map((component) => [component.type, component["bom-ref"]])).toEqual([
      ["machine-learning-model", "model:acme/m-1"],
      ["machine-learning-model", "model:m-2"],
      ["library", "package:@acme/skill-billing@2.1.0"],
      ["data", "prompt:main"],
      ["data", "skill:./skills/refunds"],
      ["data", "skill:greet"],
      ["data", "tool:look"],
    ]);
    expect(components[2]).toMatchObject({ name: "@acme/skill-billing", version: "2.1.0" });
    expect(dependencies.find(({ ref }) => ref === "prompt:main")?.dependsOn).toEqual([
      "model:acme/m-1",
      "model:m-2",
      "tool:look",
    ]);
    const refs = new Set(dependencies.map(({ ref }) => ref));
    expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  });
});
