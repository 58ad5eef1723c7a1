// oxlint-disable unicorn/no-thenable -- "then" is a field of branch steps
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackError } from "../diagnostics/errors.ts";
import type { JsonValue } from "../json/json.ts";
import type { Composition, Step } from "../schema/sections/composition.ts";
import type { CompositionPlan } from "./composition-plan.ts";
import { completeStep, failStep, startComposition } from "./plan-composition.ts";

const composition = (steps: readonly object[], more: object = {}): Composition => ({
  version: 1,
  steps: steps as Step[],
  ...more,
});
const prompt = (id: string, more: object = {}): object => ({ id, kind: "prompt", prompt_task: "p", ...more });
const branch = (id: string, then: string, more: object = {}): object => ({
  id,
  kind: "branch",
  predicate: { path: "${input.yes}", exists: true },
  then,
  ...more,
});
const parallel = (id: string, strategy: string, branches: readonly object[], more: object = {}): object => ({
  id,
  kind: "parallel",
  branches,
  reduce: { strategy, into: "all" },
  ...more,
});

/** Runs a plan to its end; every step answers with its id and what it got. */
function play(
  plan: CompositionPlan,
  answer: (stepId: string, input: JsonValue | undefined) => JsonValue = (id) => id,
): { plan: CompositionPlan; ran: string[] } {
  const ran: string[] = [];
  for (let task = plan.ready[0]; task !== undefined; task = plan.ready[0]) {
    ran.push(task.stepId);
    plan = completeStep(JSON.parse(JSON.stringify(plan)), task.stepId, answer(task.stepId, task.input));
  }
  return { plan, ran };
}

describe("order", () => {
  it("runs steps in array order and hands the last output out", () => {
    const { plan, ran } = play(
      startComposition(composition([prompt("a"), prompt("b", { input: "see ${a.output}" })]), null),
      (id, input) => `${id}<${JSON.stringify(input) ?? ""}>`,
    );
    expect(ran).toEqual(["a", "b"]);
    expect(plan).toMatchObject({ status: "completed", done: true, ready: [], output: 'b<"see a<>">' });
  });

  it("waits for what depends_on names, even when it stands later", () => {
    const steps = [prompt("a", { depends_on: ["c"] }), prompt("b"), prompt("c", { depends_on: [] })];
    expect(play(startComposition(composition(steps), null)).ran).toEqual(["c", "a", "b"]);
  });

  it("runs the steps inside a parallel step at once, and nothing else", () => {
    const plan = startComposition(
      composition([parallel("p", "barrier", [prompt("a"), prompt("b")]), prompt("c", { depends_on: ["p"] })]),
      null,
    );
    expect(plan.ready.map(({ stepId }) => stepId)).toEqual(["a", "b"]);
    const half = completeStep(plan, "b", 2);
    expect(half.ready.map(({ stepId }) => stepId)).toEqual(["a"]);
    const rest = completeStep(half, "a", 1);
    expect(rest.steps["p"]?.output).toEqual({ all: { a: 1, b: 2 } });
    expect(rest.ready.map(({ stepId }) => stepId)).toEqual(["c"]);
  });
});

describe("branches", () => {
  const steps = [
    branch("if", "yes", { else: "no" }),
    prompt("yes"),
    prompt("no"),
    prompt("end", { depends_on: ["yes", "no"] }),
  ];

  it("takes then or else at its place, and joins", () => {
    expect(play(startComposition(composition(steps), { yes: 1 })).ran).toEqual(["yes", "end"]);
    expect(play(startComposition(composition(steps), {})).ran).toEqual(["no", "end"]);
  });

  it("goes on with the next step when there is no else", () => {
    expect(play(startComposition(composition([branch("if", "yes"), prompt("yes"), prompt("end")]), {})).ran).toEqual([
      "end",
    ]);
  });

  it("takes a target that is both then and else in any case", () => {
    expect(play(startComposition(composition([branch("if", "x", { else: "x" }), prompt("x")]), {})).ran).toEqual(["x"]);
  });

  it("skips a step when all it depends on was skipped, and both targets of a skipped branch", () => {
    const nested = [
      branch("if", "inner"),
      { ...branch("inner", "a", { else: "b" }) },
      prompt("a"),
      prompt("b"),
      prompt("after_a", { depends_on: ["a"] }),
      prompt("end"),
    ];
    const { plan, ran } = play(startComposition(composition(nested), {}));
    expect(ran).toEqual(["end"]);
    expect(Object.values(plan.steps).map(({ status }) => status)).toEqual([
      "completed",
      "skipped",
      "skipped",
      "skipped",
      "skipped",
      "completed",
    ]);
  });

  it("fails with the predicate's fault at its pointer", () => {
    const bad = { id: "if", kind: "branch", predicate: { path: "${input}", op: "less_than", value: 1 }, then: "a" };
    expect(startComposition(composition([bad, prompt("a")]), "text")).toMatchObject({
      status: "failed",
      failure: { code: "PREDICATE_FAILED", pointer: "/steps/0/predicate" },
    });
  });
});

