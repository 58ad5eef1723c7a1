import { type BranchStep, type Composition, isBranch, type Step, stepsInside } from "../schema/sections/composition.ts";

/** How the steps of a composition hang together. Source: SPEC 4.8, R269-R273, RULINGS 27. */
export interface StepGraph {
  /** Every step by id, those inside parallel steps included; of duplicates the first. */
  readonly nodes: ReadonlyMap<string, StepNode>;
  /** The top-level steps in the order in which they run: the array's, unless depends_on says otherwise. */
  readonly order: readonly StepNode[];
  /** Steps that wait for each other, or undefined. */
  readonly cycle: readonly string[] | undefined;
  /** The first id that two steps have, or undefined. */
  readonly duplicate: string | undefined;
}

export interface StepNode {
  readonly step: Step;
  /** Index in the array that holds it. */
  readonly index: number;
  /** The parallel step around it. */
  readonly parent: StepNode | undefined;
  /** Top-level steps that must settle first. */
  readonly before: readonly StepNode[];
  /** The branch steps that name this one as then or else. */
  readonly branches: readonly BranchStep[];
  /** Position of a top-level step in the order; -1 inside parallel steps. */
  readonly position: number;
}

type Draft = { -readonly [Key in keyof StepNode]: StepNode[Key] } & { before: Draft[]; branches: BranchStep[] };

const graphs = new WeakMap<Composition, StepGraph>();

/** Returns the graph of a composition, whatever mistakes it holds; the rules report them. */
export function stepGraph(composition: Composition): StepGraph {
  const known = graphs.get(composition);
  if (known !== undefined) return known;
  const graph = buildGraph(composition);
  graphs.set(composition, graph);
  return graph;
}

/** Returns where a step stands; the pointer starts at the composition. */
export function pointerOf({ parent, index }: StepNode): string {
  return parent === undefined ? `/steps/${index}` : `${pointerOf(parent)}/branches/${index}`;
}

function buildGraph(composition: Composition): StepGraph {
  const nodes = new Map<string, Draft>();
  let duplicate: string | undefined;
  const add = (steps: readonly Step[], parent: Draft | undefined): Draft[] =>
    steps.map((step, index) => {
      const node: Draft = { step, index, parent, before: [], branches: [], position: -1 };
      if (nodes.has(step.id)) duplicate ??= step.id;
      else nodes.set(step.id, node);
      add(stepsInside(step), node);
      return node;
    });
  const top = add(composition.steps, undefined);
  connect(nodes, top);
  let cycle: readonly string[] | undefined;
  const order = finishNodes<Draft, Draft>(
    top,
    ({ before }) => before,
    (before) => before,
    (before, path) => (cycle ??= path.slice(path.indexOf(before)).map(({ step }) => step.id)),
  );
  for (const [position, node] of order.entries()) node.position = position;
  return { nodes, order, cycle, duplicate };
}

function connect(nodes: ReadonlyMap<string, Draft>, top: readonly Draft[]): void {
  for (const node of top) {
    const previous = top[node.index - 1];
    if (node.step.depends_on === undefined && previous !== undefined) node.before.push(previous);
    addDependencies(node, node.step);
    if (!isBranch(node.step)) continue;
    for (const id of new Set([node.step.then, node.step.else])) {
      const target = id === undefined ? undefined : nodes.get(id);
      // A target above its branch is a fault of its own, not an edge.
      if (target === undefined || target.parent !== undefined || target.index <= node.index) continue;
      target.before.push(node);
      target.branches.push(node.step);
    }
  }
  function addDependencies(node: Draft, step: Step): void {
    for (const id of step.depends_on ?? []) {
      const target = nodes.get(id);
      if (target !== undefined && target.parent === undefined) node.before.push(target);
    }
    for (const inner of stepsInside(step)) addDependencies(node, inner);
  }
}

/**
 * Walks a graph depth first, in the order of nodes and edges, and returns each node after all it leads to. An edge
 * that closes a loop is not followed; `onLoop` gets it with the nodes from a root to the node that it leaves.
 */
export function finishNodes<Node, Edge>(
  roots: Iterable<Node>,
  edgesOf: (node: Node) => readonly Edge[],
  targetOf: (edge: Edge) => Node,
  onLoop: (edge: Edge, path: readonly Node[]) => void,
): Node[] {
  const finished: Node[] = [];
  // The number of edges that were walked; Infinity when the node is finished.
  const walked = new Map<Node, number>();
  for (const root of roots) {
    // hostile: a long chain would overflow the call stack
    const path = walked.has(root) ? [] : [root];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const index = walked.get(node) ?? 0;
      const edge = edgesOf(node)[index];
      walked.set(node, edge === undefined ? Infinity : index + 1);
      if (edge === undefined) {
        finished.push(node);
        path.pop();
        continue;
      }
      const target = targetOf(edge);
      if (!walked.has(target)) path.push(target);
      else if (walked.get(target) !== Infinity) onLoop(edge, path);
    }
  }
  return finished;
}
