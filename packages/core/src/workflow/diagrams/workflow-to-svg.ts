import { getOwn } from "../../json/json.ts";
import { isEnding, type WorkflowConfig } from "../../schema/sections/workflow.ts";
import { finishingOrder, type StateGraph, stateGraph } from "../state-graph.ts";

interface Line {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isRedirect: boolean;
}

/** A state, or the place where a long line passes a layer. */
interface Slot {
  readonly state: string | undefined;
  readonly width: number;
  /** Room to the right for a loop and its label. */
  readonly loop: number;
  readonly layer: number;
  readonly above: Slot[];
  x: number;
  order: number;
}

interface Arrangement {
  readonly states: ReadonlyMap<string, Slot>;
  readonly slots: readonly Slot[];
  /** From the upper state's side to the lower one's. */
  readonly passages: ReadonlyMap<Line, readonly Slot[]>;
  readonly isUpward: (line: Line) => boolean;
}

type Point = readonly [x: number, y: number];

interface Drawing {
  readonly path: string;
  readonly label: string;
  /** Where on the line the label may stand, the best place first. */
  readonly spots: readonly Point[];
}

const HEIGHT = 36;
const GAP_X = 56;
const GAP_Y = 72;
const MARGIN = 24;
const LETTER = 7.2;
// hostile: a chain in which every state leads to every other needs a passage for each pair and layer
const MAX_PASSAGES = 2_000;
// hostile: each label is compared with those before it
const MAX_COMPARED = 1_000;
/** The middle of a line and places on both sides of it, as parts of its length. */
const PARTS = [0.5, 0.29, 0.71, 0.12, 0.88];

/**
 * Returns a workflow as one self-contained SVG: entry on top, each state below those that lead to it, events as
 * labels, redirects of max_visits dashed. The same workflow always gives the same text; names are escaped.
 */