describe("merging", () => {
  const run = (strategy: string, answers: Record<string, JsonValue>): unknown =>
    play(
      startComposition(composition([parallel("p", strategy, [prompt("a"), prompt("b")])]), null),
      (id) => answers[id] ?? null,
    ).plan.output;

  it.each([
    ["append", { a: [1, 2], b: 3 }, [1, 2, 3]],
    ["replace", { a: 1, b: 2 }, 2],
    ["barrier", { a: 1, b: [2] }, { a: 1, b: [2] }],
  ])("merges by %s: %j becomes %j", (strategy, answers, merged) => {
    expect(run(strategy, answers)).toEqual({ all: merged });
  });

  it("takes the last in array order, whoever finishes last", () => {
    const plan = startComposition(composition([parallel("p", "replace", [prompt("a"), prompt("b")])]), null);
    expect(completeStep(completeStep(plan, "b", "B"), "a", "A").output).toEqual({ all: "B" });
  });

  it("leaves out a branch that was skipped, and nests", () => {
    const inner = parallel("q", "barrier", [prompt("b", { depends_on: ["off"] }), prompt("__proto__")]);
    const steps = [
      branch("if", "off"),
      prompt("off"),
      parallel("p", "append", [prompt("a"), inner], { depends_on: ["if"] }),
    ];
    expect(JSON.stringify(play(startComposition(composition(steps), {})).plan.output)).toBe(
      '{"all":["a",{"all":{"__proto__":"__proto__"}}]}',
    );
  });
});

describe("failure", () => {
  it("tries as often as modifiers.retry allows, with the same input", () => {
    const plan = startComposition(
      composition([prompt("a", { input: "${input}", modifiers: { retry: { max_attempts: 3 } } })]),
      "x",
    );
    const third = failStep(failStep(plan, "a", "no"), "a", "no");
    expect(third.ready).toMatchObject([{ stepId: "a", attempt: 3, input: "x" }]);
    expect(completeStep(third, "a", 1)).toMatchObject({ status: "completed", output: 1 });
    expect(failStep(third, "a", "gone")).toMatchObject({
      status: "failed",
      done: true,
      ready: [],
      failure: { code: "STEP_FAILED", message: 'step "a" failed: gone' },
    });
  });

  it("lets the other branches finish before a parallel step fails, and tries the whole step again", () => {
    const plan = startComposition(
      composition([parallel("p", "append", [prompt("a"), prompt("b")], { modifiers: { retry: { max_attempts: 2 } } })]),
      null,
    );
    const waiting = failStep(plan, "a", "no");
    expect(waiting).toMatchObject({ status: "running", ready: [{ stepId: "b" }] });
    const again = completeStep(waiting, "b", 1);
    expect(again.ready.map(({ stepId, attempt }) => `${stepId}${attempt}`)).toEqual(["a1", "b1"]);
    const lost = completeStep(failStep(again, "a", "still no"), "b", 1);
    expect(lost).toMatchObject({ status: "failed", failure: { pointer: "/steps/0" } });
  });

  it("names a reference that leads nowhere, inside parallel steps too", () => {
    const steps = [
      prompt("a"),
      parallel("p", "append", [prompt("b"), { id: "t", kind: "tool", tool: "x", args: { q: ["${a.output.gone}"] } }]),
    ];
    expect(completeStep(startComposition(composition(steps), null), "a", {})).toMatchObject({
      status: "failed",
      ready: [],
      failure: { code: "UNRESOLVED_REFERENCE", pointer: "/steps/1/branches/1/args/q/0" },
    });
  });

  it("fails when the output step was skipped", () => {
    const steps = [branch("if", "a"), prompt("a"), prompt("b")];
    expect(play(startComposition(composition(steps, { output: "a" }), {})).plan).toMatchObject({
      status: "failed",
      failure: { code: "MISSING_OUTPUT", pointer: "/output" },
    });
  });

  it("completes without output when nothing ran", () => {
    const plan = startComposition(composition([branch("if", "a"), prompt("a")]), {});
    expect(plan).toMatchObject({ status: "completed", done: true });
    expect("output" in plan).toBe(false);
  });

  it("refuses output that is no JSON or doubles without end", () => {
    let plan = startComposition(
      composition(
        Array.from({ length: 40 }, (_, index) =>
          prompt(`s${index}`, {
            input: index === 0 ? "${input}" : { l: `\${s${index - 1}.output}`, r: `\${s${index - 1}.output}` },
          }),
        ),
      ),
      "seed",
    );
    for (let task = plan.ready[0]; task !== undefined; task = plan.ready[0])
      plan = completeStep(plan, task.stepId, task.input ?? null);
    expect(plan).toMatchObject({ status: "failed", failure: { code: "LIMIT_EXCEEDED" } });
    expect(completeStep(startComposition(composition([prompt("a")]), null), "a", Number.NaN)).toMatchObject({
      failure: { code: "STEP_FAILED" },
    });
  });
});

