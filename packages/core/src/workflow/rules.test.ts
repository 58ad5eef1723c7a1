import { expect, it } from "vitest";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings } from "../diagnostics/report.ts";
import type { WorkflowSlice } from "./lint/lint-run.ts";
import { checkWorkflowRules } from "./rules.ts";

interface Parts {
  readonly states?: object;
  readonly workflow?: object | undefined;
  readonly prompts?: object;
  readonly agents?: object;
  readonly compositions?: object;
}

const end = { prompt_task: "p", terminal: true };
const to = (target: string, more: object = {}): object => ({ prompt_task: "p", on_event: { Next: target }, ...more });

function check({ states = { a: end }, workflow = {}, ...parts }: Parts): Diagnostic[] {
  const pack = {
    prompts: { p: { system_template: "" } },
    workflow: { version: 1, entry: "a", states, ...workflow },
    ...parts,
  };
  const { findings, report } = collectFindings();
  checkWorkflowRules(pack as unknown as WorkflowSlice, report);
  return findings.map(({ diagnostic }) => diagnostic);
}
const summary = (found: readonly Diagnostic[]): string[] =>
  found.map(({ code, pointer, severity }) => `${severity} ${code} ${pointer}`);

it("finds nothing in a workflow without mistakes", () => {
  const states = {
    a: to("b", { control: "user", persistence: "persistent", artifacts: { sha: { type: "text/plain" } } }),
    b: { prompt_task: "p", on_event: { Back: "a", Done: "z" }, max_visits: 3, on_max_visits: "z", control: "agent" },
    c: { orchestration: "composition", composition: "flow", on_event: { Done: "z" } },
    z: end,
  };
  const prompts = { p: { system_template: "{{artifacts.sha}} and { artifacts.sha } but artifacts.other is prose" } };
  expect(
    check({ states, prompts, agents: { members: { p: { state: "c" } } }, compositions: { flow: { steps: [] } } }),
  ).toEqual([]);
});

it.each<[finding: string, parts: Parts]>([
  ["error UNSUPPORTED_WORKFLOW_VERSION /workflow/version", { workflow: { version: 3 } }],
  ["error UNKNOWN_STATE /workflow/entry", { workflow: { entry: "toString" } }],
  [
    "error UNKNOWN_STATE /workflow/states/a/on_event/Next",
    { states: { a: { ...to("constructor"), on_event: { Next: "constructor", Done: "z" } }, z: end } },
  ],
  [
    "error UNKNOWN_STATE /workflow/states/a/on_max_visits",
    { states: { a: to("z", { max_visits: 1, on_max_visits: "gone" }), z: end } },
  ],
  [
    "error UNKNOWN_PROMPT /workflow/states/a/prompt_task",
    { states: { a: { prompt_task: "q", terminal: true } }, prompts: {} },
  ],
  [
    "error UNKNOWN_COMPOSITION /workflow/states/a/composition",
    { states: { a: { orchestration: "composition", composition: "c", terminal: true } }, prompts: {} },
  ],
  ["error MISPLACED_COMPOSITION /workflow/states/a/composition", { states: { a: { ...end, composition: "c" } } }],
  [
    "info IGNORED_PROMPT_TASK /workflow/states/a/prompt_task",
    { states: { a: { ...end, orchestration: "composition", composition: "c" } }, compositions: { c: { steps: [] } } },
  ],
  ["error UNKNOWN_PERSISTENCE /workflow/states/a/persistence", { states: { a: { ...end, persistence: "sticky" } } }],
  [
    "error ENDLESS_REDIRECT /workflow/states/a/on_max_visits",
    {
      states: { a: to("z", { max_visits: 1, on_max_visits: "a" }), z: end },
      workflow: { engine: { budget: { max_total_visits: 9 } } },
    },
  ],
  [
    "warning CHAINED_REDIRECT /workflow/states/a/on_max_visits",
    { states: { a: to("b", { max_visits: 1, on_max_visits: "b" }), b: { ...end, max_visits: 2 } } },
  ],
  [
    "warning UNUSED_REDIRECT /workflow/states/a/on_max_visits",
    { states: { a: to("z", { on_max_visits: "z" }), z: end } },
  ],
  ["warning TERMINAL_WITH_EVENTS /workflow/states/a/on_event", { states: { a: to("a", { terminal: true }) } }],
  ["warning DEAD_END_STATE /workflow/states/a", { states: { a: { prompt_task: "p" } } }],
  ["info DEAD_END_STATE /workflow/states/a", { states: { a: { prompt_task: "p", on_event: {} } } }],
  ["warning UNREACHABLE_STATE /workflow/states/~1x", { states: { a: end, "/x": end } }],
  [
    "warning UNBOUNDED_LOOP /workflow/states/b/on_event/Back",
    { states: { a: to("b"), b: { prompt_task: "p", on_event: { Back: "a", Done: "z" } }, z: end } },
  ],
  ["warning INERT_CONTROL /workflow/states/a/control", { states: { a: { ...end, control: "agent" } } }],
  [
    "info INERT_CONTROL /workflow/states/a/control",
    { states: { a: to("z", { orchestration: "external", control: "user" }), z: end } },
  ],
  [
    "warning BUDGET_TOO_SMALL /workflow/engine/budget/max_total_visits",
    {
      states: { a: to("z", { max_visits: 5 }), z: { ...end, max_visits: 2 } },
      workflow: { engine: { budget: { max_total_visits: 6 } } },
    },
  ],
  [
    "warning EVENT_NAME_STYLE /workflow/states/a/on_event/go on",
    { states: { a: { prompt_task: "p", on_event: { "go on": "z", Fine: "z", stop_it: "z" } }, z: end } },
  ],
  [
    "warning INVALID_ARTIFACT_TYPE /workflow/states/a/artifacts/x/type",
    { states: { a: { ...end, artifacts: { x: { type: "string" } } } } },
  ],
  [
    "warning CONFLICTING_ARTIFACT /workflow/states/z/artifacts/x",
    {
      states: {
        a: to("z", { artifacts: { x: { type: "text/plain", mode: "replace" } } }),
        z: { ...end, artifacts: { x: { type: "text/plain", mode: "append" } } },
      },
    },
  ],
  [
    "warning UNDECLARED_ARTIFACT /prompts/p/system_template",
    { prompts: { p: { system_template: "a {{ artifacts.x }}" } } },
  ],
  ["info UNUSED_PROMPT /prompts/spare", { prompts: { p: { system_template: "" }, spare: { system_template: "" } } }],
])("reports %s and nothing else", (finding, parts) => {
  expect(summary(check(parts))).toEqual([finding]);
});

