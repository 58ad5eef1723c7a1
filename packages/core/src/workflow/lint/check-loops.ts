import { listNames } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { isEnding } from "../../schema/sections/workflow.ts";
import { findLoops, reachableFrom, reversed } from "../state-graph.ts";
import { type LintRun, reportState } from "./lint-run.ts";

/** Checks that something limits every loop. */
export function checkLoops(run: LintRun): void {
  if (Object.keys(run.workflow.engine?.budget ?? {}).length > 0) return;
  for (const { members, closing } of findLoops(run.graph)) {
    if (isLimited(run, members)) continue;
    const way = closing.event === undefined ? ["on_max_visits"] : ["on_event", closing.event];
    reportState(run, "UNBOUNDED_LOOP", [closing.from, ...way], `${listNames(members)} can repeat without end`, {
      hint: "give one of them max_visits, or the workflow an engine.budget",
    });
  }
}

/** Checks that the turn comes back to the user. */
export function checkTurns(run: LintRun): void {
  const { graph, workflow, reachable } = run;
  const keeping = turnKeepers(run);
  if (keeping.size === 0) return;
  const inner = new Map([...keeping].map((name) => [name, graph.get(name)?.filter(({ to }) => keeping.has(to)) ?? []]));
  const others = [...graph.keys()].filter((name) => !keeping.has(name));
  const yielding = reachableFrom(reversed(graph), others);
  for (const { members } of findLoops(inner)) {
    const first = [...members].find((name) => getOwn(workflow.states, name)?.control === "agent");
    if (first === undefined || yielding.has(first) || isLimited(run, members) || !reachable.has(first)) continue;
    const message = `${listNames(members)} hand the turn to each other and never back to the user`;
    reportState(run, "ENDLESS_AGENT_LOOP", [first, "control"], message);
  }
}

/** Returns the states that go on without the user. */
function turnKeepers(run: LintRun): Set<string> {
  const keeping = new Set<string>();
  for (const [name, state] of Object.entries(run.workflow.states)) {
    const { orchestration, control } = state;
    const keeps = orchestration === "composition" || (control === "agent" && orchestration !== "external");
    if (keeps && !isEnding(state)) keeping.add(name);
  }
  return keeping;
}

function isLimited(run: LintRun, loop: ReadonlySet<string>): boolean {
  return [...loop].some((name) => getOwn(run.workflow.states, name)?.max_visits !== undefined);
}
