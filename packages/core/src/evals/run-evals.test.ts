import { describe, expect, it } from "vitest";
import type { Eval } from "../schema/sections/guardrails.ts";
import type { Evidence } from "../checks/evidence.ts";
import { effectiveEvals } from "./effective-evals.ts";
import type { EvalResult } from "./eval-result.ts";
import { isSampled, sampleLot } from "./is-sampled.ts";
import { type EvalOptions, planEvals, runEvals, startEvals } from "./run-evals.ts";

const contains = (id: string, rest: Partial<Eval> = {}): Eval => ({
  id,
  type: "contains",
  trigger: "every_turn",
  params: { patterns: ["Hello"] },
  ...rest,
});

async function run(
  list: readonly Eval[],
  text: string,
  options: EvalOptions = {},
  evidence: object = {},
): Promise<readonly EvalResult[]> {
  return (await runEvals(list, { text, ...evidence }, options)).results;
}

describe("runEvals", () => {
  it("keeps the statuses apart", async () => {
    const results = await run(
      [
        contains("scored"),
        contains("passed", { threshold: { operator: "gte", value: 1 } }),
        contains("failed", {
          params: { patterns: ["bye"] },
          threshold: { operator: "gte", value: 0.5 },
          message: "say bye",
        }),
        contains("boolean", { params: { patterns: ["bye"] }, metric: { name: "app_bye", type: "boolean" } }),
        contains("skipped", { enabled: false }),
        contains("judged", { type: "llm_judge" }),
        contains("unsupported", { type: "vibe_check" }),
        contains("broken", { params: {} }),
        contains("pattern", { type: "regex", params: { pattern: "(" } }),
      ],
      "hello there",
    );
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ["scored", "scored"],
      ["passed", "passed"],
      ["failed", "failed"],
      ["boolean", "failed"],
      ["skipped", "skipped"],
      ["judged", "skipped"],
      ["unsupported", "unsupported"],
      ["broken", "error"],
      ["pattern", "error"],
    ]);
    expect(results[1]).toEqual({
      id: "passed",
      type: "contains",
      status: "passed",
      score: 1,
      threshold: { operator: "gte", value: 1 },
    });
    expect(results[2]).toMatchObject({ score: 0, explanation: "say bye" });
    expect(results[5]?.explanation).toBe("it needs a judge, and the host passed none");
  });

  it.each([
    ["gte", 0.5, "passed"],
    ["gt", 0.5, "failed"],
    ["lte", 0.5, "passed"],
    ["lt", 0.5, "failed"],
    ["eq", 0.5, "passed"],
    [">=", 0.5, "failed"],
    ["constructor", 0.5, "failed"],
  ])("compares the score 0.5 with %s %d: %s", async (operator, value, status) => {
    const [result] = await run(
      [contains("a", { params: { patterns: ["hello", "bye"] }, threshold: { operator, value } })],
      "hello",
    );
    expect(result).toMatchObject({ score: 0.5, status });
  });

  it("fires the triggers of the event and no others", async () => {
    const all = [
      "every_turn",
      "on_session_complete",
      "sample_turns",
      "sample_sessions",
      "on_conversation_complete",
      "on_workflow_step",
      "acme.nightly",
    ].map((trigger) => contains(trigger, { trigger, sample_percentage: 100 }));
    const fired = async (event?: string): Promise<readonly string[]> =>
      (await run(all, "", event === undefined ? {} : { event })).map(({ id }) => id);
    expect(await fired()).toEqual(["every_turn", "sample_turns"]);
    expect(await fired("session")).toEqual(["on_session_complete", "sample_sessions"]);
    expect(await fired("conversation")).toEqual(["on_conversation_complete"]);
    expect(await fired("workflow_step")).toEqual(["on_workflow_step"]);
    expect(await fired("acme.nightly")).toEqual(["acme.nightly"]);
    expect(await fired("constructor")).toEqual([]);
  });

  it("draws the same sample for the same session and turn", async () => {
    expect([sampleLot("sess-1", 0), sampleLot("sess-1", 1), sampleLot("abc", 7), sampleLot("conv-42", 3)]).toEqual([
      5299, 7088, 4964, 8645,
    ]);
    expect(isSampled("abc", 7, 49.65)).toBe(true);
    expect(isSampled("abc", 7, 49.64)).toBe(false);
    const sampled = contains("s", { trigger: "sample_turns", sample_percentage: 60 });
    expect(await run([sampled], "hello", {}, { sessionId: "abc", turn: 7 })).toMatchObject([{ status: "scored" }]);
    expect(await run([sampled], "hello", {}, { sessionId: "conv-42", turn: 3 })).toMatchObject([
      { status: "skipped", explanation: "it was not drawn in the sample" },
    ]);
  });

  it("samples five percent when nothing is said", () => {
    const drawn = Array.from({ length: 2000 }, (_, turn) =>
      startEvals(planEvals([contains("s", { trigger: "sample_turns" })]), { text: "", sessionId: "s", turn }),
    ).filter(([result]) => (result as EvalResult).status !== "skipped").length;
    expect(drawn).toBeGreaterThan(60);
    expect(drawn).toBeLessThan(140);
  });

  it("skips with a reason what its conditions do not allow", async () => {
    const evidence = { turn: 1, variables: { name: "x", none: null }, toolCalls: [{ name: "find_berth" }] };
    const status = async (when: Eval["when"]): Promise<string | undefined> =>
      (await run([contains("a", { ...(when && { when }) })], "", {}, evidence))[0]?.status;
    for (const when of [
      { has_variable: "name" },
      { turn_count_gte: 2 },
      { any_tool_called: true },
      { tool_called: "find_berth" },
      { tool_called_pattern: "^find" },
      { min_tool_calls: 1 },
      {},
    ])
      expect(await status(when)).toBe("scored");
    for (const when of [
      { has_variable: "none" },
      { has_variable: ["name", "constructor"] },
      { turn_count_gte: 3 },
      { any_tool_called: false },
      { tool_called: "find" },
      { tool_called_pattern: "(" },
      { min_tool_calls: 2 },
      { has_variable: "name", min_tool_calls: 9 },
      { moon: "full" },
    ])
      expect(await status(when)).toBe("skipped");
    expect((await run([contains("a", { when: { moon: "full" } })], ""))[0]?.explanation).toBe(
      'the condition "moon" is not known',
    );
  });

  it("filters by groups, where none means default", async () => {
    const list = [contains("a"), contains("b", { groups: ["slow", "x"] })];
    expect((await run(list, "", { groups: ["x"] })).map(({ id }) => id)).toEqual(["b"]);
    expect((await run(list, "", { groups: ["default"] })).map(({ id }) => id)).toEqual(["a"]);
  });

  it("hands what a judge or an implementation threw to the host, and nothing of it into the result", async () => {
    const thrown = new Error("401: key sk-1");
    const seen: unknown[] = [];
    const judge = (): never => {
      throw thrown;
    };
    const evals = [contains("a", { type: "llm_judge" }), contains("b", { type: "own" })];
    const results = await run(evals, "hi", {
      judge,
      types: { own: judge },
      onError: (error, id) => seen.push([error, id]),
    });
    expect(seen).toEqual([
      [thrown, "a"],
      [thrown, "b"],
    ]);
    expect(JSON.stringify(results)).not.toContain("401");
  });

  it("says what evidence is when it gets something else", async () => {
    const wrong = { output: "hi" } as unknown as Evidence;
    await expect(runEvals([contains("a")], wrong)).rejects.toThrow(
      new TypeError("evidence has the text under test as its member text"),
    );
  });

  it("asks the host's judge without the eval's extensions, and never throws for it", async () => {
    const judged = contains("j", {
      type: "llm_judge",
      params: { criteria: "kind" },
      threshold: { operator: "gte", value: 0.7 },
      extensions: { acme: { secret: 1 } },
    });
    const asked: unknown[] = [];
    const [result] = await run([judged], "hi", {
      judge: async (request) => (asked.push(request), { score: 0.8, explanation: "kind" }),
    });
    expect(result).toMatchObject({ status: "passed", score: 0.8, explanation: "kind" });
    expect(asked).toEqual([{ id: "j", type: "llm_judge", params: { criteria: "kind" }, evidence: { text: "hi" } }]);
    for (const judge of [
      (): never => {
        throw new Error("key sk-1");
      },
      async () => Promise.reject(new Error("key sk-1")),
      () => ({ score: 7 }),
      () => ({ score: Number.NaN }),
      () => ({ score: "1" as unknown as number }),
    ]) {
      const [failed] = await run([judged], "hi", { judge });
      expect(failed?.status).toBe("error");
      expect(JSON.stringify(failed)).not.toContain("sk-1");
    }
    // Without a score, a threshold fails and nothing else passes.
    const explanation = "the judge gave no score";
    for (const judge of [() => ({}), () => "fine" as unknown as { score: number }])
      expect(await run([judged, contains("k", { type: "llm_judge" })], "", { judge })).toMatchObject([
        { status: "failed", explanation },
        { status: "error", explanation },
      ]);
  });

  it("runs the host's types by own name", async () => {
    const [own] = await run([contains("a", { type: "vibe_check" })], "hi", {
      types: { vibe_check: ({ evidence }) => ({ score: evidence.text.length / 2 }) },
    });
    expect(own).toMatchObject({ status: "scored", score: 1 });
    expect(await run([contains("a", { type: "toString" })], "hi", { types: {} })).toMatchObject([
      { status: "unsupported" },
    ]);
  });

  it("gives metrics their values", async () => {
    const metric = (type: "gauge" | "counter" | "histogram" | "boolean"): Partial<Eval> => ({
      params: { patterns: ["hello", "bye"] },
      metric: { name: `m_${type}`, type },
    });
    const results = await run(
      [
        contains("g", metric("gauge")),
        contains("c", metric("counter")),
        contains("h", metric("histogram")),
        contains("b", metric("boolean")),
      ],
      "hello",
    );
    expect(results.map((result) => result.metric?.value)).toEqual([0.5, 1, 0.5, 0]);
  });

  it("runs wrappers with their bounds", async () => {
    const wrapped = (bounds: object): Eval =>
      contains("w", {
        type: "assertion",
        params: { eval_type: "contains", eval_params: { patterns: ["a", "b"] }, ...bounds },
      });
    expect(await run([wrapped({}), wrapped({ min_score: 0.5 }), wrapped({ max_score: 0.4 })], "a")).toMatchObject([
      { status: "failed" },
      { status: "passed" },
      { status: "failed" },
    ]);
    expect(await run([contains("w", { type: "assertion", params: { eval_type: "assertion" } })], "")).toMatchObject([
      { status: "error" },
    ]);
  });

  it("answers deterministic evals at once", () => {
    expect(startEvals(planEvals([contains("a")]), { text: "hello" })).toEqual([
      { id: "a", type: "contains", status: "scored", score: 1 },
    ]);
  });
});

describe("effectiveEvals", () => {
  it("lets the prompt replace in place and add at the end", () => {
    const pack = [contains("a"), contains("b")];
    const own = [contains("c"), contains("b", { type: "regex" })];
    expect(effectiveEvals(pack, own).map(({ id, type }) => `${id} ${type}`)).toEqual([
      "a contains",
      "b regex",
      "c contains",
    ]);
    expect(effectiveEvals()).toEqual([]);
  });
});
