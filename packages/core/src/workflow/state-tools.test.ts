import { describe, expect, it } from "vitest";
import { end, feed, message, state, types, workflowOf } from "../../test/feed-workflow.ts";
import { artifactTool, eventOfCall, stateTools, transitionTool } from "./state-tools.ts";
import { transition } from "./transition.ts";
import type { WorkflowEvent } from "./workflow-run.ts";

it("offers a model the events and artifacts of its state, and nothing at an end, outside or in a composition", () => {
  const artifacts = {
    note: { type: "text/plain", description: "A note" },
    doc: { type: "application/json", mode: "append" },
  };
  const workflow = workflowOf({
    a: state({ Go: "z", Stop: "z" }, { artifacts }),
    b: state({ Go: "z" }, { orchestration: "external", artifacts: { note: artifacts.note } }),
    c: { orchestration: "composition", composition: "f", on_event: { Go: "z" } },
    z: end,
  });
  expect(stateTools(workflow, "a")).toMatchObject([
    {
      name: "workflow__transition",
      parameters: { properties: { event: { enum: ["Go", "Stop"] } }, required: ["event"] },
    },
    {
      name: "workflow__set_artifact",
      description: expect.stringContaining("note (text/plain, replace): A note; doc (application/json, append)"),
      parameters: { properties: { name: { enum: ["note", "doc"] }, value: {} } },
    },
  ]);
  expect(stateTools(workflow, "b")).toMatchObject([
    { name: "workflow__set_artifact", parameters: { properties: { value: { type: "string" } } } },
  ]);
  expect(["c", "z"].map((name) => stateTools(workflow, name))).toEqual([[], []]);
  expect(() => stateTools(workflow, "toString")).toThrow('UNKNOWN_STATE: there is no state "toString"; there are "a"');
  for (const given of [undefined, { data: { workflow } }, { workflow }])
    expect(() => stateTools(given as never, "a")).toThrow("a workflow is pack.data.workflow");
});

describe("calls of the workflow's tools", () => {
  const call = (name: string, args: unknown): WorkflowEvent | undefined =>
    eventOfCall({ name, arguments: typeof args === "string" ? args : JSON.stringify(args) });

  it("stand for events", () => {
    expect(call(transitionTool, { event: "Go" })).toEqual({ type: "event", by: "agent", event: "Go" });
    expect(call(transitionTool, { event: "Go", context: "why" })).toMatchObject({ context: "why" });
    expect(call(artifactTool, { name: "a", value: [1] })).toEqual({ type: "set_artifact", name: "a", value: [1] });
    expect(call("lookup", {})).toBeUndefined();
  });

  it("that a model got wrong are refused by the transition, whoever they say they are", () => {
    const workflow = workflowOf({ a: state({ Go: "z" }, { orchestration: "external" }), z: end });
    const { run } = feed(workflow, [message]);
    for (const [name, args] of [
      [transitionTool, "{"],
      [transitionTool, "[]"],
      [transitionTool, { event: 5 }],
      [transitionTool, { event: "Go", by: "host", type: "stop" }],
      [artifactTool, { name: "a" }],
    ] as const) {
      const [after, effects] = transition(workflow, run, call(name, args) as WorkflowEvent);
      expect([after === run, types(effects)]).toEqual([true, ["refuse"]]);
    }
  });
});
