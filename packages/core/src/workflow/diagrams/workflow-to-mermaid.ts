import { mermaidLabel } from "../../composition/composition-to-mermaid.ts";
import { isEnding, type WorkflowConfig } from "../../schema/sections/workflow.ts";
import { stateGraph } from "../state-graph.ts";

/** Returns a workflow as a Mermaid flowchart: redirects of max_visits are dotted, names appear as inert text. */
export function workflowToMermaid(workflow: WorkflowConfig): string {
  const names = Object.keys(workflow.states);
  const ids = new Map(names.map((name, index) => [name, `s${index}`]));
  const lines = ["flowchart TD", "  start((start))"];
  for (const [name, state] of Object.entries(workflow.states)) {
    const label = mermaidLabel(state.max_visits === undefined ? name : `${name} (at most ${state.max_visits})`);
    lines.push(
      `  ${ids.get(name)}${isEnding(state) ? `([${label}])` : state.orchestration === "composition" ? `[[${label}]]` : `[${label}]`}`,
    );
  }
  const entry = ids.get(workflow.entry);
  if (entry !== undefined) lines.push(`  start --> ${entry}`);
  for (const [from, edges] of stateGraph(workflow)) {
    for (const { to, event } of edges) {
      const arrow = event === undefined ? "-. max visits .->" : `-->|${mermaidLabel(event)}|`;
      lines.push(`  ${ids.get(from)} ${arrow} ${ids.get(to)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
