import { safeParsePack } from "promptpack";
import { describe, expect, it } from "vitest";
import { readYaml } from "./read-yaml.ts";

const PACK = `id: p
name: "1.10"
version: 1.0.0
template_engine: { version: v1, syntax: "{{variable}}" }
prompts:
  main:
    id: main
    name: Main
    version: 1.0.0
    system_template: |
      Hello {{who}}
    variables:
      - { name: who, type: string, required: true }
`;

const read = async (text: string): Promise<ReturnType<typeof safeParsePack>> =>
  safeParsePack(await readYaml(new TextEncoder().encode(text), "p.yaml"));

describe("readYaml", () => {
  it("reads a pack; text stays text", async () => {
    const { pack, diagnostics } = await read(PACK);
    expect(diagnostics).toEqual([]);
    expect(pack?.data.name).toBe("1.10");
    expect(pack?.data.prompts["main"]?.system_template).toBe("Hello {{who}}\n");
  });

  it("says where in the YAML something is wrong", async () => {
    const { diagnostics } = await read(PACK.replace("required: true", "required: maybe"));
    expect(diagnostics).toMatchObject([
      {
        code: "WRONG_TYPE",
        pointer: "/prompts/main/variables/0/required",
        span: { file: "p.yaml", start: { line: 13, column: 46 } },
      },
    ]);
  });

  it.each([
    ["an alias that goes in a circle", `${PACK}metadata: &x { a: *x }\n`],
    ["a merge key", `${PACK}<<: { description: hidden }\n`],
    ["a tag", `${PACK}description: !!js/function "x"\n`],
    ["a duplicate key", `${PACK}id: q\n`],
    ["a second document", `${PACK}---\n${PACK}`],
    ["what is no YAML", `${PACK}]`],
  ])("refuses %s and says where", async (_, text) => {
    const { pack, diagnostics } = await read(text);
    expect(pack).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ severity: "error", layer: "document", span: { file: "p.yaml" } });
  });
});
