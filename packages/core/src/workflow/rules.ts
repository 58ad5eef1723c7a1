import { isPrompting, stepGraph } from "../composition/step-graph.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { WorkflowConfig, WorkflowState } from "../schema/sections/workflow.ts";
import { checkArtifacts } from "./artifacts.ts";
import { workflowVersions } from "./initial-state.ts";
import { edgePointer, findLoops, reachableFrom, reversed, stateGraph, type StateGraph } from "./state-graph.ts";
import { isEnding } from "./state-tools.ts";

/** What the rules of workflows read of a pack. */
export type WorkflowSlice = Pick<PackData, "workflow" | "prompts" | "agents" | "compositions">;

/** Reports what the schema cannot say about the workflow and its artifacts. Source: R174-R233, R236-R239. */
export function checkWorkflowRules(pack: WorkflowSlice, report: Report): void {
  const { workflow } = pack;
  checkArtifacts(pack, report);
  if (workflow === undefined) return;
  const names = Object.keys(workflow.states);
  if (!workflowVersions.includes(workflow.version)) {
    report(
      "UNSUPPORTED_WORKFLOW_VERSION",
      "/workflow/version",
      `workflow version ${workflow.version} is not supported; expected 1 or 2`,
    );
  }
  checkTarget(workflow.entry, "/workflow/entry", "entry");
  for (const [name, state] of Object.entries(workflow.states)) checkState(name, state);
  checkEventNames(workflow, report);
  checkRedirects(workflow, report);

  const graph = stateGraph(workflow);
  const reachable = checkReachability(pack, workflow, graph, report);
  checkEnds(workflow, graph, report);
  checkLoops(workflow, graph, reachable, report);
  checkBudget(workflow, reachable, report);
  checkUnusedPrompts(pack, workflow, report);

  function checkState(name: string, state: WorkflowState): void {
    const at = (field: string): string => `${formatPointer("workflow", "states", name)}/${field}`;
    checkWork(state, at);
    for (const [event, target] of Object.entries(state.on_event ?? {})) {
      checkTarget(target, () => edgePointer(name, event), `event "${event}" of state "${name}"`);
    }
    if (state.on_max_visits !== undefined) {
      checkTarget(state.on_max_visits, () => at("on_max_visits"), `on_max_visits of state "${name}"`);
      if (state.max_visits === undefined) {
        report(
          "UNUSED_REDIRECT",
          at("on_max_visits"),
          `state "${name}" has on_max_visits but no max_visits, so it never applies`,
        );
      }
    }
    const { persistence } = state;
    if (persistence !== undefined && persistence !== "transient" && persistence !== "persistent") {
      report(
        "UNKNOWN_PERSISTENCE",
        at("persistence"),
        `expected "transient" or "persistent", found "${persistence}"`,
        didYouMean(persistence, ["transient", "persistent"]),
      );
    }
    const events = Object.keys(state.on_event ?? {});
    if (state.terminal === true && events.length > 0) {
      report(
        "TERMINAL_WITH_EVENTS",
        at("on_event"),
        `state "${name}" is terminal, so its events ${listNames(events)} never happen`,
      );
    }
    if (state.terminal !== true && events.length === 0 && state.max_visits === undefined) {
      report(
        "DEAD_END_STATE",
        formatPointer("workflow", "states", name),
        `state "${name}" has no events, so the workflow ends here`,
        {
          hint: 'write "terminal": true',
          ...(state.on_event === undefined ? {} : { severity: "info" }),
        },
      );
    }
    checkControl(name, state, at);
  }

  function checkWork(state: WorkflowState, at: (field: string) => string): void {
    const { composition, prompt_task: task } = state;
    if (state.orchestration === "composition") {
      if (task !== undefined)
        report(
          "IGNORED_PROMPT_TASK",
          at("prompt_task"),
          "a state with orchestration composition runs no prompt of its own",
        );
      if (composition === undefined || getOwn(pack.compositions, composition) !== undefined) return;
      const known = Object.keys(pack.compositions ?? {});
      report(
        "UNKNOWN_COMPOSITION",
        at("composition"),
        `the pack has no composition "${composition}"; it has ${listNames(known)}`,
        didYouMean(composition, known),
      );
      return;
    }
    if (composition !== undefined) {
      report(
        "MISPLACED_COMPOSITION",
        at("composition"),
        `only a state with orchestration composition runs one; this one is ${state.orchestration ?? "internal"}`,
      );
    }
    if (task === undefined || getOwn(pack.prompts, task) !== undefined) return;
    const known = Object.keys(pack.prompts);
    report(
      "UNKNOWN_PROMPT",
      at("prompt_task"),
      `the pack has no prompt "${task}"; it has ${listNames(known)}`,
      didYouMean(task, known),
    );
  }

  function checkTarget(target: string, pointer: string | (() => string), where: string): void {
    if (getOwn(workflow?.states, target) !== undefined) return;
    const isPrompt = getOwn(pack.prompts, target) !== undefined;
    const note = isPrompt ? `; "${target}" is a prompt` : "";
    const message = `${where} names no state: "${target}"; there are ${listNames(names)}${note}`;
    report("UNKNOWN_STATE", typeof pointer === "string" ? pointer : pointer(), message, didYouMean(target, names));
  }

  function checkControl(name: string, state: WorkflowState, at: (field: string) => string): void {
    if (state.control === undefined) return;
    if (isEnding(state)) {
      if (state.control === "agent")
        report("INERT_CONTROL", at("control"), `control has no effect in state "${name}", where the workflow ends`);
    } else if (state.orchestration === "external" || state.orchestration === "composition") {
      report(
        "INERT_CONTROL",
        at("control"),
        `control has no effect in state "${name}", whose orchestration is ${state.orchestration}`,
        { severity: "info" },
      );
    }
  }
}

