import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { safeParsePack } from "../pack/parse-pack.ts";

const steps = (...list: readonly object[]): object => ({ compositions: { c: { version: 1, steps: list } } });
const faults = (data: unknown): readonly Diagnostic[] =>
  safeParsePack(JSON.stringify(data)).diagnostics.filter(({ layer }) => layer === "schema");

describe("messages about packs", () => {
  it.each([
    [
      "an unknown field",
      packData({}, { validaters: [] }),
      "UNKNOWN_FIELD",
      "/prompts/main/validaters",
      { hint: 'did you mean "validators"?' },
    ],
    [
      "a step of a misspelt kind",
      packData(steps({ id: "a", kind: "promt", prompt_task: "main" })),
      "WRONG_VALUE",
      "/compositions/c/steps/0/kind",
      { hint: 'did you mean "prompt"?' },
    ],
    ["a step without a kind", packData(steps({ id: "a" })), "MISSING_FIELD", "/compositions/c/steps/0/kind", {}],
    [
      "a step that misses a field of its kind",
      packData(steps({ id: "a", kind: "tool" })),
      "MISSING_FIELD",
      "/compositions/c/steps/0/tool",
      {},
    ],
    [
      "a step with a wrong field inside",
      packData(steps({ id: "a", kind: "agent", prompt_task: "main", termination: { max_steps: 0 } })),
      "OUT_OF_RANGE",
      "/compositions/c/steps/0/termination/max_steps",
      {},
    ],
    [
      "a predicate with a wrong operator",
      packData(steps({ id: "a", kind: "branch", then: "a", predicate: { path: "${input}", op: "=", value: 1 } })),
      "WRONG_VALUE",
      "/compositions/c/steps/0/predicate/op",
      {},
    ],
    [
      "a skill without instructions",
      packData({ skills: [{ name: "n", description: "d" }] }),
      "MISSING_FIELD",
      "/skills/0/instructions",
      {},
    ],
    [
      "a skill that is a number",
      packData({ skills: [5] }),
      "WRONG_TYPE",
      "/skills/0",
      { message: "found a number, expected a string or an object" },
    ],
    [
      "a custom media type that says too little",
      packData({}, { media: { enabled: true, hologram: { max_size_mb: 1 } } }),
      "AMBIGUOUS_SHAPE",
      "/prompts/main/media/hologram",
      { hint: expect.stringContaining("validation_params") },
    ],
    [
      "two controls in one",
      packData({
        metadata: {
          governance: { obligations: [{ id: "o", obligation: "x", controls: [{ eval: "a", field: "b" }] }] },
        },
      }),
      "WRONG_LENGTH",
      "/metadata/governance/obligations/0/controls/0",
      {},
    ],
    [
      "a language with a region",
      packData({ metadata: { language: "en-US" } }),
      "WRONG_FORMAT",
      "/metadata/language",
      {},
    ],
    [
      "a list where a map belongs",
      packData({ prompts: Object.values(packData().prompts) }),
      "WRONG_TYPE",
      "/prompts",
      { message: "found an array, expected an object" },
    ],
    [
      "a state without a prompt",
      packData({ workflow: { version: 1, entry: "s", states: { s: {} } } }),
      "MISSING_FIELD",
      "/workflow/states/s/prompt_task",
      {},
    ],
  ])("name the fault of %s where it is", (_, data, code, pointer, rest) => {
    const found = faults(data);
    expect(found).toContainEqual(expect.objectContaining({ code, pointer, ...rest }));
    expect(new Set(found.map((fault) => fault.pointer))).toEqual(new Set([pointer]));
  });

  it("name the choice as a related place", () => {
    const [fault] = faults(packData(steps({ id: "a", kind: "tool" })));
    expect(fault?.related?.map(({ pointer }) => pointer)).toContain("/compositions/c/steps/0");
  });
});
