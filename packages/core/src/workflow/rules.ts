import { isPrompting, stepGraph } from "../composition/step-graph.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import type { Report, ReportDetails } from "../diagnostics/report.ts";
import { didYouMean, listNames, unknownName } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { WorkflowConfig, WorkflowState } from "../schema/sections/workflow.ts";
import { checkArtifacts } from "./artifacts.ts";
import { findVersionFault } from "./initial-state.ts";
import { findLoops, reachableFrom, reversed, stateGraph, type StateEdge } from "./state-graph.ts";
import { isEnding } from "./state-tools.ts";

/** What the rules of workflows read of a pack. */
export type WorkflowSlice = Pick<PackData, "workflow" | "prompts" | "agents" | "compositions">;

const PERSISTENCES = ["transient", "persistent"];

/** Reports what the schema cannot say about the workflow and its artifacts. Source: R174-R233, R236-R239. */
export function checkWorkflowRules(pack: WorkflowSlice, report: Report): void {
  checkArtifacts(pack, report);
  if (pack.workflow !== undefined) checkWorkflow(pack, pack.workflow, report);
}

function checkWorkflow(pack: WorkflowSlice, workflow: WorkflowConfig, report: Report): void {
  const { states, entry, engine } = workflow;
  const graph = stateGraph(workflow);
  const members = pack.agents?.members ?? {};
  const entered = [entry, ...Object.values(members).flatMap(({ state }) => state ?? [])];
  const reachable = reachableFrom(graph, entered);
  const oddEvents: [state: string, event: string][] = [];

  const versionFault = findVersionFault(workflow);
  if (versionFault !== undefined) report("UNSUPPORTED_WORKFLOW_VERSION", "/workflow/version", versionFault);
  checkTarget(entry, ["entry"]);
  for (const [name, state] of Object.entries(states)) checkState(name, state);
  checkEventNames();
  checkRedirects();
  checkReachability();
  checkEnds();
  checkLoops();
  checkTurns();
  checkBudget();
  checkUnusedPrompts();

  function reportState(code: DiagnosticCode, path: readonly string[], message: string, details?: ReportDetails): void {
    report(code, formatPointer("workflow", "states", ...path), message, details);
  }

  function reportUnknown(
    code: DiagnosticCode,
    path: readonly string[],
    noun: string,
    name: string,
    known: object = {},
  ): void {
    const [message, hint] = unknownName(noun, name, Object.keys(known));
    const note = known === states && Object.hasOwn(pack.prompts, name) ? `; ${quoteName(name)} is a prompt` : "";
    report(code, formatPointer("workflow", ...path), `${message}${note}`, hint);
  }

  function checkTarget(target: string, path: readonly string[]): void {
    if (!Object.hasOwn(states, target)) reportUnknown("UNKNOWN_STATE", path, "state", target, states);
  }

  function checkState(name: string, state: WorkflowState): void {
    checkWork(name, state);
    const events = Object.entries(state.on_event ?? {});
    for (const [event, target] of events) {
      checkTarget(target, ["states", name, "on_event", event]);
      if (!/^[A-Z][A-Za-z0-9]*$/.test(event)) oddEvents.push([name, event]);
    }
    const { on_max_visits: redirect, max_visits, persistence = "transient", terminal } = state;
    if (redirect !== undefined) {
      checkTarget(redirect, ["states", name, "on_max_visits"]);
      if (max_visits === undefined)
        reportState("UNUSED_REDIRECT", [name, "on_max_visits"], "without max_visits this never applies");
    }
    if (!PERSISTENCES.includes(persistence)) {
      const message = `expected "transient" or "persistent", found ${quoteName(persistence)}`;
      reportState("UNKNOWN_PERSISTENCE", [name, "persistence"], message, didYouMean(persistence, PERSISTENCES));
    }
    if (terminal === true) {
      if (events.length > 0) {
        const found = listNames(events.map(([event]) => event));
        reportState("TERMINAL_WITH_EVENTS", [name, "on_event"], `the state is terminal, so ${found} never happen`);
      }
    } else if (events.length === 0 && max_visits === undefined) {
      reportState("DEAD_END_STATE", [name], `state "${name}" has no events, so the workflow ends here`, {
        hint: 'write "terminal": true',
        ...(state.on_event === undefined ? {} : { severity: "info" }),
      });
    }
    checkControl(name, state);
  }

  function checkWork(
    name: string,
    { composition, prompt_task: task, orchestration = "internal" }: WorkflowState,
  ): void {
    if (orchestration === "composition") {
      if (task !== undefined)
        reportState("IGNORED_PROMPT_TASK", [name, "prompt_task"], "a state that runs a composition runs no prompt");
      if (composition !== undefined && getOwn(pack.compositions, composition) === undefined)
        reportUnknown(
          "UNKNOWN_COMPOSITION",
          ["states", name, "composition"],
          "composition",
          composition,
          pack.compositions,
        );
      return;
    }
    if (composition !== undefined) {
      const message = `only a state with orchestration composition runs one; this one is ${orchestration}`;
      reportState("MISPLACED_COMPOSITION", [name, "composition"], message);
    }
    if (task !== undefined && !Object.hasOwn(pack.prompts, task))
      reportUnknown("UNKNOWN_PROMPT", ["states", name, "prompt_task"], "prompt", task, pack.prompts);
  }

  function checkControl(name: string, state: WorkflowState): void {
    const { control, orchestration } = state;
    if (isEnding(state)) {
      if (control === "agent")
        reportState("INERT_CONTROL", [name, "control"], "control has no effect where the workflow ends");
    } else if (control !== undefined && (orchestration === "external" || orchestration === "composition")) {
      const message = `control has no effect where orchestration is ${orchestration}`;
      reportState("INERT_CONTROL", [name, "control"], message, { severity: "info" });
    }
  }

  // R178: one finding for a pack, at the first name.
  function checkEventNames(): void {
    const [first] = oddEvents;
    if (first === undefined) return;
    const found = listNames(new Set(oddEvents.map(([, event]) => event)));
    const message = `event names are PascalCase by convention, such as "OrderPlaced"; found ${found}`;
    reportState("EVENT_NAME_STYLE", [first[0], "on_event", first[1]], message, { atKey: true });
  }

  // R197. At run time a chain ends at a state with room, or the workflow does.
  function checkRedirects(): void {
    const redirects = new Map<string, readonly [StateEdge]>();
    for (const [name, edges] of graph) {
      const last = edges.at(-1);
      if (last !== undefined && last.event === undefined) redirects.set(name, [last]);
    }
    const rings = findLoops(redirects);
    const ringed = new Set(rings.flatMap((ring) => [...ring.members]));
    for (const { closing } of rings) {
      const message = `the redirects of max_visits lead from "${closing.to}" back to "${closing.to}"`;
      reportState("ENDLESS_REDIRECT", [closing.to, "on_max_visits"], message);
    }
    for (const [name, [{ to }]] of redirects) {
      if (ringed.has(name) || getOwn(states, to)?.max_visits === undefined) continue;
      reportState("CHAINED_REDIRECT", [name, "on_max_visits"], `it leads to "${to}", which has max_visits itself`);
    }
  }

  function checkReachability(): void {
    // Without an entry nothing is reachable, and that has a finding of its own.
    if (reachable.size === 0 || reachable.size === graph.size) return;
    for (const name of graph.keys()) {
      if (reachable.has(name)) continue;
      const message = `nothing leads to state "${name}" from the entry "${entry}" or an agent`;
      reportState("UNREACHABLE_STATE", [name], message, { atKey: true });
    }
  }

  function checkEnds(): void {
    const ends = Object.entries(states).flatMap(([name, state]) => (isEnding(state) ? name : []));
    if (ends.length === 0)
      return reportState("NO_TERMINAL_STATE", [], "no state ends the workflow", { hint: 'give one "terminal": true' });
    const ending = reachableFrom(reversed(graph), ends);
    if (ending.size === graph.size) return;
    for (const { members: loop, closing } of findLoops(graph)) {
      // Only the loop that cannot be left, not every state that leads there.
      if (ending.has(closing.to) || [...loop].some((name) => graph.get(name)?.some(({ to }) => !loop.has(to))))
        continue;
      const message = `from ${listNames(loop)} no way leads to a state that ends the workflow`;
      reportState("NO_WAY_TO_END", [...loop].slice(0, 1), message);
    }
  }

  function isLimited(loop: ReadonlySet<string>): boolean {
    return [...loop].some((name) => getOwn(states, name)?.max_visits !== undefined);
  }

  function checkLoops(): void {
    if (Object.keys(engine?.budget ?? {}).length > 0) return;
    for (const { members: loop, closing } of findLoops(graph)) {
      if (isLimited(loop)) continue;
      const way = closing.event === undefined ? ["on_max_visits"] : ["on_event", closing.event];
      reportState("UNBOUNDED_LOOP", [closing.from, ...way], `${listNames(loop)} can repeat without end`, {
        hint: "give one of them max_visits, or the workflow an engine.budget",
      });
    }
  }

  // Who keeps the turn goes on without the user.
  function checkTurns(): void {
    const keeping = new Set<string>();
    for (const [name, state] of Object.entries(states)) {
      const { orchestration, control } = state;
      const keeps = orchestration === "composition" || (control === "agent" && orchestration !== "external");
      if (keeps && !isEnding(state)) keeping.add(name);
    }
    if (keeping.size === 0) return;
    const inner = new Map(
      [...keeping].map((name) => [name, graph.get(name)?.filter(({ to }) => keeping.has(to)) ?? []]),
    );
    const yielding = reachableFrom(
      reversed(graph),
      [...graph.keys()].filter((name) => !keeping.has(name)),
    );
    for (const { members: loop } of findLoops(inner)) {
      const first = [...loop].find((name) => getOwn(states, name)?.control === "agent");
      if (first === undefined || yielding.has(first) || isLimited(loop) || !reachable.has(first)) continue;
      const message = `${listNames(loop)} hand the turn to each other and never back to the user`;
      reportState("ENDLESS_AGENT_LOOP", [first, "control"], message);
    }
  }

  function checkBudget(): void {
    const limit = engine?.budget?.max_total_visits;
    if (limit === undefined) return;
    let sum = 0;
    for (const name of reachable) sum += getOwn(states, name)?.max_visits ?? 0;
    if (sum <= limit) return;
    const message = `the states allow ${sum} visits together, the budget ${limit}`;
    report("BUDGET_TOO_SMALL", "/workflow/engine/budget/max_total_visits", message);
  }

  // A prompt beside a workflow is reached through a state, an agent or a step, or not at all.
  function checkUnusedPrompts(): void {
    const used = new Set<string | undefined>(Object.keys(members));
    for (const state of Object.values(states)) used.add(state.prompt_task);
    for (const composition of Object.values(pack.compositions ?? {})) {
      for (const { step } of stepGraph(composition).nodes.values()) if (isPrompting(step)) used.add(step.prompt_task);
    }
    for (const name of Object.keys(pack.prompts)) {
      if (used.has(name)) continue;
      const message = `no state, agent or step uses the prompt "${name}"`;
      report("UNUSED_PROMPT", formatPointer("prompts", name), message, { atKey: true });
    }
  }
}
