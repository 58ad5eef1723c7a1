import { describe, expect, it } from "vitest";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";
import { resumeWorkflow, type WorkflowProgress } from "./workflow-step.ts";

const workflow: WorkflowConfig = {
  version: 1,
  entry: "draft",
  states: {
    draft: {
      prompt_task: "write",
      orchestration: "hybrid",
      on_event: { Ready: "review" },
      artifacts: { text: { type: "text/plain" } },
    },
    review: { prompt_task: "check", control: "agent", on_event: { Sum: "sum" } },
    sum: { composition: "add_up", orchestration: "composition", on_event: { Done: "end" } },
    end: { prompt_task: "check", persistence: "persistent", terminal: true },
  },
  engine: { budget: { max_tool_calls: 1 } },
};
const move = (event: string, context?: string) => ({
  name: "workflow__transition",
  arguments: JSON.stringify({ event, ...(context !== undefined && { context }) }),
});

describe("resumeWorkflow", () => {
  it("begins at the entry, does the work of a state and waits for the user", () => {
    const step = resumeWorkflow(workflow);
    expect(step.progress).toMatchObject({ run: { state: "draft", busy: false }, outcome: null, work: { from: 0 } });
    step.receive(undefined, 1);
    expect(step.progress.run.busy).toBe(true);
    expect(step.task).toEqual({ state: "draft", promptTask: "write", artifacts: {} });
    expect(step.tools.map(({ name }) => name)).toEqual(["workflow__transition", "workflow__set_artifact"]);
    step.reply("Hello.", 2);
    expect(step.progress).toMatchObject({ run: { busy: false }, outcome: { type: "yield", text: "Hello." } });
  });

  it("goes on from stored progress, with the context of the transition and the messages since it", () => {
    const first = resumeWorkflow(workflow);
    first.receive(undefined, 1);
    expect(
      first.call({ name: "workflow__set_artifact", arguments: '{"name":"text","value":"Tides"}' }),
    ).toBeUndefined();
    expect(first.call(move("Ready", "be strict"))).toBeUndefined();
    expect(first.progress.run.state).toBe("draft");
    first.reply("Off it goes.", 2);
    const stored: WorkflowProgress = JSON.parse(JSON.stringify(first.progress));
    const second = resumeWorkflow(workflow, stored);
    expect(second.progress.work).toEqual({ from: 2, context: "be strict" });
    expect(second.task).toEqual({
      state: "review",
      promptTask: "check",
      context: "be strict",
      artifacts: { text: "Tides" },
    });
  });

  it("says why a call was refused, and changes nothing", () => {
    const step = resumeWorkflow(workflow);
    step.receive(undefined, 1);
    const before = step.progress;
    expect(step.call(move("Redy"))?.code).toBe("UNKNOWN_EVENT");
    expect(step.call({ name: "workflow__transition", arguments: "not JSON" })?.code).toBe("WRONG_TYPE");
    expect(step.progress).toEqual(before);
  });

  it("counts calls of other tools, and does not hear what is said after the budget has ended the run", () => {
    const step = resumeWorkflow(workflow);
    step.receive(undefined, 1);
    for (const id of ["a", "b"]) step.call({ name: "find", arguments: id });
    expect(step.progress.outcome).toMatchObject({ type: "end", limit: "max_tool_calls" });
    const { progress } = step;
    step.reply("More.", 2);
    expect(step.call(move("Ready"))).toBeUndefined();
    expect(step.progress).toBe(progress);
    expect(() => step.receive(undefined, 3)).toThrow(/WORKFLOW_ENDED/);
  });

  it("takes events of the host, refuses others, and hands a composition's output on", () => {
    const step = resumeWorkflow(workflow);
    expect(() => step.receive({ event: "Redy" }, 0)).toThrow(/UNKNOWN_EVENT/);
    step.receive({ event: "Ready", context: "now" }, 4);
    expect(step.progress).toMatchObject({ run: { state: "review", busy: false }, work: { from: 4, context: "now" } });
    step.receive(undefined, 5);
    step.call(move("Sum"));
    step.reply("It is fine.", 6);
    expect(step.task).toEqual({ state: "sum", composition: "add_up", artifacts: {} });
    expect(step.tools).toEqual([]);
    step.reply("42", 7);
    expect(step.progress).toMatchObject({ run: { state: "end", busy: true }, outcome: null, work: { from: 6 } });
    step.reply("Bye.", 8);
    expect(step.progress.outcome).toMatchObject({ type: "end", status: "completed" });
  });

  it("starts a state again whose work failed, and measures time by the host's clock", () => {
    let time = 5;
    const step = resumeWorkflow(workflow, undefined, { now: () => time++ });
    expect(step.progress.run.startedAt).toBe(5);
    step.receive(undefined, 1);
    step.receive(undefined, 2);
    expect(step.progress).toMatchObject({ run: { state: "draft", busy: true }, outcome: null });
  });
});
