import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parsePack } from "promptpack";
import { packToTypes } from "promptpack/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The compiler itself on programs that use the built packages: `npm run build` comes first.
const root = fileURLToPath(new URL("../../../", import.meta.url));

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
      system_template: "{{company}} {{plan}} {{seats}}",
      variables: [
        { name: "company", type: "string", required: true },
        { name: "plan", type: "string", required: false, validation: { enum: ["free", "plus"] } },
        { name: "seats", type: "number", required: false, default: 1 },
      ],
      tools: ["find_order", "close_case"],
    },
    triage: { id: "triage", name: "Triage", version: "1.0.0", system_template: "Sort.", tools: ["close_case"] },
  },
  tools: {
    find_order: {
      name: "find_order",
      description: "Finds.",
      parameters: {
        type: "object",
        properties: { number: { type: "string" }, urgency: { enum: ["low", "high"] } },
        required: ["number"],
      },
    },
    close_case: { name: "close_case", description: "Closes." },
  },
} as const;

const prelude = (from: string): string => `
import { generateText, hasToolCall, type LanguageModel, streamText, ToolLoopAgent } from "ai";
import { compilePrompt, type Pack } from "promptpack";
import { agentSettings, type PackHandlers, promptSettings } from "promptpack-ai-sdk";
import type { ShapeOfPack } from "promptpack/types";
import pack from "${from}";
type Shape = ShapeOfPack<typeof pack>;
declare const model: LanguageModel;
const support = compilePrompt(pack, "support");
const triage = compilePrompt(pack, "triage");
const settings = promptSettings(support, { company: "Acme" });
`;

const right = `
promptSettings(triage);
promptSettings(triage, {}, { user: "Hello", handlers: {} });
promptSettings(support, { company: "Acme", plan: "plus", seats: 2 }, { handlers: { find_order: ({ number }) => number } });
export const handlers: PackHandlers<Shape> = { find_order: async ({ urgency }, { abortSignal }) => [urgency, abortSignal] };
void new ToolLoopAgent({ model, ...agentSettings(support, { company: "Acme" }, { handlers }) });
const result = await generateText({ model, ...settings, activeTools: ["find_order"], stopWhen: hasToolCall("find_order") });
for (const call of result.toolCalls) if (!call.dynamic && call.toolName === "find_order") call.input.number.trim();
const anyPack: Pack = pack;
const open = promptSettings(compilePrompt(anyPack, String(1)), { whatever: 1 }, { handlers: { anything: () => 1 } });
streamText({ model, ...open });
`;

/** A statement, and words that the compiler's message must have. */
const wrong: readonly (readonly [statement: string, ...words: string[]])[] = [
  ['promptSettings(compilePrompt(pack, "suport"), {});', '"suport"', '"support"', '"triage"'],
  ["promptSettings(support);", "Expected 2-3 arguments"],
  ["agentSettings(support);", "Expected 2-3 arguments"],
  ["promptSettings(support, {});", "'company' is missing"],
  ['promptSettings(support, { compny: "Acme" });', "'compny'", "company"],
  ['promptSettings(support, { company: "Acme", plann: "free" });', "'plann'", "plan"],
  ["promptSettings(support, { company: 1 });", "'number'", "'string'"],
  ['promptSettings(support, { company: "Acme", plan: "pro" });', '"pro"', '"free" | "plus"'],
  ['promptSettings(support, { company: "Acme", seats: "two" });', "'string'", "'number'"],
  ['promptSettings(triage, { company: "Acme" });', "'never'"],
  ['promptSettings(support, { company: "Acme" }, { usr: "Hello" });', "'usr'", "'user'"],
  ['agentSettings(support, { plan: "free" });', "'company' is missing"],
  ['agentSettings(support, { company: "Acme" }, { user: "Hello" });', "'user'"],
  [
    'promptSettings(support, { company: "Acme" }, { handlers: { find_ordr: () => 1 } });',
    "'find_ordr'",
    "'find_order'",
  ],
  ["promptSettings(triage, {}, { handlers: { shut_case: () => 1 } });", "'shut_case'", "close_case"],
  [
    'promptSettings(support, { company: "Acme" }, { handlers: { find_order: ({ nummer }) => nummer } });',
    "'nummer'",
    "number: string",
  ],
  [
    'agentSettings(support, { company: "Acme" }, { handlers: { find_order: ({ number }: { number: number }) => number } });',
    "'string'",
    "'number'",
  ],
  ['agentSettings(support, { company: "Acme" }, { handlers: { clos_case: () => 1 } });', "'clos_case'", "'close_case'"],
  ["const a: PackHandlers<Shape> = { close_cas: () => 1 };", "'close_cas'", "'close_case'"],
  ['const b: PackHandlers<Shape> = { find_order: "now" };', "'string'", "ToolHandler"],
  ["void settings.tools.find_ordr;", "'find_ordr'", "'find_order'"],
  ['void generateText({ model, ...settings, activeTools: ["find_ordr"] });', '"find_ordr"', '"find_order"'],
  [
    'for (const call of (await generateText({ model, ...settings })).toolCalls) if (!call.dynamic) void (call.toolName === "find");',
    '"find"',
    '"find_order"',
  ],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-ai-sdk-typed-"));
  const files: Readonly<Record<string, string>> = {
    "package.json": '{ "type": "module" }',
    "help.pack.json": JSON.stringify(data),
    "generated.ts": packToTypes(parsePack(JSON.stringify(data)), { module: "./help.pack.json" }),
    "inline.ts": `import { definePack } from "promptpack";\nexport default definePack(${JSON.stringify(data)});\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const from of ["generated", "inline"]) {
    writeFileSync(join(folder, `right-${from}.ts`), prelude(`./${from}.ts`) + right);
    const statements = wrong.map(([statement]) => statement).join("\n");
    writeFileSync(join(folder, `wrong-${from}.ts`), prelude(`./${from}.ts`) + statements);
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns what the compiler says about one file, by line. */
function compile(file: string): ReadonlyMap<number, string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const settings =
    "--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,dom --allowImportingTsExtensions --resolveJsonModule --pretty false";
  const { stdout } = spawnSync(process.execPath, [tsc, ...settings.split(" "), join(folder, file)], {
    cwd: folder,
    encoding: "utf8",
  });
  const said = new Map<number, string>();
  for (const report of stdout.split(/\n(?=\S)/)) {
    const line = /\((\d+),\d+\): error/.exec(report)?.[1];
    if (line !== undefined) said.set(report.startsWith(file) ? Number(line) : 0, report);
  }
  return said;
}

describe.each(["generated", "inline"])("settings from a typed pack, %s", (from) => {
  it("compile when the calls are right", () => {
    expect([...compile(`right-${from}.ts`).values()]).toEqual([]);
  });

  it("refuse wrong calls, each with a message that names what there is", () => {
    const said = compile(`wrong-${from}.ts`);
    const first = prelude("").split("\n").length;
    for (const [index, [statement, ...words]] of wrong.entries())
      for (const word of words) expect(said.get(first + index) ?? "no error", statement).toContain(word);
    expect([...said.keys()]).toHaveLength(wrong.length);
  });
});