it("reports a ring of redirects once, and the way into it as a chain", () => {
  const limited = (target: string): object => to("z", { max_visits: 1, on_max_visits: target });
  const states = {
    a: { ...limited("b"), on_event: { B: "b", C: "c", Z: "z" } },
    b: limited("c"),
    c: limited("b"),
    z: end,
  };
  expect(summary(check({ states }))).toEqual([
    "error ENDLESS_REDIRECT /workflow/states/b/on_max_visits",
    "warning CHAINED_REDIRECT /workflow/states/a/on_max_visits",
  ]);
});

it("reports each loop once, and none when max_visits or a budget guards it", () => {
  const states = {
    a: { prompt_task: "p", on_event: { B: "b", C: "c", Self: "a" } },
    b: { prompt_task: "p", on_event: { A: "a", C: "c" } },
    c: { prompt_task: "p", on_event: { Again: "c", Done: "z" } },
    z: end,
  };
  expect(summary(check({ states }))).toEqual([
    "warning UNBOUNDED_LOOP /workflow/states/b/on_event/A",
    "warning UNBOUNDED_LOOP /workflow/states/c/on_event/Again",
  ]);
  expect(check({ states, workflow: { engine: { budget: { max_tool_calls: 5 } } } })).toEqual([]);
  expect(
    check({ states: { ...states, b: { ...states.b, max_visits: 2 }, c: { ...states.c, max_visits: 2 } } }),
  ).toEqual([]);
  expect(summary(check({ states, workflow: { engine: { budget: {} } } }))).toHaveLength(2);
});

it("reports that no state ends the workflow, or the loop that cannot be left", () => {
  const budget = { engine: { budget: { max_total_visits: 9 } } };
  expect(summary(check({ states: { a: to("b"), b: to("a") }, workflow: budget }))).toEqual([
    "warning NO_TERMINAL_STATE /workflow/states",
  ]);
  const trap = { a: { prompt_task: "p", on_event: { Trap: "t", Done: "z" } }, t: to("u"), u: to("t"), z: end };
  expect(summary(check({ states: trap, workflow: budget }))).toEqual(["warning NO_WAY_TO_END /workflow/states/t"]);
});

it("reports agents that hand the turn to each other for ever, unless a user, an end or max_visits stops them", () => {
  const budget = { engine: { budget: { max_total_visits: 9 } } };
  const agent = (target: string, more: object = {}): object => to(target, { control: "agent", ...more });
  const ring = { a: to("b"), b: agent("c"), c: agent("b") };
  expect(summary(check({ states: ring, workflow: budget }))).toContain(
    "warning ENDLESS_AGENT_LOOP /workflow/states/b/control",
  );
  const codes = (states: object): string[] => check({ states, workflow: budget }).map(({ code }) => code);
  expect(
    codes({ ...ring, c: { prompt_task: "p", control: "agent", on_event: { Next: "b", Done: "z" } }, z: end }),
  ).toEqual([]);
  expect(codes({ ...ring, c: agent("b", { max_visits: 2 }) })).not.toContain("ENDLESS_AGENT_LOOP");
  expect(codes({ a: agent("b"), b: to("a") })).not.toContain("ENDLESS_AGENT_LOOP");
});

it("counts states of agents and redirects as ways in", () => {
  const states = { a: to("z", { max_visits: 1, on_max_visits: "b" }), b: end, c: end, z: end };
  expect(check({ states, agents: { members: { p: { state: "c" } } } })).toEqual([]);
});

it("says when an event's target is a prompt", () => {
  const [found] = check({ states: { a: { prompt_task: "p", on_event: { Next: "p", Done: "z" } }, z: end } });
  expect(found?.message).toContain('"p" is a prompt');
});

it("warns of artifacts in a pack without a workflow, at their place in the template", () => {
  const { findings, report } = collectFindings();
  checkWorkflowRules(
    { prompts: { main: { system_template: "Use {{artifacts.sha}}" } } } as unknown as WorkflowSlice,
    report,
  );
  expect(findings).toMatchObject([
    {
      range: { start: 6, end: 19 },
      diagnostic: { code: "UNDECLARED_ARTIFACT", pointer: "/prompts/main/system_template" },
    },
  ]);
});

it("walks long chains and large rings without recursion and in linear time", () => {
  const size = 20_000;
  const states = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [
      `s${index}`,
      to(`s${(index + 1) % size}`, { max_visits: 1, on_max_visits: `s${(index + 1) % size}` }),
    ]),
  );
  const found = check({ states, workflow: { entry: "s0" } });
  expect(found.map(({ code }) => code)).toEqual(["ENDLESS_REDIRECT", "NO_TERMINAL_STATE"]);
}, 10_000);
