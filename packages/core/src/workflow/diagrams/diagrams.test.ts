import { expect, it } from "vitest";
import type { WorkflowConfig } from "../../schema/sections/workflow.ts";
import { workflowToMermaid } from "./workflow-to-mermaid.ts";
import { workflowToSvg } from "./workflow-to-svg.ts";

const workflow = {
  version: 1,
  entry: "intake",
  states: {
    intake: { prompt_task: "p", on_event: { Ask: "research", Skip: "done", Drop: "done" } },
    research: {
      prompt_task: "p",
      on_event: { Again: "research", Back: "intake", Flow: "flow" },
      max_visits: 3,
      on_max_visits: "done",
    },
    flow: { orchestration: "composition", composition: "c", on_event: { Done: "done" } },
    done: { prompt_task: "p", terminal: true },
    lost: { prompt_task: "p" },
  },
} as unknown as WorkflowConfig;

it("draws a workflow in Mermaid", () => {
  expect(workflowToMermaid(workflow)).toBe(`flowchart TD
  start((start))
  s0["intake"]
  s1["research #40;at most 3#41;"]
  s2[["flow"]]
  s3(["done"])
  s4(["lost"])
  start --> s0
  s0 -->|"Ask"| s1
  s0 -->|"Skip"| s3
  s0 -->|"Drop"| s3
  s1 -->|"Again"| s1
  s1 -->|"Back"| s0
  s1 -->|"Flow"| s2
  s1 -. max visits .-> s3
  s2 -->|"Done"| s3
`);
});

it("draws a workflow as SVG: every state a box, events between two states one line, the same every time", () => {
  const svg = workflowToSvg(workflow);
  expect(svg).toBe(workflowToSvg(structuredClone(workflow)));
  expect(svg.match(/<rect /g)).toHaveLength(5);
  expect(svg.match(/marker-(?:end|start)="url/g)).toHaveLength(7);
  expect(svg).toContain(">Skip, Drop</text>");
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
});

it("places no two boxes on each other, and nothing outside of the picture", () => {
  const svg = workflowToSvg(workflow);
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  const boxes = [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
    (match) => match.slice(1).map(Number) as [number, number, number, number],
  );
  expect(boxes).toHaveLength(5);
  boxes.forEach(([x, y, w, h], index) => {
    expect(x + w).toBeLessThanOrEqual(width);
    expect(y + h).toBeLessThanOrEqual(height);
    for (const [otherX, otherY, otherW, otherH] of boxes.slice(index + 1)) {
      expect(x + w <= otherX || otherX + otherW <= x || y + h <= otherY || otherY + otherH <= y).toBe(true);
    }
  });
});

it("places no two labels of a dense workflow on each other", () => {
  const names = ["Intake", "Orders", "Billing", "Technician", "Refund"];
  const everywhere = Object.fromEntries(names.map((name) => [`Needs${name}`, name]));
  const states = Object.fromEntries(
    names.map((name, index) => [name, { prompt_task: "p", on_event: index % 2 === 1 ? everywhere : {} }]),
  );
  const svg = workflowToSvg({ version: 1, entry: "Intake", states });
  const labels = [...svg.matchAll(/<text x="(\d+)" y="(\d+)" font-size[^>]*>([^<]*)</g)].map(([, x, y, text = ""]) => ({
    x: Number(x),
    y: Number(y),
    width: text.length * 6,
  }));
  expect(labels).toHaveLength(10);
  labels.forEach((label, index) => {
    for (const other of labels.slice(index + 1)) {
      const isBeside = Math.abs(label.x - other.x) >= (label.width + other.width) / 2;
      expect(isBeside || Math.abs(label.y - other.y) >= 11).toBe(true);
    }
  });
});

it("makes hostile names inert in both", () => {
  const name = `</text><script>alert('1')</script>"&\u0000\u202e`;
  const hostile = {
    version: 1,
    entry: name,
    states: { [name]: { prompt_task: "p", on_event: { [name]: name } } },
  } as unknown as WorkflowConfig;
  const svg = workflowToSvg(hostile);
  expect(svg).not.toMatch(/<script|[\u0000\u202e]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  expect(svg).toContain("&lt;/text&gt;&lt;script&gt;");
  expect(workflowToMermaid(hostile)).not.toMatch(/<|script>|'|&/);
});

it("draws a workflow of thousands of states", () => {
  const states = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [
      `s${index}`,
      { prompt_task: "p", on_event: { A: `s${(index * 7) % 5_000}`, B: "s0" } },
    ]),
  );
  expect(workflowToSvg({ version: 1, entry: "s0", states }).endsWith("</svg>\n")).toBe(true);
}, 5_000);
