import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runVector, type Vector, type VectorImplementation } from "../packages/core/src/testing/run-vector.ts";

interface Section {
  readonly section: string;
  readonly about: string;
  readonly vectors: readonly Vector[];
}

const here = new URL("./", import.meta.url);
const namesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(new URL(folder, here))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();

const names = namesIn("vectors/", ".json");
const sections = await Promise.all(names.map(load));

it("has an adapter for every vector file, and a vector file for every adapter", () => {
  expect(namesIn("adapters/", ".ts")).toEqual(names);
});

it("gives every vector an id of its own", () => {
  const ids = sections.flatMap(({ vectors }) => vectors.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(sections)("vectors of $section", ({ name, section, about, vectors, implementation }) => {
  it("is about one section and says what its ops do", () => {
    expect(section).toBe(name);
    expect(about.length).toBeGreaterThan(20);
    expect(vectors.length).toBeGreaterThan(0);
  });

  it.each(vectors)("$id: $desc", async (vector) => {
    const outcome = await runVector(vector, implementation);
    if (outcome.status === "failed") expect(outcome.actual).toEqual(vector.expect);
    expect(outcome).toEqual({ status: "passed" });
  });
});

async function load(name: string): Promise<Section & { name: string; implementation: VectorImplementation }> {
  const section = JSON.parse(readFileSync(new URL(`vectors/${name}.json`, here), "utf8")) as Section;
  const exported = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const adapter = (await import(`./adapters/${name}.ts`)) as Readonly<Record<string, VectorImplementation>>;
  const implementation = adapter[exported];
  if (implementation === undefined) throw new Error(`conformance/adapters/${name}.ts must export ${exported}`);
  return { ...section, name, implementation };
}