describe("refusals", () => {
  it("takes each result once", () => {
    const plan = startComposition(composition([prompt("a"), prompt("b")]), null);
    const next = completeStep(plan, "a", 1);
    for (const wrong of ["a", "ghost", "constructor"]) {
      expect(() => completeStep(next, wrong, 1)).toThrow(/^the step ".*" is not ready; ready is "/);
      expect(() => failStep(next, wrong, "x")).toThrow(TypeError);
    }
  });

  it.each([
    ["UNKNOWN_STEP_KIND", [{ id: "a", kind: "acme.judge" }]],
    ["UNKNOWN_REDUCER", [parallel("p", "acme.vote", [prompt("a"), prompt("b")])]],
    ["STEP_CYCLE", [prompt("a", { depends_on: ["b"] }), prompt("b")]],
    ["DUPLICATE_STEP", [prompt("a"), prompt("a")]],
    ["NESTED_BRANCH", [parallel("p", "append", [prompt("a"), branch("b", "a")])]],
  ])("does not start a composition with %s", (code, steps) => {
    expect(() => startComposition(composition(steps), null)).toThrow(PackError);
    expect(() => startComposition(composition(steps), null)).toThrow(code);
  });

  it("does not start with an input that is no JSON", () => {
    expect(() => startComposition(composition([prompt("a")]), Number.NaN)).toThrow("LIMIT_EXCEEDED");
  });

  it("hands a vendor's kind to an executor that knows it", () => {
    const step = { id: "a", kind: "acme.judge", criteria: "x", input: "${input}" };
    const plan = startComposition(composition([step]), 5, { stepKinds: ["acme.judge"] });
    expect(plan.ready).toEqual([{ stepId: "a", step, input: 5, attempt: 1 }]);
  });
});

it("is frozen data that survives JSON at every point", () => {
  const plan = startComposition(
    composition([parallel("p", "append", [prompt("a", { input: { x: "${input}" } }), prompt("b")])]),
    { deep: [1] },
  );
  expect(
    [plan, plan.ready, plan.ready[0], plan.steps, plan.steps["a"], plan.input, plan.ready[0]?.input].map(
      Object.isFrozen,
    ),
  ).not.toContain(false);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

// Random graphs: dependencies point back in a hidden order, the array is shuffled, branches point forward in the array.
const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    ranks: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
    kinds: fc.array(fc.constantFrom("prompt", "prompt", "tool", "branch", "parallel"), {
      minLength: size,
      maxLength: size,
    }),
    links: fc.array(fc.option(fc.array(fc.nat(size - 1), { maxLength: 3 }), { freq: 3 }), {
      minLength: size,
      maxLength: size,
    }),
    answers: fc.infiniteStream(fc.nat(99)),
    yes: fc.boolean(),
  }),
);

