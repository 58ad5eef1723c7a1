import { describe, expect, it } from "vitest";
import { asks, end, feed, host, message, refused, reply, state, types, workflowOf } from "../../test/feed-workflow.ts";
import { eventsFor } from "./state-tools.ts";
import { transition } from "./transition.ts";
import type { WorkflowEvent } from "./workflow-run.ts";

describe("turns", () => {
  const workflow = workflowOf({
    a: state({ Go: "b" }),
    b: state({ On: "c" }, { control: "agent", persistence: "persistent" }),
    c: state({ End: "z" }),
    z: end,
  });

  it("runs the state for a message and yields its text", () => {
    expect(types(feed(workflow, [message]).effects)).toEqual(["run_prompt a"]);
    expect(feed(workflow, [message, reply("hi")]).effects).toEqual([
      { type: "yield", state: "a", waitingFor: "user", text: "hi", parts: [{ state: "a", text: "hi" }] },
    ]);
  });

  it("goes on in a control: agent state and keeps what each state said", () => {
    const { run, effects } = feed(workflow, [message, asks("Go"), reply("one")]);
    expect(types(effects)).toEqual(["enter b", "run_prompt b"]);
    expect(effects[0]).toMatchObject({ history: "keep" });
    const [, later] = transition(workflow, transition(workflow, run, asks("On"))[0], reply("two"));
    expect(later).toMatchObject([
      { type: "enter", state: "c", history: "reset" },
      { type: "yield", state: "c", text: "one\n\ntwo", parts: [{ state: "a" }, { state: "b" }] },
    ]);
  });

  it("yields when a control: agent state answers without an event, and empty text as it is", () => {
    expect(feed(workflow, [message, asks("Go"), reply(), reply()]).effects).toMatchObject([
      { type: "yield", state: "b", text: "", parts: [] },
    ]);
  });

  it("treats an absent control as user, or as agent when the host says so", () => {
    const plain = workflowOf({ a: state({ Go: "b" }), b: state({ On: "z" }), z: end });
    expect(types(feed(plain, [message, asks("Go"), reply()]).effects)).toEqual(["enter b", "yield b"]);
    expect(types(feed(plain, [message, asks("Go"), reply()], { absentControl: "agent" }).effects)).toEqual([
      "enter b",
      "run_prompt b",
    ]);
  });

  it("runs a terminal state's prompt and then completes", () => {
    const { run } = feed(workflow, [
      message,
      asks("Go"),
      reply(),
      asks("On"),
      reply(),
      message,
      asks("End"),
      reply("almost"),
    ]);
    expect(run).toMatchObject({ state: "z", busy: true, status: "running" });
    const [after, effects] = transition(workflow, run, reply("done"));
    expect(after.status).toBe("completed");
    expect(effects).toMatchObject([{ type: "end", status: "completed", text: "almost\n\ndone" }]);
  });

  it("passes the model's context on, and lets the last event of a reply count", () => {
    const many = workflowOf({ a: state({ B: "b", C: "c" }), b: end, c: end });
    const { effects } = feed(many, [
      message,
      asks("B"),
      { type: "event", by: "agent", event: "C", context: "why" },
      reply(),
    ]);
    expect(effects[0]).toEqual({ type: "enter", state: "c", history: "reset", context: "why" });
  });

  it("caps the states that run for one message", () => {
    const ring = workflowOf({ a: state({ Go: "a" }, { control: "agent" }) });
    expect(types(feed(ring, [message, asks("Go"), reply(), asks("Go"), reply()], { maxRuns: 2 }).effects)).toEqual([
      "enter a",
      "yield a",
    ]);
  });

  it("forgets a turn that the host stops", () => {
    expect(feed(workflow, [message, asks("Go"), { type: "stop" }]).run).toMatchObject({
      state: "a",
      busy: false,
      pending: null,
      text: [],
    });
  });
});

