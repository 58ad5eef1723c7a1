import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { packSchema } from "../schema/versions/pack-schema.ts";
import { checkJsonSchema } from "../schema/check-json-schema.ts";
import { inferSpecVersion } from "./infer-spec-version.ts";

const state = (rest: object) =>
  packData({ workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main", on_event: {}, ...rest } } } });
const member = (rest: object) => packData({ agents: { entry: "main", members: { main: rest } } });
const step = (rest: object) => packData({ compositions: { c: { version: 1, steps: [{ id: "a", ...rest }] } } });
const variable = (rest: object) =>
  packData({}, { variables: [{ name: "x", type: "string", required: true, ...rest }] });
const validator = (rest: object) => packData({}, { validators: [{ type: "custom", enabled: true, ...rest }] });
const evaluation = (rest: object) => packData({ evals: [{ id: "e", type: "t", trigger: "every_turn", ...rest }] });

// The table of SPEC 1.1: what is found, the version it needs, and the place that is shown.
const table: readonly (readonly [string, PackData, string, string])[] = [
  ["nothing beyond the first version", packData(), "1.0", ""],
  ["media", packData({}, { media: { enabled: true } }), "1.1.0", "/prompts/main/media"],
  ["evals of the pack", packData({ evals: [] }), "1.2.0", "/evals"],
  ["evals of a prompt", packData({}, { evals: [] }), "1.2.0", "/prompts/main/evals"],
  ["a workflow", state({}), "1.3.0", "/workflow"],
  ["agents", member({}), "1.3.0", "/agents"],
  ["skills", packData({ skills: [] }), "1.3.1", "/skills"],
  ["skills of a state", state({ skills: "none" }), "1.3.1", "/workflow/states/s/skills"],
  ["a binding", variable({ binding: {} }), "1.4.0", "/prompts/main/variables/0/binding"],
  ["a type of its own", variable({ type: "money" }), "1.4.0", "/prompts/main/variables/0/type"],
  [
    "a guardrail without enabled",
    packData({}, { validators: [{ type: "custom" }] }),
    "1.4.0",
    "/prompts/main/validators/0",
  ],
  ["a guardrail with a message", validator({ message: "no" }), "1.4.0", "/prompts/main/validators/0/message"],
  ["a guardrail of a later type", validator({ type: "contains" }), "1.4.0", "/prompts/main/validators/0/type"],
  ["an eval with a threshold", evaluation({ threshold: {} }), "1.4.0", "/evals/0/threshold"],
  ["an eval with a condition", evaluation({ when: {} }), "1.4.0", "/evals/0/when"],
  ["an eval with groups", evaluation({ groups: [] }), "1.4.0", "/evals/0/groups"],
  ["an eval with a message", evaluation({ message: "m" }), "1.4.0", "/evals/0/message"],
  ["a trigger of its own", evaluation({ trigger: "weekly" }), "1.4.0", "/evals/0/trigger"],
  [
    "a custom media type",
    packData({}, { media: { enabled: true, hologram: { validation_params: {} } } }),
    "1.4.0",
    "/prompts/main/media/hologram",
  ],
  [
    "a later image format",
    packData({}, { media: { enabled: true, image: { allowed_formats: ["png", "avif"] } } }),
    "1.4.0",
    "/prompts/main/media/image/allowed_formats/1",
  ],
  [
    "a detail of its own",
    packData({}, { media: { enabled: true, image: { default_detail: "ultra" } } }),
    "1.4.0",
    "/prompts/main/media/image/default_detail",
  ],
  ["a persistence of its own", state({ persistence: "weekly" }), "1.4.0", "/workflow/states/s/persistence"],
  ["a state without events", state({ on_event: undefined }), "1.4.0", "/workflow/states/s"],
  ["a terminal state", state({ terminal: true }), "1.4.0", "/workflow/states/s/terminal"],
  ["max_visits", state({ max_visits: 2 }), "1.4.0", "/workflow/states/s/max_visits"],
  ["artifacts", state({ artifacts: {} }), "1.4.0", "/workflow/states/s/artifacts"],
  [
    "a budget",
    packData({
      workflow: {
        version: 1,
        entry: "s",
        states: { s: { prompt_task: "main", on_event: {} } },
        engine: { budget: {} },
      },
    }),
    "1.4.0",
    "/workflow/engine/budget",
  ],
  ["an agent's state", member({ state: "s" }), "1.4.1", "/agents/members/main/state"],
  ["compositions", step({ kind: "tool", tool: "t" }), "1.5.0", "/compositions"],
  [
    "a state that runs a composition",
    state({ orchestration: "composition", composition: "c" }),
    "1.5.0",
    "/workflow/states/s/composition",
  ],
  ["requirements", packData({ requires: {} }), "1.5.1", "/requires"],
  ["governance", packData({ metadata: { governance: {} } }), "1.6.0", "/metadata/governance"],
  [
    "an action scope",
    packData({ tools: { t: { name: "t", description: "d", action_scope: {} } } }),
    "1.6.0",
    "/tools/t/action_scope",
  ],
  [
    "extensions of a tool",
    packData({ tools: { t: { name: "t", description: "d", extensions: {} } } }),
    "1.6.0",
    "/tools/t/extensions",
  ],
  ["governance of an agent", member({ governance: {} }), "1.6.0", "/agents/members/main/governance"],
  ["control", state({ control: "agent" }), "1.7.0", "/workflow/states/s/control"],
  [
    "obligations",
    packData({ metadata: { governance: { obligations: [] } } }),
    "1.8.1",
    "/metadata/governance/obligations",
  ],
  ["the id of a guardrail", validator({ id: "g" }), "1.8.1", "/prompts/main/validators/0/id"],
  ["extensions of a prompt", packData({}, { extensions: {} }), "1.8.1", "/prompts/main/extensions"],
  ["a step of a vendor", step({ kind: "acme.judge" }), "1.8.1", "/compositions/c/steps/0/kind"],
  ["the provider of a prompt", packData({}, { provider: "fast" }), "1.9.0", "/prompts/main/provider"],
  [
    "the provider of a step in a branch",
    step({
      kind: "parallel",
      branches: [{ id: "b", kind: "prompt", prompt_task: "main", provider: "fast" }],
      reduce: {},
    }),
    "1.9.0",
    "/compositions/c/steps/0/branches/0/provider",
  ],
];

describe("inferSpecVersion", () => {
  it.each(table)("sees %s", (_, data, version, pointer) => {
    expect(inferSpecVersion(data)).toEqual({ version, pointer });
  });

  it("takes the newest of what it finds", () => {
    expect(inferSpecVersion(packData({ evals: [], requires: {} }, { provider: "x" }))).toEqual({
      version: "1.9.0",
      pointer: "/prompts/main/provider",
    });
  });

  it("names a version whose schema accepts the pack", () => {
    const faultsOf = (data: PackData, version: string): readonly unknown[] =>
      checkJsonSchema(packSchema(version as "1.9.0"), JSON.parse(JSON.stringify(data)));
    // one row is a step that no version allows
    const valid = table.filter(([, data]) => faultsOf(data, "1.9.0").length === 0);
    expect(valid).toHaveLength(table.length - 1);
    for (const [, data, version] of valid) expect(faultsOf(data, version)).toEqual([]);
  });
});
