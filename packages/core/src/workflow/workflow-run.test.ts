import { describe, expect, it } from "vitest";
import { asks, end, feed, message, reply, state, workflowOf } from "../../test/feed-workflow.ts";
import { InputError, PackError } from "../diagnostics/errors.ts";
import { initialState, rewindWorkflow } from "./initial-state.ts";
import { transition } from "./transition.ts";

describe("the run as data", () => {
  const workflow = workflowOf({ a: state({ B: "b" }), b: state({ A: "a" }) });
  const round = [message, { type: "tool_call" } as const, asks("B"), reply(), message, asks("A"), reply()];

  it("goes back in time along a bounded history", () => {
    const { run } = feed(workflow, [...round, ...round], { maxHistory: 3 });
    expect(run.history).toHaveLength(3);
    expect(rewindWorkflow(run, 2)).toMatchObject({
      state: "a",
      totalVisits: 3,
      toolCalls: 2,
      visits: { a: 2, b: 1 },
      history: [{ to: "a" }],
    });
    const [next] = transition(workflow, rewindWorkflow(run, 2), message);
    expect(next.busy).toBe(true);
    for (const count of [0, 4, -1, 1.5]) expect(() => rewindWorkflow(run, count)).toThrow(InputError);
    expect(() => rewindWorkflow(initialState(workflow), 5)).toThrow("by its last 0 transitions, not by 5");
    expect(feed(workflow, round, { maxHistory: 0 }).run.history).toEqual([]);
  });

  it("is told apart from what is no run, no workflow and no event", () => {
    for (const given of [undefined, { data: { workflow } }, { workflow }])
      expect(() => initialState(given as never)).toThrow("a workflow is pack.data.workflow");
    for (const given of [undefined, {}, workflow, transition(workflow, initialState(workflow), message)])
      expect(() => transition(workflow, given as never, message)).toThrow("a run is what initialState returns");
    const [, [refusal]] = transition(workflow, initialState(workflow), undefined as never);
    expect(refusal).toMatchObject({ type: "refuse", diagnostic: { code: "UNEXPECTED_EVENT" } });
  });

  it("is frozen, and a refused event gives the same run back", () => {
    const run = initialState(workflow);
    const [busy] = transition(workflow, run, message);
    expect([run, busy, busy.text, busy.visits, busy.settings].every(Object.isFrozen)).toBe(true);
    expect(transition(workflow, busy, message)[0]).toBe(busy);
  });

  it("starts at the entry or at an agent's state, and refuses what it does not know", () => {
    expect(initialState(workflow, { state: "b" })).toMatchObject({ state: "b", visits: { b: 1 } });
    expect(initialState({ ...workflow, version: 2 }).state).toBe("a");
    expect(() => initialState(workflow, { state: "toString" })).toThrow(InputError);
    expect(() => initialState({ ...workflow, entry: "x" })).toThrow(PackError);
    expect(() => initialState({ ...workflow, version: 3 })).toThrow("UNSUPPORTED_WORKFLOW_VERSION");
  });

  it("does not run with another workflow's run", () => {
    expect(() => transition(workflowOf({ x: end }), initialState(workflow), message)).toThrow(TypeError);
  });
});
