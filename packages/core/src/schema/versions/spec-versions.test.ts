import { describe, expect, it } from "vitest";
import { packData } from "../../../test/pack-data.ts";
import { checkJsonSchema } from "../check-json-schema.ts";
import { packSchema } from "./pack-schema.ts";
import { findSpecVersion, SPEC_VERSIONS } from "./spec-versions.ts";

describe("a spec version", () => {
  it.each([
    ["1.4", "1.4.0"],
    ["v1.4.0", "1.4.0"],
    ["1.0", "1.0"],
    ["1.0.0", "1.0"],
    ["1.1", "1.1.0"],
    ["1.8", "1.8.1"],
    ["1.8.0", "1.8.1"],
    ["1.9", "1.9.0"],
  ])("is found by name: %s is %s", (name, version) => {
    expect(findSpecVersion(name)).toBe(version);
  });

  it.each(["", "1", "2.0", "1.10", "latest", "1.4.0.0", "constructor"])("is none that has another name: %j", (name) => {
    expect(findSpecVersion(name)).toBeUndefined();
  });

  it.each([
    ["1.1.0", packData({}, { media: { enabled: true } })],
    ["1.2.0", packData({ evals: [] })],
    ["1.3.0", packData({ agents: { entry: "main", members: { main: {} } } })],
    ["1.3.1", packData({ skills: [] })],
    [
      "1.4.0",
      packData({
        workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main", on_event: {}, terminal: true } } },
      }),
    ],
    ["1.4.1", packData({ agents: { entry: "main", members: { main: { state: "s" } } } })],
    ["1.5.0", packData({ compositions: {} })],
    ["1.5.1", packData({ requires: {} })],
    ["1.6.0", packData({ tools: { t: { name: "t", description: "d", action_scope: {} } } })],
    [
      "1.7.0",
      packData({ workflow: { version: 1, entry: "s", states: { s: { prompt_task: "main", control: "user" } } } }),
    ],
    ["1.8.1", packData({}, { extensions: {} })],
    ["1.9.0", packData({}, { provider: "default" })],
  ] as const)("takes what came with it, and is the first that does: %s", (version, data) => {
    const before = SPEC_VERSIONS[SPEC_VERSIONS.indexOf(version) - 1] ?? "1.0";
    expect(checkJsonSchema(packSchema(version), data)).toEqual([]);
    expect(checkJsonSchema(packSchema(before), data)).not.toEqual([]);
  });
});
