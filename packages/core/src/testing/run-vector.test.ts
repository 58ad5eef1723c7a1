import { describe, expect, it } from "vitest";
import { runVector, type Vector } from "./run-vector.ts";

const vector: Vector = { id: "sum-01", desc: "adds", op: "sum", input: [1, 2], expect: { total: 3, parts: [1, 2] } };
const sum = (input: readonly number[]): unknown => ({
  parts: input,
  total: input.reduce((left, right) => left + right, 0),
});

describe("runVector", () => {
  it("passes when the result is the same JSON value, whatever the order of its keys", async () => {
    expect(await runVector(vector, { sum })).toEqual({ status: "passed" });
  });

  it("waits for a promise", async () => {
    expect(await runVector(vector, { sum: async (input: readonly number[]) => sum(input) })).toEqual({
      status: "passed",
    });
  });

  it("returns what came back instead", async () => {
    expect(await runVector(vector, { sum: () => 3 })).toEqual({ status: "failed", actual: 3 });
  });

  it("tells an op that an implementation lacks from one that it gets wrong, own properties only", async () => {
    expect(await runVector({ ...vector, op: "toString" }, { sum })).toEqual({ status: "unsupported", op: "toString" });
  });
});