export function workflowToSvg(workflow: WorkflowConfig): string {
  const graph = stateGraph(workflow);
  const lines = mergeEdges(graph);
  const { states, slots, passages, isUpward } = arrange(workflow, graph, lines);
  let width = 0;
  let height = MARGIN;
  for (const slot of slots) {
    width = Math.max(width, slot.x + slot.width + slot.loop + MARGIN);
    height = Math.max(height, topOf(slot) + HEIGHT + MARGIN);
  }
  const between = new Map<string, Line[]>();
  const pairOf = ({ from, to }: Line): string => JSON.stringify(from < to ? [from, to] : [to, from]);
  for (const line of lines) if (between.get(pairOf(line))?.push(line) === undefined) between.set(pairOf(line), [line]);
  const drawn = lines.flatMap((line): Drawing | readonly Drawing[] => {
    const from = states.get(line.from);
    const to = states.get(line.to);
    if (from === undefined || to === undefined) return [];
    const siblings = between.get(pairOf(line)) ?? [];
    const shift = siblings.indexOf(line) - (siblings.length - 1) / 2;
    if (from === to) return drawLoop(line, from, shift);
    const [upper, lower] = isUpward(line) ? [to, from] : [from, to];
    return drawLine(line, [upper, ...(passages.get(line) ?? []), lower], isUpward(line), shift);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L8 4L0 8Z" fill="#555"/></marker></defs>',
    '<g fill="none" stroke="#555">',
    ...drawn.map(({ path }) => path),
    "</g>",
    '<g text-anchor="middle" fill="#111">',
    ...[...states].map(([name, slot]) => drawState(workflow, name, slot)),
    ...drawLabels(drawn),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

// Events between the same two states share one line.
function mergeEdges(graph: StateGraph): readonly Line[] {
  return [...graph].flatMap(([from, edges]) => {
    const byTarget = new Map<string, string[]>();
    const redirects: Line[] = [];
    for (const { to, event } of edges) {
      if (event === undefined) redirects.push({ from, to, label: "max visits", isRedirect: true });
      else if (byTarget.get(to)?.push(clip(event)) === undefined) byTarget.set(to, [clip(event)]);
    }
    const merged = [...byTarget].map(([to, labels]) => ({
      from,
      to,
      label: clip(labels.join(", "), 40),
      isRedirect: false,
    }));
    return [...merged, ...redirects];
  });
}

/** Gives every state and every passage of a long line a layer and a place in it. */
function arrange(workflow: WorkflowConfig, graph: StateGraph, lines: readonly Line[]): Arrangement {
  const start = graph.get(workflow.entry);
  const entryFirst: StateGraph = new Map([
    ...(start === undefined ? [] : [[workflow.entry, start] as const]),
    ...graph,
  ]);
  const order = finishingOrder(entryFirst).toReversed();
  const rank = new Map(order.map((name, index) => [name, index]));
  const isUpward = ({ from, to }: Line): boolean => (rank.get(to) ?? 0) < (rank.get(from) ?? 0);
  const layerOf = new Map<string, number>();
  for (const name of order) {
    const layer = layerOf.get(name) ?? 0;
    layerOf.set(name, layer);
    for (const { to } of graph.get(name) ?? []) {
      if ((rank.get(to) ?? 0) > (rank.get(name) ?? 0)) layerOf.set(to, Math.max(layerOf.get(to) ?? 0, layer + 1));
    }
  }
  const loops = new Map(
    lines.filter(({ from, to }) => from === to).map(({ from, label }) => [from, 48 + widthOf(label)]),
  );
  const slots: Slot[] = [];
  const add = (state: string | undefined, layer: number, label = ""): Slot => {
    const width = state === undefined ? widthOf(label) : widthOf(clip(state)) + 32;
    const slot = { state, width, loop: loops.get(state ?? "") ?? 0, layer, above: [], x: 0, order: 0 };
    slots.push(slot);
    return slot;
  };
  const states = new Map(order.map((name) => [name, add(name, layerOf.get(name) ?? 0)]));
  const passages = new Map<Line, readonly Slot[]>();
  for (const line of lines) {
    const [upper, lower] = [line.from, line.to].map((name) => states.get(name)).toSorted(byLayer);
    if (upper === undefined || lower === undefined || upper === lower) continue;
    const chain = [upper];
    for (let layer = upper.layer + 1; layer < lower.layer && slots.length < states.size + MAX_PASSAGES; layer++)
      chain.push(add(undefined, layer, line.label));
    [...chain.slice(1), lower].forEach((slot, index) => slot.above.push(chain[index] ?? upper));
    passages.set(line, chain.slice(1));
  }
  place(slots);
  return { states, slots, passages, isUpward };
}

/** Orders each layer by what leads into it, then centres the layers on the widest. */
function place(slots: readonly Slot[]): void {
  const layers: Slot[][] = [];
  for (const slot of slots) (layers[slot.layer] ??= []).push(slot);
  const spans = layers.map((layer) => {
    const mean = ({ above }: Slot): number =>
      above.reduce((sum, { order }) => sum + order, 0) / Math.max(1, above.length);
    layer.sort((left, right) => mean(left) - mean(right));
    return layer.reduce((x, slot) => {
      slot.x = x;
      slot.order = x + slot.width / 2;
      return x + slot.width + slot.loop + GAP_X;
    }, 0);
  });
  const widest = spans.reduce((most, span) => Math.max(most, span), 0);
  layers.forEach((layer, index) => {
    for (const slot of layer) slot.x = Math.round(slot.x + MARGIN + (widest - (spans[index] ?? 0)) / 2);
  });
}

const byLayer = (left: Slot | undefined, right: Slot | undefined): number => (left?.layer ?? 0) - (right?.layer ?? 0);
const topOf = ({ layer }: Slot): number => MARGIN + layer * (HEIGHT + GAP_Y);
const middleOf = ({ x, width }: Slot): number => x + width / 2;

/** Draws from the upper state to the lower one, through the passages; an upward line has its arrow on top. */
function drawLine(line: Line, chain: readonly Slot[], isUpward: boolean, shift: number): Drawing {
  const points = chain.flatMap((slot, index): Point[] => {
    const x = Math.round(middleOf(slot) + shift * 24);
    const top: Point = [x, topOf(slot)];
    const bottom: Point = [x, topOf(slot) + HEIGHT];
    return index === 0 ? [bottom] : index === chain.length - 1 ? [top] : [top, bottom];
  });
  // A long line has its label where it passes the first layer, away from those of short lines.
  const [[startX, startY] = [0, 0], ...rest] = points;
  const [[fromX, fromY] = [0, 0], [toX, toY] = [0, 0]] = rest.length > 1 ? rest : points;
  const curve = points.slice(1).map(([x, y], index) => {
    const [beforeX, beforeY] = points[index] ?? [x, y];
    const half = (beforeY + y) / 2;
    return x === beforeX ? `L${x} ${y}` : `C${beforeX} ${half} ${x} ${half} ${x} ${y}`;
  });
  const marker = isUpward ? "marker-start" : "marker-end";
  return {
    path: `<path d="M${startX} ${startY}${curve.join("")}" ${styleOf(line, marker)}/>`,
    label: line.label,
    // The points of the curve above, a cubic with both of its controls at half the height.
    spots: PARTS.map((part) => [
      fromX + (toX - fromX) * part * part * (3 - 2 * part),
      fromY + (toY - fromY) * (1.5 * part * (1 - part) + part ** 3),
    ]),
  };
}

function drawLoop(line: Line, slot: Slot, shift: number): Drawing {
  const [x, y] = [slot.x + slot.width, topOf(slot) + HEIGHT / 2];
  const reach = x + 40 + Math.abs(shift) * 16;
  return {
    path: `<path d="M${x} ${y - 8}C${reach} ${y - 20} ${reach} ${y + 20} ${x} ${y + 8}" ${styleOf(line, "marker-end")}/>`,
    label: line.label,
    spots: [[x + 40 + widthOf(line.label) / 2, y + shift * 16]],
  };
}

/** Draws each label at the first of its spots that no other label covers, else at the best one. */
function drawLabels(drawings: readonly Drawing[]): readonly string[] {
  const taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  return drawings.map(({ label, spots }) => {
    const width = widthOf(label);
    const isFree = ([x, y]: Point): boolean =>
      taken.every((other) => Math.abs(x - other.x) >= (width + other.width) / 2 || Math.abs(y - other.y) >= 12);
    const [x, y] = (taken.length < MAX_COMPARED ? spots.find(isFree) : undefined) ?? spots[0] ?? [0, 0];
    taken.push({ x, y, width });
    return drawLabel(label, x, y);
  });
}

const styleOf = ({ isRedirect }: Line, marker: string): string =>
  `${marker}="url(#arrow)"${isRedirect ? ' stroke-dasharray="4 3"' : ""}`;

function drawLabel(text: string, x: number, y: number): string {
  return `<text x="${Math.round(x)}" y="${Math.round(y) + 4}" font-size="11" fill="#333" stroke="#fff" stroke-width="4" paint-order="stroke">${escapeXml(text)}</text>`;
}

function drawState(workflow: WorkflowConfig, name: string, slot: Slot): string {
  const state = getOwn(workflow.states, name);
  const ends = state !== undefined && isEnding(state);
  const fill = name === workflow.entry ? "#dbeafe" : ends ? "#e5e7eb" : "#fff";
  const y = topOf(slot);
  const shape = `<rect x="${slot.x}" y="${y}" width="${slot.width}" height="${HEIGHT}" rx="${ends ? HEIGHT / 2 : 6}" fill="${fill}" stroke="#555"/>`;
  return `${shape}<text x="${middleOf(slot)}" y="${y + HEIGHT / 2 + 4}">${escapeXml(clip(name))}</text>`;
}

const widthOf = (text: string): number => Math.round(Array.from(text).length * LETTER);

function clip(text: string, letters = 28): string {
  const characters = Array.from(text);
  return characters.length > letters ? `${characters.slice(0, letters - 1).join("")}…` : text;
}

// hostile: names come from packs; control characters are no XML, and direction marks would reorder the picture
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
