import { stepGraph } from "../../composition/step-graph.ts";
import type { Report } from "../../diagnostics/report.ts";
import { listNames } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { formatPointer } from "../../json/pointer.ts";
import { isPrompting } from "../../schema/sections/composition.ts";
import type { WorkflowConfig } from "../../schema/sections/workflow.ts";
import { findVersionFault } from "../initial-state.ts";
import { checkLoops, checkTurns } from "./check-loops.ts";
import { checkState, checkTarget } from "./check-state.ts";
import { checkEnds, checkReachability, checkRedirects } from "./check-ways.ts";
import { type LintRun, reportState, startLint, type WorkflowSlice } from "./lint-run.ts";

/** Reports what the schema cannot say about a workflow. */
export function checkWorkflow(pack: WorkflowSlice, workflow: WorkflowConfig, report: Report): void {
  const run = startLint(pack, workflow, report);
  const fault = findVersionFault(workflow);
  if (fault !== undefined) report("UNSUPPORTED_WORKFLOW_VERSION", "/workflow/version", fault);
  checkTarget(run, workflow.entry, "entry");
  for (const [name, state] of Object.entries(workflow.states)) checkState(run, name, state);
  checkEventNames(run);
  checkRedirects(run);
  checkReachability(run);
  checkEnds(run);
  checkLoops(run);
  checkTurns(run);
  checkBudget(run);
  checkUnusedPrompts(run);
}

// R178: one finding for a pack, at the first name.
function checkEventNames(run: LintRun): void {
  const [first] = run.oddEvents;
  if (first === undefined) return;
  const found = listNames(new Set(run.oddEvents.map(([, event]) => event)));
  const message = `event names are PascalCase by convention, such as "OrderPlaced"; found ${found}`;
  reportState(run, "EVENT_NAME_STYLE", [first[0], "on_event", first[1]], message, { atKey: true });
}

function checkBudget(run: LintRun): void {
  const limit = run.workflow.engine?.budget?.max_total_visits;
  if (limit === undefined) return;
  let sum = 0;
  for (const name of run.reachable) sum += getOwn(run.workflow.states, name)?.max_visits ?? 0;
  if (sum <= limit) return;
  const message = `the states allow ${sum} visits together, the budget ${limit}`;
  run.report("BUDGET_TOO_SMALL", "/workflow/engine/budget/max_total_visits", message);
}

// A prompt beside a workflow is reached through a state, an agent or a step, or not at all.
function checkUnusedPrompts(run: LintRun): void {
  const used = new Set<string | undefined>(Object.keys(run.pack.agents?.members ?? {}));
  for (const state of Object.values(run.workflow.states)) used.add(state.prompt_task);
  for (const composition of Object.values(run.pack.compositions ?? {})) {
    for (const { step } of stepGraph(composition).nodes.values()) if (isPrompting(step)) used.add(step.prompt_task);
  }
  for (const name of Object.keys(run.pack.prompts)) {
    if (used.has(name)) continue;
    const message = `no state, agent or step uses the prompt "${name}"`;
    run.report("UNUSED_PROMPT", formatPointer("prompts", name), message, { atKey: true });
  }
}
