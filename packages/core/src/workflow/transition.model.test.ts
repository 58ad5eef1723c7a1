import fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonValue } from "../json/json.ts";
import type { WorkflowConfig, WorkflowState } from "../schema/sections/workflow.ts";
import { initialState } from "./initial-state.ts";
import { transition } from "./transition.ts";
import type { WorkflowEvent, WorkflowRun } from "./workflow-run.ts";

/** The specification's pseudo code, written as plainly as possible: one mutable object, no sharing with the source. */
class Naive {
  status = "running";
  current: string;
  busy = false;
  start: number | undefined;
  visits = new Map<string, number>();
  total = 1;
  tools = 0;
  slots: Record<string, unknown> = {};
  log: string[] = [];
  wanted: string | undefined;
  said: string[] = [];
  runs = 0;
  out: string[] = [];
  workflow: WorkflowConfig;

  constructor(workflow: WorkflowConfig) {
    this.workflow = workflow;
    this.current = workflow.entry;
    this.visits.set(workflow.entry, 1);
  }

  state(): WorkflowState {
    return Object.entries(this.workflow.states).find(([name]) => name === this.current)?.[1] ?? {};
  }
  mode(): string {
    return this.state().orchestration ?? "internal";
  }
  final(): boolean {
    return this.state().terminal === true || Object.keys(this.state().on_event ?? {}).length === 0;
  }
  budget(name: "max_total_visits" | "max_tool_calls" | "max_wall_time_sec"): number {
    return this.workflow.engine?.budget?.[name] ?? Infinity;
  }
  finish(status: string, limit = ""): void {
    this.out.push(`end ${status} ${limit} ${this.said.join("\n\n")} ${JSON.stringify(this.slots)}`);
    this.status = status;
    this.busy = false;
    this.wanted = undefined;
    this.said = [];
  }
  late(at: number): boolean {
    if (at - (this.start ?? at) <= this.budget("max_wall_time_sec") * 1000) return false;
    this.finish("budget_exhausted", "max_wall_time_sec");
    return true;
  }
  yield(waitingFor: string): void {
    this.out.push(`yield ${this.current} ${waitingFor} ${this.said.join("\n\n")}`);
    this.busy = false;
    this.said = [];
  }
  run(at: number): void {
    if (this.late(at)) return;
    if (this.runs === 4) return this.yield("user");
    this.runs++;
    this.busy = true;
    this.out.push(`run ${this.current}`);
  }
  go(event: string): boolean {
    let target = Object.entries(this.state().on_event ?? {}).find(([name]) => name === event)?.[1];
    const tried = new Set<string>();
    while (
      target !== undefined &&
      (this.visits.get(target) ?? 0) >= (this.workflow.states[target]?.max_visits ?? Infinity)
    ) {
      if (tried.has(target)) target = undefined;
      else {
        tried.add(target);
        target = this.workflow.states[target]?.on_max_visits;
      }
    }
    if (target === undefined) {
      this.finish("budget_exhausted", "max_visits");
      return false;
    }
    if (this.total >= this.budget("max_total_visits")) {
      this.finish("budget_exhausted", "max_total_visits");
      return false;
    }
    this.log = [...this.log, `${this.current}>${target} ${JSON.stringify(this.slots)}`].slice(-3);
    this.total++;
    this.visits.set(target, (this.visits.get(target) ?? 0) + 1);
    this.current = target;
    this.out.push(`enter ${target} ${this.state().persistence === "persistent" ? "keep" : "reset"}`);
    return true;
  }
  after(event: string | undefined, at: number, waitingFor: string): void {
    this.wanted = undefined;
    if (this.final()) return this.finish("completed");
    if (event === undefined) return this.yield(waitingFor);
    if (!this.go(event)) return;
    if (this.final() || this.mode() === "composition" || this.state().control === "agent") this.run(at);
    else this.yield("user");
  }
  handle(event: WorkflowEvent & { at: number }): void {
    this.out = [];
    if (this.status !== "running") return void this.out.push("refuse WORKFLOW_ENDED");
    const initiates = event.type === "message" || (event.type === "event" && event.by === "host");
    const wrongTime = event.type !== "set_artifact" && initiates === this.busy;
    const wrongKind =
      (event.type === "reply" && this.mode() === "composition") ||
      (event.type === "composition_output" && this.mode() !== "composition");
    if (wrongTime || wrongKind) return void this.out.push("refuse UNEXPECTED_EVENT");
    const began = this.start;
    this.start ??= event.at;
    if (event.type === "message") {
      this.runs = 0;
      this.busy = true;
      this.run(event.at);
    } else if (event.type === "round") this.late(event.at);
    else if (event.type === "tool_call") {
      if (this.late(event.at)) return;
      if (this.tools === this.budget("max_tool_calls")) this.finish("budget_exhausted", "max_tool_calls");
      else this.tools++;
    } else if (event.type === "set_artifact") {
      const declared = Object.entries(this.state().artifacts ?? {}).find(([name]) => name === event.name)?.[1];
      const refused =
        declared === undefined
          ? "UNKNOWN_ARTIFACT"
          : declared.type === "text/plain" && typeof event.value !== "string"
            ? "INVALID_ARTIFACT"
            : "";
      if (refused !== "") {
        this.start = began;
        return void this.out.push(`refuse ${refused}`);
      }
      const old = this.slots[event.name];
      if (declared?.mode !== "append") this.slots[event.name] = event.value;
      else if (declared.type === "text/plain")
        this.slots[event.name] = old === undefined ? event.value : `${old as string}\n${event.value as string}`;
      else this.slots[event.name] = [...((old as unknown[] | undefined) ?? []), event.value];
      this.slots = { ...this.slots };
    } else if (event.type === "event") {
      const names = Object.keys(this.state().on_event ?? {});
      const may = event.by === "agent" ? ["internal", "hybrid"] : ["external", "hybrid", "composition"];
      if (!names.includes(event.event) || this.final() || !may.includes(this.mode())) {
        this.start = began;
        return void this.out.push(`refuse ${names.includes(event.event) ? "EVENT_NOT_ALLOWED" : "UNKNOWN_EVENT"}`);
      }
      if (this.late(event.at)) return;
      if (event.by === "agent") this.wanted = event.event;
      else {
        this.runs = 0;
        if (this.go(event.event) && (this.final() || this.mode() === "composition")) this.run(event.at);
      }
    } else if (event.type === "stop") {
      this.busy = false;
      this.wanted = undefined;
      this.said = [];
    } else if (event.type === "reply") {
      if (event.text !== "") this.said.push(event.text);
      this.after(this.wanted, event.at, "user");
    } else {
      const output = event.output;
      if (typeof output === "string" && output !== "") this.said.push(output);
      const names = Object.keys(this.state().on_event ?? {});
      const mapped = names.find((name) => name === output) ?? (names.length === 1 ? names[0] : undefined);
      this.after(mapped, event.at, "host");
    }
  }
}