// R178: one finding for a pack, at the first name.
function checkEventNames({ states }: WorkflowConfig, report: Report): void {
  const odd: [state: string, event: string][] = [];
  for (const [name, { on_event }] of Object.entries(states)) {
    for (const event of Object.keys(on_event ?? {})) if (!/^[A-Z][A-Za-z0-9]*$/.test(event)) odd.push([name, event]);
  }
  const [first] = odd;
  if (first === undefined) return;
  const found = listNames(new Set(odd.map(([, event]) => event)));
  report(
    "EVENT_NAME_STYLE",
    edgePointer(...first),
    `event names are PascalCase by convention, such as "OrderPlaced"; found ${found}`,
    { atKey: true },
  );
}

// R197. At run time a chain ends at a state with room, or the workflow does.
function checkRedirects({ states }: WorkflowConfig, report: Report): void {
  const next = (name: string): string | undefined => {
    const state = getOwn(states, name);
    return state?.max_visits === undefined ? undefined : state.on_max_visits;
  };
  // Every state has one redirect at most, so walking each chain once finds every ring.
  const walked = new Map<string, string>();
  for (const start of Object.keys(states)) {
    let name: string | undefined = start;
    while (name !== undefined && !walked.has(name) && next(name) !== undefined) {
      walked.set(name, start);
      name = next(name);
    }
    if (name !== undefined && walked.get(name) === start) {
      report(
        "ENDLESS_REDIRECT",
        edgePointer(name, undefined),
        `the redirects of max_visits lead from "${name}" back to "${name}"`,
      );
      for (let member = next(name); member !== undefined && member !== name; member = next(member))
        walked.set(member, "ring");
      walked.set(name, "ring");
    }
  }
  for (const name of Object.keys(states)) {
    const target = next(name);
    if (target === undefined || walked.get(name) === "ring" || getOwn(states, target)?.max_visits === undefined)
      continue;
    report(
      "CHAINED_REDIRECT",
      edgePointer(name, undefined),
      `the redirect of "${name}" leads to "${target}", which has max_visits itself`,
    );
  }
}

function checkReachability(
  pack: WorkflowSlice,
  workflow: WorkflowConfig,
  graph: StateGraph,
  report: Report,
): ReadonlySet<string> {
  const agentStates = Object.values(pack.agents?.members ?? {}).map(({ state }) => state);
  const reachable = reachableFrom(
    graph,
    [workflow.entry, ...agentStates].filter((name) => name !== undefined),
  );
  // Without an entry nothing is reachable, and that has a finding of its own.
  if (reachable.size > 0) {
    for (const name of graph.keys()) {
      if (reachable.has(name)) continue;
      report(
        "UNREACHABLE_STATE",
        formatPointer("workflow", "states", name),
        `nothing leads to state "${name}" from the entry "${workflow.entry}" or an agent`,
        { atKey: true },
      );
    }
  }
  return reachable;
}

