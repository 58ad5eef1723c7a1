// oxlint-disable unicorn/no-thenable -- "then" is a field of branch steps
import { expect, it } from "vitest";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { collectFindings } from "../diagnostics/report.ts";
import type { CompositionSlice } from "./lint/lint-run.ts";
import { checkCompositionRules } from "./rules.ts";

const prompt = (id: string, more: object = {}): object => ({ id, kind: "prompt", prompt_task: "p", ...more });
const branch = (id: string, then: string, more: object = {}): object => ({
  id,
  kind: "branch",
  predicate: { path: "${input.x}", exists: true },
  then,
  ...more,
});
const parallel = (id: string, branches: readonly object[], more: object = {}): object => ({
  id,
  kind: "parallel",
  branches,
  reduce: { strategy: "append", into: "all" },
  ...more,
});
const guarded = (predicate: object): object[] => [branch("if", "b", { predicate }), prompt("b")];

function check(steps: readonly object[], more: object = {}, options = {}): Diagnostic[] {
  const pack = {
    prompts: { p: { tools: ["find"] } },
    tools: { find: {}, other: {} },
    evals: [{ id: "e" }],
    workflow: { version: 1, entry: "s", states: { s: { orchestration: "composition", composition: "c" } } },
    compositions: { c: { version: 1, steps, ...more } },
  } as unknown as CompositionSlice;
  const { findings, report } = collectFindings();
  checkCompositionRules(pack, report, options);
  return findings.map(({ diagnostic }) => diagnostic);
}

it("finds nothing in a composition without mistakes", () => {
  const steps = [
    prompt("a", {
      input: "${input}",
      output_schema: "#/x",
      modifiers: { retry: { max_attempts: 2 }, eval: ["e"] },
      "x-note": 1,
      "acme:y": 2,
      extensions: {},
    }),
    branch("if", "b", {
      else: "c",
      predicate: {
        all_of: [
          { path: "${a.output.k}", op: "in", value: [1] },
          { not: { path: "${input.n}", op: "less_than", value: 3 } },
        ],
      },
    }),
    { id: "b", kind: "tool", tool: "find", args: { deep: [{ q: "is ${a.output.q}" }] } },
    {
      id: "c",
      kind: "agent",
      prompt_task: "p",
      tools: ["find"],
      termination: { max_steps: 2, tool_called: "find" },
      input: { a: "${a.output}" },
    },
    parallel("d", [prompt("e", { input: "${a.output}" }), { id: "f", kind: "acme.judge", anything: 1 }], {
      depends_on: ["b", "c"],
    }),
    prompt("g", { depends_on: ["d"], input: "${d.output.all[0]}" }),
  ];
  expect(check(steps, { output: "g", input_schema: "schemas/in.json" }, { stepKinds: ["acme.judge"] })).toEqual([]);
});

