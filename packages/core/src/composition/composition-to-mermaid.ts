import { type Composition, isBranch, isParallel, type Step } from "../schema/sections/composition.ts";
import { stepGraph, type StepNode } from "./step-graph.ts";

/** Returns a composition as a Mermaid flowchart; names from the pack appear as inert text. */
export function compositionToMermaid(composition: Composition): string {
  const graph = stepGraph(composition);
  const ids = new Map([...graph.nodes.keys()].map((id, index) => [id, `s${index}`]));
  const idOf = (id: string): string => ids.get(id) ?? "unknown";
  const lines = ["flowchart TD", '  input(["input"])'];
  const draw = (steps: readonly Step[], indent: string): void => {
    for (const step of steps) {
      if (isParallel(step)) {
        lines.push(`${indent}subgraph ${idOf(step.id)} [${label(step)}]`);
        draw(step.branches, `${indent}  `);
        lines.push(`${indent}end`);
      } else lines.push(`${indent}${idOf(step.id)}${isBranch(step) ? `{${label(step)}}` : `[${label(step)}]`}`);
    }
  };
  draw(composition.steps, "  ");
  for (const node of graph.order) lines.push(...edgesInto(node, idOf));
  return `${lines.join("\n")}\n`;
}

/**
 * Returns a text as a quoted Mermaid label. Everything but letters, digits, spaces and `_ . , -` becomes a numeric
 * entity, so that no name can end the label, add markup or start a directive; texts are cut to 60 characters.
 */
export function mermaidLabel(text: string): string {
  const characters = Array.from(text);
  const shown = characters.length > 60 ? [...characters.slice(0, 59), "…"] : characters;
  // hostile: names come from packs
  const safe = shown.map((character) =>
    /[\p{L}\p{N} _.,-]/u.test(character) ? character : `#${character.codePointAt(0) ?? 32};`,
  );
  return `"${safe.join("")}"`;
}

const label = (step: Step): string =>
  mermaidLabel(isParallel(step) ? `${step.id} (parallel, ${step.reduce.strategy})` : `${step.id} (${step.kind})`);

function edgesInto({ step, before, branches }: StepNode, idOf: (id: string) => string): string[] {
  if (before.length === 0) return [`  input --> ${idOf(step.id)}`];
  // hostile: thousands of branches may lead to one step
  const byId = new Map(branches.map((branch) => [branch.id, branch]));
  return [...new Set(before)].map(({ step: from }) => {
    const branch = byId.get(from.id);
    const arm =
      branch === undefined
        ? ""
        : branch.then === branch.else
          ? "|always|"
          : branch.then === step.id
            ? "|then|"
            : "|else|";
    return `  ${idOf(from.id)} -->${arm} ${idOf(step.id)}`;
  });
}
