import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePack } from "../pack/parse-pack.ts";
import { packToTypes } from "./pack-to-types.ts";

// The compiler itself on programs that use the built package: `npm run build` comes first.
const root = fileURLToPath(new URL("../../../../", import.meta.url));

const data = {
  id: "help-desk",
  name: "Help Desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    support: {
      id: "support",
      name: "Support",
      version: "1.0.0",
      system_template: "{{company}} {{plan}} {{seats}} {{vip}} {{address}} {{labels}} {{level}}",
      variables: [
        { name: "company", type: "string", required: true },
        { name: "plan", type: "string", required: false, validation: { enum: ["free", "plus"] } },
        { name: "seats", type: "number", required: false, default: 1 },
        { name: "vip", type: "boolean", required: false },
        { name: "address", type: "object", required: false },
        { name: "labels", type: "array", required: false },
        { name: "level", type: "number", required: false, validation: { enum: [1, 2] } },
      ],
      tools: ["find_order", "close_case"],
      evals: [
        {
          id: "tone",
          type: "contains",
          trigger: "every_turn",
          params: { patterns: ["x"] },
          metric: { name: "tone_score", type: "gauge" },
        },
      ],
    },
    triage: { id: "triage", name: "Triage", version: "1.0.0", system_template: "Sort.", tools: ["close_case"] },
  },
  tools: {
    find_order: {
      name: "find_order",
      description: "Finds.",
      parameters: {
        type: "object",
        properties: {
          number: { type: "string" },
          urgency: { enum: ["low", "high"] },
          tags: { type: "array", items: { type: ["string", "null"] } },
          range: { type: "object", properties: { from: { type: "integer" } }, required: ["from"] },
          by: { anyOf: [{ const: "me" }, { type: "integer" }] },
        },
        required: ["number"],
      },
    },
    close_case: { name: "close_case", description: "Closes." },
  },
  workflow: {
    version: 1,
    entry: "open",
    states: {
      open: { prompt_task: "triage", on_event: { Assigned: "working", Dropped: "done" } },
      working: { prompt_task: "support", on_event: { Solved: "done" } },
      done: { prompt_task: "triage", terminal: true },
    },
  },
  agents: { entry: "triage", members: { triage: {}, support: {} } },
} as const;

const prelude = (from: string): string => `
import { checkToolArguments, compilePrompt, initialState, type Pack, renderPrompt, transition } from "promptpack";
import type { AgentName, EventName, MetricName, PromptToolName, ShapeOfPack, StateName, ToolArguments, ToolHandlers } from "promptpack/types";
import pack from "${from}";
type Shape = ShapeOfPack<typeof pack>;
const support = compilePrompt(pack, "support");
const triage = compilePrompt(pack, "triage");
const workflow = pack.data.workflow!;
const run = initialState(workflow);
`;

const right = `
renderPrompt(support, { company: "Acme" });
renderPrompt(support, { company: "Acme", plan: "plus", seats: 2, vip: true, address: { city: "Oslo" }, labels: ["a", 1], level: 2 });
renderPrompt(support, { company: "Acme" }, { user: "Hello", missing: "empty" });
renderPrompt(triage);
renderPrompt(triage, {});
pack.prompt("triage").system_template;
pack.findPrompt("anything at all")?.name;
pack.toolsFor("support").map(({ name }) => name);
const args = checkToolArguments(pack.tool("find_order"), "{}").arguments;
export const number: string | undefined = args?.number;
export const from: number | undefined = args?.range?.from;
export const by: "me" | number | undefined = args?.by;
export const tags: readonly (string | null)[] | undefined = args?.tags;
const [next] = transition(workflow, run, { type: "event", by: "host", event: "Assigned" });
transition(workflow, next, { type: "reply", text: "Hello" });
export const isOpen: boolean = next.state === "open";
initialState(workflow, { state: "working", at: 0 });
export const handlers: ToolHandlers<Shape> = { find_order: ({ number }) => number.trim(), close_case: () => "closed" };
export const agent: AgentName<Shape> = "triage";
export const metric: MetricName<Shape> = "tone_score";
export const state: StateName<Shape> = "done";
export const event: EventName<Shape, "open"> = "Dropped";
export const tool: PromptToolName<Shape, "triage"> = "close_case";
const anyPack: Pack = pack;
compilePrompt(anyPack, String(1));
renderPrompt(compilePrompt(anyPack, "main"), { whatever: 1 });
`;