it.each<[code: string, pointer: string, steps: readonly object[], more?: object]>([
  ["DUPLICATE_STEP", "/steps/1/branches/1/id", [prompt("a"), parallel("p", [prompt("b"), prompt("a")])]],
  ["RESERVED_STEP_ID", "/steps/0/id", [prompt("input")]],
  ["UNKNOWN_PROMPT", "/steps/0/prompt_task", [prompt("a", { prompt_task: "constructor" })]],
  ["UNKNOWN_TOOL", "/steps/0/tool", [{ id: "a", kind: "tool", tool: "toString" }]],
  [
    "UNKNOWN_TOOL",
    "/steps/0/tools/1",
    [{ id: "a", kind: "agent", prompt_task: "p", tools: ["find", "fnd"], termination: { max_steps: 1 } }],
  ],
  [
    "STEP_TOOL_NOT_IN_PROMPT",
    "/steps/0/tools/0",
    [{ id: "a", kind: "agent", prompt_task: "p", tools: ["other"], termination: { max_steps: 1 } }],
  ],
  [
    "UNREACHABLE_TERMINATION",
    "/steps/0/termination/tool_called",
    [{ id: "a", kind: "agent", prompt_task: "p", termination: { tool_called: "other" } }],
  ],
  ["UNKNOWN_EVAL", "/steps/0/modifiers/eval/0", [prompt("a", { modifiers: { eval: ["x"] } })]],
  ["UNKNOWN_STEP", "/steps/0/then", [branch("if", "gone"), prompt("b")]],
  ["UNKNOWN_STEP", "/steps/0/depends_on/0", [prompt("a", { depends_on: ["gone"] })]],
  ["UNKNOWN_STEP", "/steps/0/input/q~1r/0", [prompt("a", { input: { "q/r": ["${ghost.output}"] } })]],
  ["UNKNOWN_STEP", "/output", [prompt("a")], { output: "toString" }],
  ["NO_STEP_OUTPUT", "/output", guarded({ path: "${input}", exists: true }), { output: "if" }],
  ["NO_STEP_OUTPUT", "/steps/1/input", [branch("if", "b"), prompt("b", { input: "${if.output}" })]],
  [
    "STEP_OUT_OF_SCOPE",
    "/steps/1/input",
    [parallel("p", [prompt("x"), prompt("y")]), prompt("b", { input: "${x.output}", depends_on: ["p"] })],
  ],
  [
    "STEP_OUT_OF_SCOPE",
    "/steps/0/branches/1/depends_on/0",
    [parallel("p", [prompt("x"), prompt("y", { depends_on: ["x"] })])],
  ],
  [
    "UNRESOLVED_REFERENCE",
    "/steps/1/input",
    [parallel("p", [prompt("x"), prompt("y")]), prompt("b", { input: "${p.output.merged}", depends_on: ["p"] })],
  ],
  ["LATER_STEP", "/steps/0/input", [prompt("a", { input: "${b.output}" }), prompt("b")]],
  ["LATER_STEP", "/steps/0/input", [prompt("a", { input: "${a.output}" })]],
  ["LATER_STEP", "/steps/0/predicate/path", guarded({ path: "${b.output}", exists: true })],
  ["EARLY_BRANCH_TARGET", "/steps/1/else", [prompt("a"), branch("if", "c", { else: "a" }), prompt("c")]],
  ["STEP_CYCLE", "/steps", [prompt("a", { depends_on: ["b"] }), prompt("b")]],
  ["STEP_CYCLE", "/steps", [prompt("a", { depends_on: ["a"] })]],
  ["UNORDERED_REFERENCE", "/steps/1/input", [prompt("a"), prompt("b", { depends_on: [], input: "${a.output}" })]],
  ["SKIPPABLE_REFERENCE", "/steps/2/input", [branch("if", "b"), prompt("b"), prompt("c", { input: "${b.output}" })]],
  ["MISSING_JOIN", "/steps/1", [parallel("p", [prompt("x"), prompt("y")]), prompt("b")]],
  ["INVALID_REFERENCE", "/steps/0/input", [prompt("a", { input: "x ${input + 1}" })]],
  ["BARE_PATH", "/steps/0/predicate/path", guarded({ path: "input.x", exists: true })],
  ["BARE_PATH", "/steps/0/predicate/not/path", guarded({ not: { path: "a ${input.x}", exists: true } })],
  ["AMBIGUOUS_PREDICATE", "/steps/0/predicate", guarded({ any_of: [{ path: "${input}", exists: true }], more: 1 })],
  ["AMBIGUOUS_PREDICATE", "/steps/0/predicate", guarded({ all_of: 5, path: "${input}", exists: true })],
  ["EMPTY_PREDICATE", "/steps/0/predicate/all_of", guarded({ all_of: [] })],
  ["INVALID_COMPARISON", "/steps/0/predicate/value", guarded({ path: "${input}", op: "not_in", value: "a" })],
  [
    "INVALID_COMPARISON",
    "/steps/0/predicate/value",
    guarded({ path: "${input}", op: "less_than_or_equals", value: "1" }),
  ],
  [
    "UNKNOWN_REDUCER",
    "/steps/0/reduce/strategy",
    [parallel("p", [prompt("x"), prompt("y")], { reduce: { strategy: "pick", into: "a" } })],
  ],
  [
    "EMPTY_REDUCER_NAME",
    "/steps/0/reduce/into",
    [parallel("p", [prompt("x"), prompt("y")], { reduce: { strategy: "append", into: "" } })],
  ],
  ["UNKNOWN_STEP_KIND", "/steps/0/kind", [{ id: "a", kind: "acme.judge" }]],
  ["NESTED_PARALLEL", "/steps/0/branches/0", [parallel("p", [parallel("q", [prompt("x"), prompt("y")]), prompt("z")])]],
  ["NESTED_BRANCH", "/steps/0/branches/0", [parallel("p", [branch("if", "z"), prompt("z")])]],
  ["WRONG_STEP_FIELD", "/steps/0/tools", [prompt("a", { tools: [] })]],
  ["WRONG_STEP_FIELD", "/steps/0/dependson", [prompt("a", { dependson: [] })]],
  ["WRONG_STEP_FIELD", "/steps/0/modifiers/evals", [prompt("a", { modifiers: { evals: [] } })]],
  ["UNKNOWN_STEP_FIELD", "/steps/0/modifiers/guard", [prompt("a", { modifiers: { guard: 1 } })]],
  ["UNKNOWN_STEP_FIELD", "/steps/0/temperature", [prompt("a", { temperature: 1 })]],
  ["UNSAFE_SCHEMA_REFERENCE", "/output_schema", [prompt("a")], { output_schema: "https://example.com/x.json" }],
  ["UNSAFE_SCHEMA_REFERENCE", "/steps/0/output_schema", [prompt("a", { output_schema: "schemas/../../x" })]],
])("reports %s at %s", (code, pointer, steps, more) => {
  const found = check(steps, more);
  expect(found.map((diagnostic) => `${diagnostic.code} ${diagnostic.pointer}`)).toContain(
    `${code} /compositions/c${pointer}`,
  );
  // One mistake, one error.
  expect(found.filter(({ severity }) => severity === "error").length).toBeLessThanOrEqual(1);
});

