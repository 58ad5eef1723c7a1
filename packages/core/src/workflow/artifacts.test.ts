import { describe, expect, it } from "vitest";
import { asks, end, feed, message, refused, reply, state, workflowOf } from "../../test/feed-workflow.ts";
import type { WorkflowEvent } from "./workflow-run.ts";

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