/** A statement, and words that the compiler's message must have. */
const wrong: readonly (readonly [statement: string, ...words: string[]])[] = [
  ['compilePrompt(pack, "suport");', '"suport"', '"support"', '"triage"'],
  ['pack.prompt("suport");', '"suport"', '"support"', '"triage"'],
  ['pack.toolsFor("suport");', '"suport"', '"support"', '"triage"'],
  ['pack.tool("find_ordr");', '"find_ordr"', '"find_order"', '"close_case"'],
  ["compilePrompt(pack, String(1));", "'string'", '"support"'],
  ["renderPrompt(support);", "Expected 2-3 arguments"],
  ["renderPrompt(support, {});", "'company' is missing"],
  ['renderPrompt(support, { plan: "free" });', "'company' is missing"],
  ['renderPrompt(support, { compny: "Acme" });', "'compny'", "company"],
  ['renderPrompt(support, { company: "Acme", plann: "free" });', "'plann'", "plan"],
  ["renderPrompt(support, { company: 1 });", "'number'", "'string'"],
  ['renderPrompt(support, { company: "Acme", plan: "pro" });', '"pro"', '"free" | "plus"'],
  ['renderPrompt(support, { company: "Acme", seats: "two" });', "'string'", "'number'"],
  ['renderPrompt(support, { company: "Acme", vip: "yes" });', "'string'", "'boolean"],
  ['renderPrompt(support, { company: "Acme", address: ["Oslo"] });', "string[]", "[name: string]: unknown"],
  ['renderPrompt(support, { company: "Acme", labels: { a: 1 } });', "labels|'a'", "readonly unknown[]"],
  ['renderPrompt(support, { company: "Acme", level: 3 });', "'3'", "1 | 2"],
  ['renderPrompt(triage, { company: "Acme" });', "'never'"],
  ['renderPrompt(support, { company: "Acme" }, { mising: "keep" });', "mising", "missing"],
  ['initialState(workflow, { state: "opened" });', '"opened"', '"open"', '"working"', '"done"'],
  ['transition(workflow, run, { type: "event", by: "host", event: "Asigned" });', '"Asigned"', '"Assigned"'],
  ['void (run.state === "closed");', '"closed"', '"open"'],
  ['const a: string = checkToolArguments(pack.tool("find_order"), "{}").arguments!.nmber;', "'nmber'", "'number'"],
  ['const b: number = checkToolArguments(pack.tool("find_order"), "{}").arguments!.number;', "'string'", "'number'"],
  ['const c: ToolArguments<Shape, "find_order"> = { number: "1", urgency: "mid" };', '"mid"', '"low"', '"high"'],
  ['const d: ToolArguments<Shape, "find_order"> = { urgency: "low" };', "'number' is missing"],
  ['const e: ToolArguments<Shape, "find_order"> = { number: "1", range: {} };', "'from' is missing"],
  ['const f: ToolArguments<Shape, "close_case"> = { number: "1" };', "'never'"],
  ["const g: ToolHandlers<Shape> = { find_order: () => 1, close_cas: () => 1 };", "close_cas", "close_case"],
  ["const h: ToolHandlers<Shape> = { find_order: () => 1 };", "'close_case' is missing"],
  [
    "const i: ToolHandlers<Shape> = { find_order: ({ nummer }) => nummer, close_case: () => 1 };",
    "'nummer'",
    "number: string",
  ],
  ['const j: AgentName<Shape> = "sales";', '"sales"', '"support"', '"triage"'],
  ['const k: MetricName<Shape> = "tone";', '"tone"', '"tone_score"'],
  ['const l: StateName<Shape> = "dome";', '"dome"', '"done"'],
  ['const m: EventName<Shape, "working"> = "Assigned";', '"Assigned"', '"Solved"'],
  ['const n: PromptToolName<Shape, "triage"> = "find_order";', '"find_order"', '"close_case"'],
];

