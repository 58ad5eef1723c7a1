import { listNames } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { isEnding } from "../../schema/sections/workflow.ts";
import { findLoops, reachableFrom, reversed, type StateEdge } from "../state-graph.ts";
import { type LintRun, reportState } from "./lint-run.ts";

/** Reports redirects that lead to redirects (R197). At run time a chain ends at a state with room, or the workflow does. */
export function checkRedirects(run: LintRun): void {
  const redirects = new Map<string, readonly [StateEdge]>();
  for (const [name, edges] of run.graph) {
    const last = edges.at(-1);
    if (last !== undefined && last.event === undefined) redirects.set(name, [last]);
  }
  const rings = findLoops(redirects);
  const ringed = new Set(rings.flatMap((ring) => [...ring.members]));
  for (const { closing } of rings) {
    const message = `the redirects of max_visits lead from "${closing.to}" back to "${closing.to}"`;
    reportState(run, "ENDLESS_REDIRECT", [closing.to, "on_max_visits"], message);
  }
  for (const [name, [{ to }]] of redirects) {
    if (ringed.has(name) || getOwn(run.workflow.states, to)?.max_visits === undefined) continue;
    reportState(run, "CHAINED_REDIRECT", [name, "on_max_visits"], `it leads to "${to}", which has max_visits itself`);
  }
}

/** Reports states that nothing leads to. */
export function checkReachability(run: LintRun): void {
  const { graph, reachable, workflow } = run;
  // Without an entry nothing is reachable, and that has a finding of its own.
  if (reachable.size === 0 || reachable.size === graph.size) return;
  for (const name of graph.keys()) {
    if (reachable.has(name)) continue;
    const message = `nothing leads to state "${name}" from the entry "${workflow.entry}" or an agent`;
    reportState(run, "UNREACHABLE_STATE", [name], message, { atKey: true });
  }
}

/** Checks that every state leads to one that ends the workflow. */
export function checkEnds(run: LintRun): void {
  const { graph, workflow } = run;
  const ends = Object.entries(workflow.states).flatMap(([name, state]) => (isEnding(state) ? name : []));
  if (ends.length === 0) {
    const details = { hint: 'give one "terminal": true' };
    return reportState(run, "NO_TERMINAL_STATE", [], "no state ends the workflow", details);
  }
  const ending = reachableFrom(reversed(graph), ends);
  if (ending.size === graph.size) return;
  for (const { members, closing } of findLoops(graph)) {
    // Only the loop that cannot be left, not every state that leads there.
    if (ending.has(closing.to) || [...members].some((name) => graph.get(name)?.some(({ to }) => !members.has(to))))
      continue;
    const message = `from ${listNames(members)} no way leads to a state that ends the workflow`;
    reportState(run, "NO_WAY_TO_END", [...members].slice(0, 1), message);
  }
}
