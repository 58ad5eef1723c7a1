// Calls that the compiler must take, and calls that it must refuse, with the words that it must say: typed-settings.test.ts
// reads them. Nothing here ever runs.
import { generateText, hasToolCall, type LanguageModel, streamText, ToolLoopAgent, type ToolSet } from "ai";
import { compilePrompt, type Pack } from "promptpack";
import { agentSettings, type PackHandlers, promptSettings } from "promptpack-ai-sdk";
import type { ShapeOfPack, ToolHandlers } from "promptpack/types";
import { expectTypeOf } from "vitest";
import pack from "../../../test/types/help-desk.ts";

type Shape = ShapeOfPack<typeof pack>;
declare const anyPack: Pack;
declare const model: LanguageModel;
declare function take<Type>(value: Type): void;
const support = compilePrompt(pack, "support");
const triage = compilePrompt(pack, "triage");
const settings = promptSettings(support, { company: "Acme" });

/** A pack without types takes any names, as before. */
export function open(): void {
  const compiled = compilePrompt(anyPack, String(1));
  const settings = promptSettings(compiled, { anything: 1 }, { handlers: { any_tool: (args) => Object.keys(args) } });
  expectTypeOf(settings.tools).toEqualTypeOf<ToolSet>();
  streamText({ model, ...settings });
  promptSettings(compiled);
  agentSettings(compiled, {}, { limits: { maxRounds: 1 } });
}

/** A typed pack gives handlers their arguments, and the SDK the names. */
export async function right(): Promise<void> {
  promptSettings(triage);
  promptSettings(triage, {}, { user: "Hello", handlers: {} });
  const values = { company: "Acme", plan: "plus", seats: 2 } as const;
  const settings = promptSettings(support, values, {
    user: "Hello",
    handlers: {
      find_order: ({ number }, { toolCallId }) => {
        expectTypeOf(number).toBeString();
        return `${number}${toolCallId}`;
      },
    },
  });
  expectTypeOf<keyof typeof settings.tools>().toEqualTypeOf<"find_order" | "close_case">();
  const streamed = streamText({ model, ...settings, activeTools: ["find_order"] });
  type Call = Awaited<typeof streamed.toolCalls>[number];
  type Found = Extract<Call, { toolName: "find_order"; dynamic?: false | undefined }>;
  expectTypeOf<Found["input"]["number"]>().toEqualTypeOf<string>();
  const { toolCalls } = await generateText({
    model,
    ...settings,
    activeTools: ["find_order"],
    stopWhen: hasToolCall("find_order"),
  });
  for (const call of toolCalls) if (!call.dynamic && call.toolName === "find_order") call.input.number.trim();
  void generateText({ model, ...promptSettings(triage, {}, { user: "Hello" }) });
}

/** Handlers may stand apart, and a host adds its own by a spread. */
export function apart(): void {
  const some: PackHandlers<Shape> = { find_order: async ({ urgency }, { abortSignal }) => [urgency, abortSignal] };
  void new ToolLoopAgent({ model, ...agentSettings(support, { company: "Acme" }, { handlers: some }) });
  void new ToolLoopAgent({ model, ...agentSettings(support, { company: "Acme" }, { handlers: {} }) });
  const handlers: ToolHandlers<Shape> = { find_order: ({ number }) => number, close_case: () => 1 };
  const own: PackHandlers = { host_tool: () => 1 };
  promptSettings(support, { company: "Acme" }, { handlers: { ...handlers, ...own } });
}

export async function wrong(): Promise<void> {
  // @ts-expect-error "suport"; "support"; "triage"
  promptSettings(compilePrompt(pack, "suport"), {});
  // @ts-expect-error Expected 2-3 arguments
  promptSettings(support);
  // @ts-expect-error Expected 2-3 arguments
  agentSettings(support);
  // @ts-expect-error 'company' is missing
  promptSettings(support, {});
  // @ts-expect-error 'compny'; company
  promptSettings(support, { compny: "Acme" });
  // @ts-expect-error 'plann'; plan
  promptSettings(support, { company: "Acme", plann: "free" });
  // @ts-expect-error 'number'; 'string'
  promptSettings(support, { company: 1 });
  // @ts-expect-error "pro"; "free" | "plus"
  promptSettings(support, { company: "Acme", plan: "pro" });
  // @ts-expect-error 'string'; 'number'
  promptSettings(support, { company: "Acme", seats: "two" });
  // @ts-expect-error 'never'
  promptSettings(triage, { company: "Acme" });
  // @ts-expect-error 'usr'; 'user'
  promptSettings(support, { company: "Acme" }, { usr: "Hello" });
  // @ts-expect-error 'company' is missing
  agentSettings(support, { plan: "free" });
  // @ts-expect-error 'user'
  agentSettings(support, { company: "Acme" }, { user: "Hello" });
  // @ts-expect-error 'find_ordr'; 'find_order'
  promptSettings(support, { company: "Acme" }, { handlers: { find_ordr: () => 1 } });
  // @ts-expect-error 'shut_case'; close_case
  promptSettings(triage, {}, { handlers: { shut_case: () => 1 } });
  // @ts-expect-error 'nummer'; number: string
  promptSettings(support, { company: "Acme" }, { handlers: { find_order: ({ nummer }) => nummer } });
  const counted = ({ number }: { number: number }): number => number;
  // @ts-expect-error 'string'; 'number'
  agentSettings(support, { company: "Acme" }, { handlers: { find_order: counted } });
  // @ts-expect-error 'clos_case'; 'close_case'
  agentSettings(support, { company: "Acme" }, { handlers: { clos_case: () => 1 } });
  // @ts-expect-error 'close_cas'; 'close_case'
  take<PackHandlers<Shape>>({ close_cas: () => 1 });
  // @ts-expect-error 'string'; ToolHandler
  take<PackHandlers<Shape>>({ find_order: "now" });
  // @ts-expect-error 'find_ordr'; 'find_order'
  void settings.tools.find_ordr;
  // @ts-expect-error "find_ordr"; "find_order"
  void generateText({ model, ...settings, activeTools: ["find_ordr"] });
  const { toolCalls } = await generateText({ model, ...settings });
  // @ts-expect-error "find"; "find_order"
  for (const call of toolCalls) if (!call.dynamic) void (call.toolName === "find");
}
