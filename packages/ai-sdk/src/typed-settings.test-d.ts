import { generateText, type LanguageModel, streamText, ToolLoopAgent, type ToolSet } from "ai";
import { compilePrompt, definePack, type Pack } from "promptpack";
import type { ShapeOfPack, ToolHandlers } from "promptpack/types";
import { expectTypeOf, test } from "vitest";
import { agentSettings, type PackHandlers, promptSettings } from "./index.ts";

declare const anyPack: Pack;
declare const model: LanguageModel;

const pack = definePack({
  id: "desk",
  name: "Desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    support: {
      id: "support",
      name: "Support",
      version: "1.0.0",
      system_template: "{{company}} {{plan}}",
      variables: [
        { name: "company", type: "string", required: true },
        { name: "plan", type: "string", required: false, validation: { enum: ["free", "plus"] } },
      ],
      tools: ["find_order", "close_case"],
    },
    triage: { id: "triage", name: "Triage", version: "1.0.0", system_template: "Sort." },
  },
  tools: {
    find_order: {
      name: "find_order",
      description: "Finds.",
      parameters: { type: "object", properties: { number: { type: "string" } }, required: ["number"] },
    },
    close_case: { name: "close_case", description: "Closes." },
  },
});
const support = compilePrompt(pack, "support");
const triage = compilePrompt(pack, "triage");

test("a pack without types takes any names, as before", () => {
  const compiled = compilePrompt(anyPack, String(1));
  const settings = promptSettings(compiled, { anything: 1 }, { handlers: { any_tool: (args) => Object.keys(args) } });
  expectTypeOf(settings.tools).toEqualTypeOf<ToolSet>();
  promptSettings(compiled);
  agentSettings(compiled, {}, { limits: { maxRounds: 1 } });
});

test("a typed pack gives handlers their arguments, and the SDK the names", () => {
  const settings = promptSettings(
    support,
    { company: "Acme", plan: "plus" },
    {
      user: "Hello",
      handlers: {
        find_order: ({ number }, { toolCallId }) => {
          expectTypeOf(number).toBeString();
          return `${number}${toolCallId}`;
        },
      },
    },
  );
  expectTypeOf<keyof typeof settings.tools>().toEqualTypeOf<"find_order" | "close_case">();
  const result = streamText({ model, ...settings, activeTools: ["find_order"] });
  type Call = Awaited<typeof result.toolCalls>[number];
  type Found = Extract<Call, { toolName: "find_order"; dynamic?: false | undefined }>;
  expectTypeOf<Found["input"]["number"]>().toEqualTypeOf<string>();
  void generateText({ model, ...promptSettings(triage, {}, { user: "Hello" }) });
  void new ToolLoopAgent({ model, ...agentSettings(support, { company: "Acme" }, { handlers: {} }) });
  promptSettings(triage);
});

test("handlers may stand apart, and a host adds its own by a spread", () => {
  type Shape = ShapeOfPack<typeof pack>;
  const handlers: ToolHandlers<Shape> = { find_order: ({ number }) => number, close_case: () => 1 };
  const own: PackHandlers = { host_tool: () => 1 };
  promptSettings(support, { company: "Acme" }, { handlers: { ...handlers, ...own } });
});
