import { jsonEquals } from "../json/json.ts";

/** One language-neutral test: `op` names what to do with `input`, `expect` is the JSON that must come back. */
export interface Vector {
  readonly id: string;
  readonly desc: string;
  readonly op: string;
  readonly input: unknown;
  readonly expect: unknown;
  /** Ids of the specification rules that the vector shows, such as "R045". */
  readonly rules?: readonly string[];
}

/** What an implementation does for each op. It returns JSON and reports failure as data, as the op's page says. */
export interface VectorImplementation {
  readonly [op: string]: (input: never) => unknown;
}

export type VectorOutcome =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly actual: unknown }
  | { readonly status: "unsupported"; readonly op: string };

/** Runs one vector behind any implementation and compares by JSON value. */
export async function runVector(vector: Vector, implementation: VectorImplementation): Promise<VectorOutcome> {
  const run = Object.hasOwn(implementation, vector.op) ? implementation[vector.op] : undefined;
  if (run === undefined) return { status: "unsupported", op: vector.op };
  const actual: unknown = await run(vector.input as never);
  return jsonEquals(actual, vector.expect) ? { status: "passed" } : { status: "failed", actual };
}
