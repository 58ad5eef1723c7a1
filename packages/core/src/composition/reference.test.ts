import { expect, it } from "vitest";
import type { JsonValue } from "../json/json.ts";
import {
  exactReference,
  parseReferences,
  type ReferenceScope,
  resolveReference,
  resolveReferences,
  textOf,
} from "./reference.ts";

const outputs = new Map<string, JsonValue>([
  ["s", { list: [10, { k: null }], constructor: "own" }],
  ["text", "plain"],
]);
const scope: ReferenceScope = { input: { name: "Ann", "größe-1": 3 }, output: (step) => outputs.get(step) };
const valueOf = (text: string): JsonValue | undefined => {
  const reference = exactReference(text);
  if (reference === undefined) throw new TypeError(`no reference: ${text}`);
  return resolveReference(reference, scope);
};

it.each([
  ["${input}", { name: "Ann", "größe-1": 3 }],
  ["${input.name}", "Ann"],
  ["${input.größe-1}", 3],
  ["${s.output.list[0]}", 10],
  ["${s.output.list[1].k}", null],
  ["${s.output.constructor}", "own"],
  ["${text.output}", "plain"],
])("resolves %s", (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

it.each([
  "${input.toString}",
  "${input.__proto__}",
  "${s.output.list.length}",
  "${text.output.length}",
  "${text.output[0]}",
  "${s.output.list[9]}",
  "${s.output[0]}",
  "${ghost.output}",
  "${input.name.x}",
])("leads nowhere: %s", (text) => {
  expect(valueOf(text)).toBeUndefined();
});

it.each([
  "${}",
  "${ input}",
  "${s}",
  "${s.list}",
  "${input..a}",
  "${input.a + 1}",
  "${input[a]}",
  "${input[-1]}",
  "${f(input)}",
  "${s.output.}",
  "${input",
  `\${input${".a".repeat(65)}}`,
  `\${input.${"a".repeat(2000)}}`,
])("is no reference: %s", (text) => {
  expect(parseReferences(text)).toEqual([
    { fault: expect.any(String), source: text, range: { start: 0, end: text.length } },
  ]);
  expect(exactReference(text)).toBeUndefined();
});

it("keeps texts and references apart, with their places", () => {
  const parts = parseReferences("a ${input.x}$b${s.output}");
  expect(parts.map((part) => (typeof part === "string" ? part : part.range))).toEqual([
    "a ",
    { start: 2, end: 12 },
    "$b",
    { start: 14, end: 25 },
  ]);
});

it("keeps the type of an exact reference and writes an embedded one as text", () => {
  const resolved = resolveReferences(
    {
      exact: "${s.output.list}",
      text: "<${s.output.list}|${s.output.list[1].k}|${input.name}>",
      deep: [{ n: "${input.größe-1}" }],
      fixed: 5,
      $: "$5",
    },
    scope,
  );
  expect(resolved).toEqual({
    value: { exact: [10, { k: null }], text: '<[10,{"k":null}]||Ann>', deep: [{ n: 3 }], fixed: 5, $: "$5" },
  });
});

it("says which reference leads nowhere, and where it stands", () => {
  expect(resolveReferences({ a: ["x ${ghost.output.y}"] }, scope)).toMatchObject({
    fault: "missing",
    path: ["a", 0],
    reference: { source: "${ghost.output.y}" },
  });
});

it("stops a text that grows too large", () => {
  const big: ReferenceScope = { input: "x".repeat(1_000_000), output: () => undefined };
  expect(resolveReferences("${input} ".repeat(10), big)).toMatchObject({ fault: "too long" });
});

it("never scans a value again", () => {
  expect(resolveReferences("${input} and ${input}", { input: "${s.output}", output: () => "no" })).toEqual({
    value: "${s.output} and ${s.output}",
  });
});

it("writes values as a model reads them", () => {
  expect(["a", null, 1.5, true, { a: "é" }].map(textOf)).toEqual(["a", "", "1.5", "true", '{"a":"é"}']);
});