function checkEnds({ states }: WorkflowConfig, graph: StateGraph, report: Report): void {
  const ends = Object.keys(states).filter((name) => {
    const state = getOwn(states, name);
    return state !== undefined && isEnding(state);
  });
  if (ends.length === 0) {
    report("NO_TERMINAL_STATE", "/workflow/states", "no state ends the workflow", {
      hint: 'give one "terminal": true',
    });
    return;
  }
  const ending = reachableFrom(reversed(graph), ends);
  if (ending.size === graph.size) return;
  for (const { members } of findLoops(graph)) {
    const [first] = members;
    if (first === undefined || ending.has(first)) continue;
    // Only the loop that cannot be left, not every state that leads there.
    if ([...members].some((name) => graph.get(name)?.some(({ to }) => !members.has(to)))) continue;
    report(
      "NO_WAY_TO_END",
      formatPointer("workflow", "states", first),
      `from ${listNames(members)} no way leads to a state that ends the workflow`,
    );
  }
}

function checkLoops(workflow: WorkflowConfig, graph: StateGraph, reachable: ReadonlySet<string>, report: Report): void {
  const { states } = workflow;
  const isLimited = (members: ReadonlySet<string>): boolean =>
    [...members].some((name) => getOwn(states, name)?.max_visits !== undefined);
  if (Object.keys(workflow.engine?.budget ?? {}).length === 0) {
    for (const { members, closing } of findLoops(graph)) {
      if (isLimited(members)) continue;
      report(
        "UNBOUNDED_LOOP",
        edgePointer(closing.from, closing.event),
        `${listNames(members)} can repeat without end`,
        {
          hint: "give one of them max_visits, or the workflow an engine.budget",
        },
      );
    }
  }
  const keepsTurn = (name: string): boolean => {
    const state = getOwn(states, name);
    return (
      state !== undefined &&
      !isEnding(state) &&
      (state.orchestration === "composition" || (state.control === "agent" && state.orchestration !== "external"))
    );
  };
  const agents = [...graph.keys()].filter(keepsTurn);
  if (agents.length === 0) return;
  const inner: StateGraph = new Map(
    agents.map((name) => [name, (graph.get(name) ?? []).filter(({ to }) => keepsTurn(to))]),
  );
  const yielding = reachableFrom(
    reversed(graph),
    [...graph.keys()].filter((name) => !keepsTurn(name)),
  );
  for (const { members } of findLoops(inner)) {
    const first = [...members].find((name) => getOwn(states, name)?.control === "agent");
    if (first === undefined || yielding.has(first) || isLimited(members) || !reachable.has(first)) continue;
    report(
      "ENDLESS_AGENT_LOOP",
      `${formatPointer("workflow", "states", first)}/control`,
      `${listNames(members)} hand the turn to each other and never back to the user`,
    );
  }
}

function checkBudget({ states, engine }: WorkflowConfig, reachable: ReadonlySet<string>, report: Report): void {
  const limit = engine?.budget?.max_total_visits;
  if (limit === undefined) return;
  let sum = 0;
  for (const name of reachable) sum += getOwn(states, name)?.max_visits ?? 0;
  if (sum > limit) {
    report(
      "BUDGET_TOO_SMALL",
      "/workflow/engine/budget/max_total_visits",
      `the states allow ${sum} visits together, the budget ${limit}`,
    );
  }
}

// A prompt beside a workflow is reached through a state, an agent or a step, or not at all.
function checkUnusedPrompts(pack: WorkflowSlice, { states }: WorkflowConfig, report: Report): void {
  const used = new Set<string | undefined>(Object.keys(pack.agents?.members ?? {}));
  for (const state of Object.values(states)) used.add(state.prompt_task);
  for (const composition of Object.values(pack.compositions ?? {})) {
    for (const { step } of stepGraph(composition).nodes.values()) if (isPrompting(step)) used.add(step.prompt_task);
  }
  for (const name of Object.keys(pack.prompts)) {
    if (used.has(name)) continue;
    report("UNUSED_PROMPT", formatPointer("prompts", name), `no state, agent or step uses the prompt "${name}"`, {
      atKey: true,
    });
  }
}