it("leaves a misplaced provider to the rules of providers", () => {
  expect(check([{ id: "a", kind: "tool", tool: "find", provider: "fast" }])).toEqual([]);
});

it("points at the reference inside the text and proposes the fix", () => {
  const { findings, report } = collectFindings();
  const steps = [prompt("draft"), prompt("b", { input: "see ${draf.output.x}" })];
  checkCompositionRules(
    { prompts: { p: {} }, compositions: { c: { version: 1, steps } } } as unknown as CompositionSlice,
    report,
  );
  const finding = findings.find(({ diagnostic }) => diagnostic.code === "UNKNOWN_STEP");
  expect(finding).toMatchObject({ range: { start: 4, end: 20 }, diagnostic: { hint: 'did you mean "draft"?' } });
  expect(check(guarded({ path: "input.x", exists: true }))[0]?.hint).toBe('write "${input.x}"');
});

it("reports compositions that no state runs or that have a runtime's name", () => {
  const { findings, report } = collectFindings();
  const steps = [prompt("a")];
  checkCompositionRules(
    {
      prompts: { p: {} },
      compositions: { workflow__transition: { version: 1, steps } },
    } as unknown as CompositionSlice,
    report,
  );
  expect(findings.map(({ diagnostic }) => diagnostic.code)).toEqual([
    "RESERVED_COMPOSITION_NAME",
    "UNREFERENCED_COMPOSITION",
  ]);
});

it("does not warn of a skipped step when the reader is skipped with it", () => {
  const steps = [
    branch("if", "b"),
    prompt("b"),
    prompt("c", { depends_on: ["b"], input: "${b.output}" }),
    prompt("d", { depends_on: ["c"], input: "${b.output}" }),
  ];
  expect(check(steps)).toEqual([]);
});

it("checks thousands of steps that depend on each other without walking the graph for each", () => {
  const steps = Array.from({ length: 20_000 }, (_, index) =>
    prompt(`s${index}`, index === 0 ? {} : { depends_on: [`s${index - 1}`], input: "${s0.output}" }),
  );
  expect(check(steps)).toMatchObject([
    { code: "LIMIT_EXCEEDED", severity: "warning", pointer: "/compositions/c/steps" },
  ]);
  expect(check(steps.slice(0, 400))).toEqual([]);
}, 5_000);