const inlineFaults: typeof wrong = [
  ["definePack({ ...data, prompts: { main: { id: 1 } } });", "'number'", "'string'"],
  [
    'definePack({ ...data, prompts: { main: { id: "main", name: "Main", version: "1.0.0" } } });',
    "'system_template' is missing",
  ],
  ["definePack({ ...data, agents: { members: {} } });", "'entry' is missing"],
  ['definePack({ ...data, tools: { find: { name: "find" } } });', "'description' is missing"],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-typed-"));
  const pack = parsePack(JSON.stringify(data));
  const files: Readonly<Record<string, string>> = {
    "package.json": '{ "type": "module" }',
    "help.pack.json": JSON.stringify(data),
    "desk.pack.d.json.ts": packToTypes(pack),
    "generated.ts": packToTypes(pack, { module: "./help.pack.json" }),
    "inline.ts": `import { definePack } from "promptpack";\nexport const pack = definePack(${JSON.stringify(data)});\nexport default pack;\n`,
    "declared.ts": 'export { default } from "./desk.pack.json";\n',
    "faults.ts": `import { definePack } from "promptpack";\nimport data from "./plain.json" with { type: "json" };\n${linesOf(inlineFaults)}`,
    "plain.json": JSON.stringify(data),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const from of ["generated", "inline", "declared"]) {
    writeFileSync(join(folder, `right-${from}.ts`), prelude(`./${from}.ts`) + right);
    writeFileSync(join(folder, `wrong-${from}.ts`), prelude(`./${from}.ts`) + linesOf(wrong));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (statements: typeof wrong): string => statements.map(([statement]) => statement).join("\n");

/** Returns what the compiler says about one file, by line. */
function compile(file: string, flags: readonly string[] = []): ReadonlyMap<number, string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  // what an import of a pack through a bundler needs
  const bundled = file.endsWith("-declared.ts")
    ? ["--module", "esnext", "--moduleResolution", "bundler", "--allowArbitraryExtensions"]
    : [];
  const settings =
    "--ignoreConfig --noEmit --strict --module nodenext --target es2023 --lib es2023,dom --allowImportingTsExtensions --resolveJsonModule --pretty false";
  const argv = [tsc, ...settings.split(" "), ...bundled, ...flags, join(folder, file)];
  const { stdout } = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8" });
  const said = new Map<number, string>();
  for (const report of stdout.split(/\n(?=\S)/)) {
    const line = /\((\d+),\d+\): error/.exec(report)?.[1];
    if (line !== undefined) said.set(report.startsWith(file) ? Number(line) : 0, report);
  }
  return said;
}

function expectFaults(file: string, statements: typeof wrong, before: string): void {
  const said = compile(file);
  const first = before.split("\n").length;
  for (const [index, [statement, ...words]] of statements.entries()) {
    const report = said.get(first + index) ?? "no error";
    for (const word of words) expect(report, statement).toMatch(new RegExp(word.replace(/[[\](){}.?*+]/g, "\\$&")));
  }
  expect([...said.keys()]).toHaveLength(statements.length);
}

describe.each(["generated", "inline", "declared"])("a typed pack, %s", (from) => {
  it("compiles right calls", () => {
    expect([...compile(`right-${from}.ts`).values()]).toEqual([]);
    expect([
      ...compile(`right-${from}.ts`, ["--exactOptionalPropertyTypes", "--verbatimModuleSyntax"]).values(),
    ]).toEqual([]);
  });

  it("refuses wrong calls, each with a message that names what there is", () => {
    expect(wrong.length).toBeGreaterThanOrEqual(30);
    expectFaults(`wrong-${from}.ts`, wrong, prelude(""));
  });
});

it("refuses a pack that is written inline and lacks what every pack has", () => {
  expectFaults("faults.ts", inlineFaults, "\n\n");
});