const names = ["a", "constructor", "__proto__", "d"];
const events = ["Go", "Back", "toString"];
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const state = fc.record({
  prompt_task: fc.constant("p"),
  on_event: maybe(
    fc.dictionary(fc.constantFrom(...events), fc.constantFrom(...names), { minKeys: 1, noNullPrototype: true }),
  ),
  terminal: fc.constantFrom(undefined, undefined, undefined, false, true),
  orchestration: maybe(
    fc.constantFrom("internal" as const, "external" as const, "hybrid" as const, "composition" as const),
  ),
  control: maybe(fc.constantFrom("user" as const, "agent" as const)),
  persistence: maybe(fc.constantFrom("transient", "persistent")),
  max_visits: maybe(fc.integer({ min: 1, max: 3 })),
  on_max_visits: maybe(fc.constantFrom(...names)),
  artifacts: fc.constantFrom(
    undefined,
    { note: { type: "text/plain", mode: "append" as const } },
    {
      list: { type: "application/json", mode: "append" as const },
      note: { type: "text/plain", mode: "append" as const },
    },
  ),
});
const machine = fc.record({
  version: fc.constant(1),
  entry: fc.constantFrom(...names),
  states: fc
    .tuple(state, state, state, state)
    .map((states) => Object.fromEntries(states.map((item, index) => [names[index], item]))),
  engine: fc.record({
    budget: fc.record({
      max_total_visits: maybe(fc.integer({ min: 1, max: 9 })),
      max_tool_calls: maybe(fc.integer({ min: 1, max: 4 })),
      max_wall_time_sec: maybe(fc.integer({ min: 1, max: 60 })),
    }),
  }),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<WorkflowConfig>;

const eventName = fc.constantFrom(...events, "Nope");
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: "message" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "round" as const }) },
  { weight: 2, arbitrary: fc.constant({ type: "tool_call" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("set_artifact" as const),
      name: fc.constantFrom("note", "list", "valueOf"),
      value: fc.constantFrom<JsonValue>("x", 7),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("event" as const),
      by: fc.constantFrom("agent" as const, "host" as const),
      event: eventName,
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("reply" as const), text: fc.constantFrom("", "hi", "yo") }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("composition_output" as const),
      output: fc.constantFrom("", "Go", "toString", "other"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "stop" as const }) },
);
// A number stands for something that fits the moment, so that stories get far; the rest is thrown in blindly.
const story = fc.array(
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: fc.nat(11) }, { weight: 1, arbitrary: happening }),
    fc.integer({ min: 0, max: 1500 }),
  ),
  { minLength: 10, maxLength: 60 },
);

