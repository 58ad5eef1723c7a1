// oxlint-disable unicorn/no-thenable -- "then" is a field of branch steps
import { expect, it } from "vitest";
import type { Composition } from "../schema/sections/composition.ts";
import { compositionToMermaid, mermaidLabel } from "./composition-to-mermaid.ts";

it("draws steps, arms and parallel blocks", () => {
  const composition = {
    version: 1,
    steps: [
      { id: "if", kind: "branch", predicate: { path: "${input}", exists: true }, then: "a", else: "p" },
      { id: "a", kind: "prompt", prompt_task: "x" },
      {
        id: "p",
        kind: "parallel",
        depends_on: ["if"],
        branches: [
          { id: "b", kind: "acme.judge" },
          { id: "end", kind: "prompt", prompt_task: "x" },
        ],
        reduce: { strategy: "append", into: "all" },
      },
    ],
  } as unknown as Composition;
  expect(compositionToMermaid(composition)).toBe(`flowchart TD
  input(["input"])
  s0{"if #40;branch#41;"}
  s1["a #40;prompt#41;"]
  subgraph s2 ["p #40;parallel, append#41;"]
    s3["b #40;acme.judge#41;"]
    s4["end #40;prompt#41;"]
  end
  input --> s0
  s0 -->|then| s1
  s0 -->|else| s2
`);
});

it("makes hostile names inert", () => {
  expect(mermaidLabel('x"]\n%%{init: {}}%%\nclick s0 "javascript:alert(1)"<b>')).toBe(
    '"x#34;#93;#10;#37;#37;#123;init#58; #123;#125;#125;#37;#37;#10;click s0 #34;javascript#58;alert#40;1#41;#34;#60;b#62;"',
  );
  expect(mermaidLabel("é".repeat(100))).toBe(`"${"é".repeat(59)}#8230;"`);
});