describe("who may fire", () => {
  const modes = workflowOf({
    a: state({ Go: "b" }),
    b: state({ Go: "c" }, { orchestration: "external" }),
    c: state({ Go: "d" }, { orchestration: "hybrid" }),
    d: { orchestration: "composition", composition: "flow", on_event: { Go: "z", Other: "a" } },
    z: end,
  });

  it("lists the events for each mode", () => {
    const table = Object.entries(modes.states).map(([name, item]) => [
      name,
      eventsFor(item, "agent").length,
      eventsFor(item, "host").length,
    ]);
    expect(table).toEqual([
      ["a", 1, 0],
      ["b", 0, 1],
      ["c", 1, 1],
      ["d", 0, 2],
      ["z", 0, 0],
    ]);
  });

  it("refuses an event that the agent or the host may not fire", () => {
    expect(refused(feed(modes, [host("Go")]).effects)).toMatchObject([
      { code: "EVENT_NOT_ALLOWED", message: expect.stringContaining("internal") },
    ]);
    expect(refused(feed(modes, [message, asks("Go"), reply(), message, asks("Go")]).effects)).toMatchObject([
      { code: "EVENT_NOT_ALLOWED" },
    ]);
  });

  it("refuses an unknown event and lists those there are", () => {
    for (const name of ["Gone", "toString", "__proto__"]) {
      expect(refused(feed(modes, [message, asks(name)]).effects)).toMatchObject([
        { code: "UNKNOWN_EVENT", message: expect.stringContaining('it has "Go"') },
      ]);
    }
  });

  it("lets a host event wait for the user, but run terminal states and compositions at once", () => {
    const toB = [message, asks("Go"), reply()];
    expect(types(feed(modes, [...toB, host("Go")]).effects)).toEqual(["enter c"]);
    expect(types(feed(modes, [...toB, host("Go"), host("Go")]).effects)).toEqual(["enter d", "run_composition d"]);
  });

  it("maps a composition's output to an event, else waits for the host", () => {
    const inD = [message, asks("Go"), reply(), host("Go"), host("Go")];
    expect(types(feed(modes, [...inD, { type: "composition_output", output: "Go" }]).effects)).toEqual([
      "enter z",
      "run_prompt z",
    ]);
    expect(
      types(feed(modes, [...inD, { type: "composition_output", output: { event: "Other", text: "hm" } }]).effects),
    ).toEqual(["enter a", "yield a"]);
    expect(feed(modes, [...inD, { type: "composition_output", output: { n: 1 } }]).effects).toMatchObject([
      { type: "yield", state: "d", waitingFor: "host", text: '{"n":1}' },
    ]);
    const single = workflowOf({
      a: { orchestration: "composition", composition: "flow", on_event: { Done: "z" } },
      z: end,
    });
    expect(types(feed(single, [message, { type: "composition_output", output: 5 }]).effects)).toEqual([
      "enter z",
      "run_prompt z",
    ]);
  });

  it("refuses what does not fit the moment, and everything after the end", () => {
    const codes = (events: readonly WorkflowEvent[]): unknown => refused(feed(modes, events).effects);
    expect(codes([reply()])).toMatchObject([{ code: "UNEXPECTED_EVENT" }]);
    expect(codes([message, message])).toMatchObject([{ code: "UNEXPECTED_EVENT" }]);
    expect(codes([message, { type: "composition_output", output: 1 }])).toMatchObject([{ code: "UNEXPECTED_EVENT" }]);
    const one = workflowOf({ a: end });
    for (const event of [message, asks("Go"), host("Go"), { type: "tool_call" } as const]) {
      expect(refused(feed(one, [message, reply(), event]).effects)).toMatchObject([
        { code: "WORKFLOW_ENDED", message: expect.stringContaining("completed") },
      ]);
    }
  });
});

describe("events that are none", () => {
  const workflow = workflowOf({ a: state({ Go: "z" }, { orchestration: "hybrid" }), z: end });
  const { run } = feed(workflow, [message]);

  it.each([
    [{ type: "event", by: "agent", event: 5 }, "WRONG_TYPE /event"],
    [{ type: "event", by: "agent" }, "WRONG_TYPE /event"],
    [{ type: "event", by: "agent", event: "Go", context: {} }, "WRONG_TYPE /context"],
    [{ type: "event", event: "Go" }, "WRONG_VALUE /by"],
    [{ type: "set_artifact", name: {}, value: "" }, "WRONG_TYPE /name"],
    [{ type: "set_artifact", value: "" }, "WRONG_TYPE /name"],
    [{ type: "set_artifact", name: "a" }, "WRONG_TYPE /value"],
    [{ type: "reply" }, "WRONG_TYPE /text"],
    [{ type: "go" }, "UNEXPECTED_EVENT /type"],
    [{ type: "constructor" }, "UNEXPECTED_EVENT /type"],
    ["Go", "UNEXPECTED_EVENT /type"],
  ])("are refused and change nothing: %j", (event, expected) => {
    const [after, effects] = transition(workflow, run, event as unknown as WorkflowEvent);
    expect(after).toBe(run);
    expect(
      effects.map(
        (effect) => effect.type === "refuse" && [effect.diagnostic.code, effect.diagnostic.pointer].join(" "),
      ),
    ).toEqual([expected]);
  });
});