function fitting(workflow: WorkflowConfig, run: WorkflowRun, choice: number): WorkflowEvent {
  const current = Object.entries(workflow.states).find(([name]) => name === run.state)?.[1];
  const known = Object.keys(current?.on_event ?? {});
  const event = known[choice % 3] ?? "Go";
  if (!run.busy) return choice % 2 === 0 ? { type: "message" } : { type: "event", by: "host", event };
  if (current?.orchestration === "composition") return { type: "composition_output", output: event };
  return run.pending === null && choice > 2
    ? { type: "event", by: "agent", event }
    : { type: "reply", text: `said ${choice}` };
}

it("behaves as a naive machine does on random workflows and random events", () => {
  let transitions = 0;
  let endings = 0;
  fc.assert(
    fc.property(machine, story, (workflow, steps) => {
      const naive = new Naive(workflow);
      let run = initialState(workflow, { maxRuns: 4, maxHistory: 3 });
      let at = 1000;
      for (const [what, delay] of steps) {
        at += delay;
        const event = { ...(typeof what === "number" ? fitting(workflow, run, what) : what), at };
        const before = JSON.stringify(run);
        const [next, effects] = transition(workflow, run, event);
        naive.handle(event);
        expect(JSON.stringify(run)).toBe(before);
        const seen = effects.map((effect) => {
          if (effect.type === "refuse") return `refuse ${effect.diagnostic.code}`;
          if (effect.type === "enter") return `enter ${effect.state} ${effect.history}`;
          if (effect.type === "yield") return `yield ${effect.state} ${effect.waitingFor} ${effect.text}`;
          if (effect.type === "end")
            return `end ${effect.status} ${effect.limit ?? ""} ${effect.text} ${JSON.stringify(effect.artifacts)}`;
          return `run ${effect.state}`;
        });
        expect(seen).toEqual(naive.out);
        // Stored and loaded again at every step, so nothing lives outside of the JSON.
        run = JSON.parse(JSON.stringify(next));
        expect([run.status, run.state, run.busy, run.totalVisits, run.toolCalls]).toEqual([
          naive.status,
          naive.current,
          naive.busy,
          naive.total,
          naive.tools,
        ]);
        expect(new Map(Object.entries(run.visits))).toEqual(naive.visits);
        expect(run.history.map(({ from, to, artifacts }) => `${from}>${to} ${JSON.stringify(artifacts)}`)).toEqual(
          naive.log,
        );
        if (effects[0]?.type === "refuse") expect(next).toEqual(JSON.parse(before));
        transitions += effects.some(({ type }) => type === "enter") ? 1 : 0;
        endings += effects.some(({ type }) => type === "end") ? 1 : 0;
      }
    }),
    { numRuns: 1500 },
  );
  // The stories are worth comparing only if they go somewhere.
  expect(transitions).toBeGreaterThan(1000);
  expect(endings).toBeGreaterThan(300);
});
