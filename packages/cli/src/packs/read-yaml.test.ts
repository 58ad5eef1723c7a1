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

const read = (text: string): ReturnType<typeof readYaml> => readYaml(text, "p.yaml", {});

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
    ["an alias", "a: &x 1\nb: *x\n"],
    ["a cycle", "a: &x [*x]\n"],
    ["a merge key", "a: {}\n<<: {b: 1}\n"],
    ["a tag", 'a: !!js/function "x"\n'],
    ["a key that is a number", "1: a\n"],
    ["a key that is a list", "[a]: 1\n"],
    ["a duplicate key", "a: 1\na: 2\n"],
    ["a second document", "a: 1\n---\nb: 1\n"],
    ["nothing", ""],
    ["what is no YAML", "a: [1\n"],
  ])("refuses %s", async (_, text) => {
    const { pack, diagnostics } = await read(text);
    expect(pack).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ code: "UNSUPPORTED_YAML", severity: "error", layer: "document" });
    expect(diagnostics[0]?.span?.start.line).toBeGreaterThan(0);
  });

  it("refuses numbers that are none, and __proto__", async () => {
    for (const text of [
      `${PACK}metadata: { cost_estimate: { min_cost_usd: .inf } }\n`,
      `${PACK}__proto__: { a: 1 }\n`,
    ]) {
      expect((await read(text)).pack).toBeUndefined();
    }
  });

  it("gives up on deep nesting and on very long texts", { timeout: 5000 }, async () => {
    for (const text of ["[".repeat(50_000), " ".repeat(3_000_000)]) {
      const { pack, diagnostics } = await read(text);
      expect(pack).toBeUndefined();
      expect(["LIMIT_EXCEEDED", "UNSUPPORTED_YAML"]).toContain(diagnostics[0]?.code);
    }
  });
});
