import { describe, expect, it } from "vitest";
import { asks, feed, message, reply, state, workflowOf } from "../../test/feed-workflow.ts";
import type { WorkflowEvent } from "./workflow-run.ts";

describe("limits", () => {
  it("allows exactly max_visits entries, then redirects along the chain", () => {
    const limited = workflowOf({
      a: state({ B: "b" }),
      b: state({ A: "a" }, { max_visits: 1, on_max_visits: "c" }),
      c: state({ A: "a" }, { max_visits: 1, on_max_visits: "d" }),
      d: state({ A: "a" }),
    });
    const round = [message, asks("B"), reply(), message, asks("A"), reply()];
    const { run } = feed(limited, [...round, ...round, ...round]);
    expect(
      run.history.filter(({ event }) => event === "B").map(({ to, redirectedFrom }) => [to, redirectedFrom]),
    ).toEqual([
      ["b", undefined],
      ["c", ["b"]],
      ["d", ["b", "c"]],
    ]);
    expect(run.visits).toEqual({ a: 4, b: 1, c: 1, d: 1 });
  });

  it("ends as budget_exhausted when no state has a visit left", () => {
    const ring = workflowOf({
      a: state({ B: "b" }, { max_visits: 1, on_max_visits: "b" }),
      b: state({ A: "a" }, { max_visits: 1, on_max_visits: "a" }),
    });
    const { run, effects } = feed(ring, [message, asks("B"), reply(), message, asks("A"), reply("bye")]);
    expect(run).toMatchObject({ status: "budget_exhausted", limit: "max_visits", state: "b" });
    expect(effects).toMatchObject([{ type: "end", status: "budget_exhausted", limit: "max_visits", text: "bye" }]);
  });

  it("counts the entry as the first of max_total_visits", () => {
    const ring = workflowOf({ a: state({ A: "a" }) }, { budget: { max_total_visits: 2 } });
    const round = [message, asks("A"), reply()];
    expect(feed(ring, round).run).toMatchObject({ status: "running", totalVisits: 2 });
    expect(feed(ring, [...round, ...round]).run).toMatchObject({
      status: "budget_exhausted",
      limit: "max_total_visits",
      totalVisits: 2,
    });
  });

  it("allows exactly max_tool_calls calls and max_wall_time_sec seconds", () => {
    const limited = workflowOf({ a: state({ A: "a" }) }, { budget: { max_tool_calls: 2, max_wall_time_sec: 10 } });
    const call: WorkflowEvent = { type: "tool_call" };
    expect(feed(limited, [message, call, call]).run).toMatchObject({ status: "running", toolCalls: 2 });
    expect(feed(limited, [message, call, call, call]).run).toMatchObject({
      status: "budget_exhausted",
      limit: "max_tool_calls",
      toolCalls: 2,
    });
    expect(
      feed(limited, [
        { ...message, at: 500 },
        { type: "round", at: 10_500 },
      ]).run.status,
    ).toBe("running");
    expect(
      feed(limited, [
        { ...message, at: 500 },
        { type: "round", at: 10_501 },
      ]).run,
    ).toMatchObject({ status: "budget_exhausted", limit: "max_wall_time_sec" });
    expect(feed(limited, [{ type: "message", at: 10_501 }], { at: 500 }).run.status).toBe("budget_exhausted");
  });
});
