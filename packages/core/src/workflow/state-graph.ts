import { finishNodes } from "../composition/step-graph.ts";
import { getOwn } from "../json/json.ts";
import { isEnding, type WorkflowConfig } from "../schema/sections/workflow.ts";

/** A way from one state to another. */
export interface StateEdge {
  readonly to: string;
  /** The event, or undefined for the redirect of max_visits. */
  readonly event: string | undefined;
}

export type StateGraph = ReadonlyMap<string, readonly StateEdge[]>;

/** Returns the ways out of every state that lead somewhere; a terminal state's events never fire (R190). */
export function stateGraph({ states }: WorkflowConfig): StateGraph {
  return new Map(
    Object.entries(states).map(([name, state]) => {
      const edges: StateEdge[] = [];
      const { on_event, on_max_visits: redirect, max_visits } = state;
      for (const [event, to] of isEnding(state) ? [] : Object.entries(on_event ?? {})) {
        if (getOwn(states, to) !== undefined) edges.push({ to, event });
      }
      if (redirect !== undefined && max_visits !== undefined && getOwn(states, redirect) !== undefined) {
        edges.push({ to: redirect, event: undefined });
      }
      return [name, edges];
    }),
  );
}

/** Returns the states that can be entered from some of them. */
export function reachableFrom(graph: StateGraph, roots: Iterable<string>): ReadonlySet<string> {
  const reached = new Set([...roots].filter((root) => graph.has(root)));
  // A set visits what is added to it while it is walked.
  for (const name of reached) for (const { to } of graph.get(name) ?? []) reached.add(to);
  return reached;
}

/** Returns the graph with every edge turned round. */
export function reversed(graph: StateGraph): StateGraph {
  const turned = new Map<string, StateEdge[]>([...graph.keys()].map((name) => [name, []]));
  for (const [from, edges] of graph) for (const { to, event } of edges) turned.get(to)?.push({ to: from, event });
  return turned;
}

/** Returns the groups of states that lead back to themselves, and of each the first edge that closes a loop. */
export function findLoops(
  graph: StateGraph,
): readonly { readonly members: ReadonlySet<string>; readonly closing: StateEdge & { readonly from: string } }[] {
  const { order, closing } = depthFirst(graph);
  const groups = new Map<string, Set<string>>();
  const turned = reversed(graph);
  // Kosaraju: in the reverse of finishing order, what leads here and is not grouped yet is one component.
  for (const root of order.toReversed()) {
    if (groups.has(root)) continue;
    const members = new Set([root]);
    for (const name of members) {
      groups.set(name, members);
      for (const { to } of turned.get(name) ?? []) if (!groups.has(to)) members.add(to);
    }
  }
  const loops = new Map<ReadonlySet<string>, StateEdge & { readonly from: string }>();
  for (const edge of closing) {
    const members = groups.get(edge.from) ?? new Set();
    if (!loops.has(members)) loops.set(members, edge);
  }
  return Array.from(loops, ([members, edge]) => ({ members, closing: edge }));
}

/** Returns the states so that each stands after all it leads to, but for edges that close a loop. */
export function finishingOrder(graph: StateGraph): readonly string[] {
  return depthFirst(graph).order;
}

function depthFirst(graph: StateGraph): { order: string[]; closing: (StateEdge & { from: string })[] } {
  const closing: (StateEdge & { from: string })[] = [];
  const order = finishNodes(
    graph.keys(),
    (name) => graph.get(name) ?? [],
    ({ to }) => to,
    (edge, path) => closing.push({ ...edge, from: path.at(-1) ?? edge.to }),
  );
  return { order, closing };
}
