import { getOwn } from "../json/json.ts";
import type { WorkflowConfig } from "../schema/sections/workflow.ts";
import { type StateGraph, stateGraph } from "./state-graph.ts";
import { isEnding } from "./state-tools.ts";

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly layer: number;
}

const HEIGHT = 36;
const GAP_X = 48;
const GAP_Y = 72;
const MARGIN = 24;
const LETTER = 7.2;
const MAX_LETTERS = 28;

/**
 * Returns a workflow as one self-contained SVG: entry on top, a layer for each step away from it, events as
 * labels, redirects of max_visits dashed. The same workflow always gives the same text; names are escaped.
 */
export function workflowToSvg(workflow: WorkflowConfig): string {
  const graph = stateGraph(workflow);
  const boxes = placeBoxes(workflow, graph);
  let right = 0;
  let bottom = 0;
  for (const { x, y, width } of boxes.values()) {
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + HEIGHT);
  }
  const edges = mergeEdges(graph);
  const lanes = new Map(
    edges.filter(({ from, to }) => isBackward(boxes, from, to)).map((edge, index) => [edge, right + 40 + 14 * index]),
  );
  const width = right + MARGIN + (lanes.size === 0 ? 0 : 60 + 14 * lanes.size);
  const height = bottom + MARGIN;
  const drawn = edges.map((edge) => drawEdge(boxes, edge, lanes.get(edge)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8Z" fill="#555"/></marker></defs>',
    '<g fill="none" stroke="#555" marker-end="url(#arrow)">',
    ...drawn.map(({ path }) => path),
    "</g>",
    '<g text-anchor="middle" fill="#111">',
    ...[...boxes.values()].map((box) => drawBox(workflow, box)),
    ...drawn.map(({ label }) => label),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

// Layers by distance from the entry; what cannot be reached stands in a last layer of its own.
function placeBoxes(workflow: WorkflowConfig, graph: StateGraph): ReadonlyMap<string, Box> {
  const distance = new Map<string, number>(graph.has(workflow.entry) ? [[workflow.entry, 0]] : []);
  let last = 0;
  for (const [name, layer] of distance) {
    last = layer;
    for (const { to } of graph.get(name) ?? []) if (!distance.has(to)) distance.set(to, layer + 1);
  }
  for (const name of graph.keys()) if (!distance.has(name)) distance.set(name, last + 1);
  const layers: string[][] = [];
  for (const [name, layer] of distance) (layers[layer] ??= []).push(name);

  const widths = new Map(
    [...distance.keys()].map((name) => [name, Math.round(Array.from(clip(name)).length * LETTER) + 32]),
  );
  const widthOf = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (widths.get(name) ?? 0) + GAP_X, -GAP_X);
  const total = layers.reduce((widest, names) => Math.max(widest, widthOf(names)), 0);
  const boxes = new Map<string, Box>();
  layers.forEach((names, layer) => {
    let x = MARGIN + (total - widthOf(names)) / 2;
    for (const name of names) {
      const width = widths.get(name) ?? 0;
      boxes.set(name, { name, x: Math.round(x), y: MARGIN + layer * (HEIGHT + GAP_Y), width, layer });
      x += width + GAP_X;
    }
  });
  return boxes;
}

interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isRedirect: boolean;
}

// Events between the same two states share one line.
function mergeEdges(graph: StateGraph): readonly DrawnEdge[] {
  return [...graph].flatMap(([from, edges]) => {
    const byTarget = new Map<string, string[]>();
    const redirects: DrawnEdge[] = [];
    for (const { to, event } of edges) {
      if (event === undefined) redirects.push({ from, to, label: "max visits", isRedirect: true });
      else if (byTarget.get(to)?.push(clip(event)) === undefined) byTarget.set(to, [clip(event)]);
    }
    const drawn = [...byTarget].map(([to, labels]) => ({
      from,
      to,
      label: clip(labels.join(", "), 40),
      isRedirect: false,
    }));
    return [...drawn, ...redirects];
  });
}

function isBackward(boxes: ReadonlyMap<string, Box>, from: string, to: string): boolean {
  return (boxes.get(to)?.layer ?? 0) <= (boxes.get(from)?.layer ?? 0);
}

// Forward edges run down; all others leave the right side and come back in a lane of their own.
function drawEdge(
  boxes: ReadonlyMap<string, Box>,
  edge: DrawnEdge,
  lane: number | undefined,
): { path: string; label: string } {
  const from = boxes.get(edge.from);
  const to = boxes.get(edge.to);
  if (from === undefined || to === undefined) return { path: "", label: "" };
  const dash = edge.isRedirect ? ' stroke-dasharray="4 3"' : "";
  if (lane !== undefined) {
    const [startX, startY] = [from.x + from.width, from.y + HEIGHT / 2];
    const [endX, endY] = [to.x + to.width, to.y + HEIGHT / 2 + (edge.from === edge.to ? 10 : 0)];
    return {
      path: `<path d="M${startX} ${startY}C${lane} ${startY} ${lane} ${endY} ${endX} ${endY}"${dash}/>`,
      label: drawLabel(edge.label, startX + (lane - startX) * 0.6, (startY + endY) / 2),
    };
  }
  const [startX, startY] = [from.x + from.width / 2, from.y + HEIGHT];
  const [endX, endY] = [to.x + to.width / 2, to.y];
  const middle = (startY + endY) / 2;
  return {
    path: `<path d="M${startX} ${startY}C${startX} ${middle} ${endX} ${middle} ${endX} ${endY}"${dash}/>`,
    label: drawLabel(edge.label, (startX + endX) / 2, middle),
  };
}

function drawLabel(text: string, x: number, y: number): string {
  return `<text x="${Math.round(x)}" y="${Math.round(y) + 4}" font-size="11" fill="#333" stroke="#fff" stroke-width="4" paint-order="stroke">${escapeXml(text)}</text>`;
}

function drawBox(workflow: WorkflowConfig, { name, x, y, width }: Box): string {
  const state = getOwn(workflow.states, name);
  const ends = state !== undefined && isEnding(state);
  const isEntry = name === workflow.entry;
  const shape = `<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="${ends ? HEIGHT / 2 : 6}" fill="${isEntry ? "#dbeafe" : ends ? "#e5e7eb" : "#fff"}" stroke="#555"/>`;
  return `${shape}<text x="${x + width / 2}" y="${y + HEIGHT / 2 + 4}">${escapeXml(clip(name))}</text>`;
}

function clip(text: string, letters = MAX_LETTERS): string {
  const characters = Array.from(text);
  return characters.length > letters ? `${characters.slice(0, letters - 1).join("")}…` : text;
}

// hostile: names come from packs; control characters are no XML, and direction marks would reorder the picture
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
