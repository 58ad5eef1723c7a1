import { describe, expect, it } from "vitest";
import { InputError, PackError } from "../diagnostics/errors.ts";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";
import { initialState, rewindWorkflow, type WorkflowOptions } from "./initial-state.ts";
import { artifactTool, eventOfCall, eventsFor, stateTools, transitionTool } from "./state-tools.ts";
import { transition } from "./transition.ts";
import type { WorkflowEffect, WorkflowEvent, WorkflowRun } from "./workflow-run.ts";

const workflowOf = (states: object, engine?: object): WorkflowConfig =>
  ({ version: 1, entry: "a", states, ...(engine === undefined ? {} : { engine }) }) as WorkflowConfig;
const state = (on_event: object | undefined, more: object = {}): object => ({
  prompt_task: "p",
  ...(on_event === undefined ? {} : { on_event }),
  ...more,
});
const end = state(undefined, { terminal: true });

/** Feeds events and returns the last run with the effects of the last event. */
function feed(
  workflow: WorkflowConfig,
  events: readonly WorkflowEvent[],
  options: WorkflowOptions = {},
): { run: WorkflowRun; effects: readonly WorkflowEffect[] } {
  let run = initialState(workflow, options);
  let effects: readonly WorkflowEffect[] = [];
  for (const event of events) [run, effects] = transition(workflow, run, event);
  return { run, effects };
}
const message: WorkflowEvent = { type: "message" };
const reply = (text = ""): WorkflowEvent => ({ type: "reply", text });
const asks = (event: string): WorkflowEvent => ({ type: "event", by: "agent", event });
const host = (event: string): WorkflowEvent => ({ type: "event", by: "host", event });
const types = (effects: readonly WorkflowEffect[]): string[] =>
  effects.map((effect) => ("state" in effect ? `${effect.type} ${effect.state}` : effect.type));
const refused = (effects: readonly WorkflowEffect[]): unknown =>
  effects.map((effect) => (effect.type === "refuse" ? effect.diagnostic : effect));

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

describe("artifacts", () => {
  const slots = {
    note: { type: "text/plain", mode: "append" },
    doc: { type: "application/vnd.x+json; v=1", mode: "append" },
    sha: { type: "text/plain" },
  };
  const workflow = workflowOf({
    a: state({ Go: "b" }, { artifacts: slots }),
    b: state({ End: "z" }, { artifacts: { note: { type: "text/plain" } } }),
    z: end,
  });
  const set = (name: string, value: unknown): WorkflowEvent => ({ type: "set_artifact", name, value }) as WorkflowEvent;

  it("replaces, joins texts with a newline, and collects JSON in an array", () => {
    const { run } = feed(workflow, [
      message,
      set("note", "x"),
      set("note", "y"),
      set("doc", { n: 1 }),
      set("doc", 2),
      set("sha", "1"),
      set("sha", "2"),
    ]);
    expect(run.artifacts).toEqual({ note: "x\ny", doc: [{ n: 1 }, 2], sha: "2" });
    expect(Object.isFrozen(run.artifacts["doc"])).toBe(true);
  });

  it("refuses slots that the state does not declare, wrong types and too much", () => {
    const refuse = (...events: WorkflowEvent[]): unknown =>
      refused(feed(workflow, [message, ...events], { maxArtifactLength: 5 }).effects);
    expect(refuse(set("constructor", "x"))).toMatchObject([
      { code: "UNKNOWN_ARTIFACT", message: expect.stringContaining('"note", "doc", "sha"') },
    ]);
    expect(refuse(set("sha", 5))).toMatchObject([
      { code: "INVALID_ARTIFACT", message: expect.stringContaining("number") },
    ]);
    expect(refuse(set("sha", "123456"))).toMatchObject([{ code: "INVALID_ARTIFACT" }]);
    expect(refuse(set("note", "123"), set("note", "45"))).toMatchObject([{ code: "INVALID_ARTIFACT" }]);
    expect(refuse(set("doc", { a: 1 }))).toMatchObject([{ code: "INVALID_ARTIFACT" }]);
  });

  it("snapshots the values at each transition and hands the last ones out at the end", () => {
    const { run, effects } = feed(workflow, [
      message,
      set("note", "x"),
      asks("Go"),
      reply(),
      message,
      set("note", "y"),
      asks("End"),
      reply(),
      reply(),
    ]);
    expect(run.history.map(({ from, to, artifacts }) => [from, to, artifacts["note"]])).toEqual([
      ["a", "b", "x"],
      ["b", "z", "y"],
    ]);
    expect(effects).toMatchObject([{ type: "end", artifacts: { note: "y" } }]);
  });
});

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
    expect(feed(workflow, round, { maxHistory: 0 }).run.history).toEqual([]);
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
  expect(["c", "z", "toString"].map((name) => stateTools(workflow, name))).toEqual([[], [], []]);
});