it("never stalls, loses a step, runs one twice or before what it depends on, on random graphs", () => {
  let finished = 0;
  fc.assert(
    fc.property(graphs, ({ ranks, kinds, links, answers, yes }) => {
      const size = ranks.length;
      const steps = kinds.map((kind, index): object => {
        const id = `s${index}`;
        const linked = links[index] ?? undefined;
        // With a rank below its own a dependency cannot close a ring; without depends_on array order may.
        const depends = linked
          ?.filter((other) => (ranks[other] ?? 0) < (ranks[index] ?? 0))
          .map((other) => `s${other}`);
        const more = {
          ...(depends === undefined ? {} : { depends_on: depends }),
          modifiers: { retry: { max_attempts: 2 } },
        };
        const later = index + 1 + ((ranks[index] ?? 0) % Math.max(1, size - index - 1));
        if (kind === "branch" && later < size) return branch(id, `s${later}`, more);
        if (kind === "parallel")
          return parallel(
            id,
            "barrier",
            [prompt(`${id}_a`, { modifiers: { retry: { max_attempts: 3 } } }), prompt(`${id}_b`)],
            more,
          );
        return kind === "tool" ? { id, kind, tool: "t", ...more } : prompt(id, more);
      });
      const made = composition(steps);
      let plan: CompositionPlan;
      try {
        plan = startComposition(made, yes ? { yes } : {});
      } catch (error) {
        // Array order against depends_on can close a ring; that is refused, not run.
        expect(error).toMatchObject({ code: "STEP_CYCLE" });
        return;
      }
      const completed = new Set<string>();
      for (let turn = 0; !plan.done; turn++) {
        expect(plan.ready.length).toBeGreaterThan(0);
        expect(turn).toBeLessThan(size * 12);
        const choice = answers.next().value ?? 0;
        const task = plan.ready[choice % plan.ready.length];
        if (task === undefined) throw new TypeError("unreachable");
        for (const id of task.step.depends_on ?? []) expect(["completed", "skipped"]).toContain(plan.steps[id]?.status);
        if (choice % 10 === 0 && task.attempt === 1) {
          plan = failStep(plan, task.stepId, "once");
          continue;
        }
        // A parallel step that is tried again starts its branches afresh.
        const run =
          `${task.stepId} ${plan.steps[task.stepId.split("_")[0] ?? ""]?.attempts === 2 && task.stepId.includes("_") ? "again" : ""}`.trim();
        expect(completed.has(run)).toBe(false);
        completed.add(run);
        plan = completeStep(plan, task.stepId, choice);
      }
      if (plan.status !== "completed") return;
      finished++;
      const skipped = Object.keys(plan.steps).filter((id) => plan.steps[id]?.status === "skipped");
      for (const step of made.steps) {
        expect(plan.steps[step.id]?.status).toBe(skipped.includes(step.id) ? "skipped" : "completed");
        if (step.kind === "prompt" || step.kind === "tool")
          expect(completed.has(step.id)).toBe(!skipped.includes(step.id));
      }
      if (!made.steps.some(({ kind }) => kind === "branch")) expect(skipped).toEqual([]);
    }),
    { numRuns: 1000 },
  );
  expect(finished).toBeGreaterThan(300);
});

it("walks a long chain of backward dependencies without recursion", () => {
  const size = 20_000;
  const steps = Array.from({ length: size }, (_, index) =>
    prompt(`s${index}`, { depends_on: index === size - 1 ? [] : [`s${index + 1}`] }),
  );
  expect(startComposition(composition(steps), null).ready[0]?.stepId).toBe(`s${size - 1}`);
});

it("says that a composition is needed where a pack or a list of them is passed", () => {
  for (const given of [undefined, { flow: composition([prompt("a")]) }, { steps: "a" }])
    expect(() => startComposition(given as never, "x")).toThrow("a composition is one of pack.data.compositions");
});
