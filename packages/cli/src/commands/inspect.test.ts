import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examples, support, useWorkspace } from "../../test/built-program.ts";

const { promptpack } = useWorkspace();

describe("promptpack inspect", () => {
  it("shows a table for every section that a pack has", () => {
    const all = readdirSync(examples).map((name) => {
      const { code, out, err } = promptpack(["inspect", join(examples, name)]);
      expect({ name, code, err }).toEqual({ name, code: 0, err: "" });
      return out;
    });
    const titles = [
      "Prompts",
      "Variables",
      "Fragments",
      "Tools",
      "Guardrails",
      "Evals",
      "Workflow",
      "Compositions",
      "Agents",
      "Skills",
      "Providers",
    ];
    for (const title of titles) expect(all.join("\n")).toMatch(new RegExp(`^${title} \\(\\d+\\)$`, "m"));
    expect(all.join("\n")).toMatch(/^needs spec 1\.\d\.\d or newer/m);
  });

  it("prints one JSON document", () => {
    const { code, out } = promptpack(["inspect", support, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      id: "customer-support",
      minimumSpecVersion: "1.8.1",
      counts: { prompts: 1, variables: 4, tools: 2, guardrails: 2, evals: 1, fragments: 2 },
      prompts: [{ id: "support", tools: ["find_order", "open_ticket"], models: ["claude-haiku", "small-local-model"] }],
      tools: [{ name: "find_order", required: ["order_number"], prompts: ["support"] }, {}],
    });
  });
});
