// Calls that the compiler must take, and calls that it must refuse, with the words that it must say: typed-pack.test.ts reads
// them. Nothing here ever runs.
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { createAgent } from "langchain";
import type { Pack } from "promptpack";
import pack from "../../../test/types/help-desk.ts";
import { guardrailMiddleware, promptPackMiddleware, toolPolicyMiddleware } from "./middleware.ts";
import { PromptPackTemplate } from "./prompt-template.ts";
import { convertTool, convertTools } from "./tools.ts";
import { createWorkflowGraph } from "./workflow-graph.ts";

declare const anyPack: Pack;
declare const model: BaseChatModel;

export async function right(): Promise<unknown> {
  const template = PromptPackTemplate.fromPack(pack, "support");
  await template.invoke({ company: "Acme" });
  await template.invoke({
    company: "Acme",
    plan: "plus",
    seats: 2,
    messages: [["human", "Hi"]],
    user_message: "Well?",
  });
  await template.pipe(model).invoke({ company: "Acme" });
  await template.stream({ company: "Acme", user_message: [{ type: "text", text: "Hi" }] });
  await template.batch([{ company: "Acme" }, { company: "Bolt" }]);
  await template.format({ company: "Acme" });
  const given = new PromptPackTemplate({ pack, promptId: "support", partialVariables: { company: () => "Acme" } });
  await given.invoke({});
  await given.invoke({ company: "Bolt" });
  await (await template.partial({ company: "Acme" })).formatPromptValue({ plan: "free" });
  await PromptPackTemplate.fromPack(pack, "triage").invoke({ messages: [] });
  const untyped: PromptPackTemplate = PromptPackTemplate.fromPack(anyPack, String(1), { partialVariables: { a: 1 } });
  await untyped.invoke({ whatever: 1, messages: "checked later" });
  const tools = convertTools(pack, "support", { find_order: ({ number, urgency = "low" }) => number + urgency });
  convertTool(pack.tool("find_order"), async ({ number }) => number.trim());
  convertTools(anyPack, "any", { anything: ({ id }) => id });
  createAgent({ model, tools, middleware: promptPackMiddleware(pack, "triage") });
  const graph = createWorkflowGraph(pack, {
    run: async ({ state, promptTask = "triage" }) => (state === "done" ? promptTask : ""),
  });
  const { run } = await graph.invoke({ event: { event: "Assigned" } });
  return run.state === "open";
}

export async function wrong(): Promise<void> {
  const template = PromptPackTemplate.fromPack(pack, "support");
  const chain = template.pipe(model);
  // @ts-expect-error "suport"; "support"; "triage"
  PromptPackTemplate.fromPack(pack, "suport");
  // @ts-expect-error 'string'; "support"
  PromptPackTemplate.fromPack(pack, String(1));
  // @ts-expect-error "suport"; "support"; "triage"
  void new PromptPackTemplate({ pack, promptId: "suport" });
  // @ts-expect-error 'modle'; model
  PromptPackTemplate.fromPack(pack, "support", { modle: "gpt" });
  // @ts-expect-error 'compny'; company
  PromptPackTemplate.fromPack(pack, "support", { partialVariables: { compny: "Acme" } });
  // @ts-expect-error 'number'; string
  PromptPackTemplate.fromPack(pack, "support", { partialVariables: { company: 1 } });
  // @ts-expect-error 'string'; "free"; "plus"
  PromptPackTemplate.fromPack(pack, "support", { partialVariables: { plan: () => "pro" } });
  // @ts-expect-error 'company' is missing
  await template.invoke({});
  // @ts-expect-error 'compny'; company
  await template.invoke({ compny: "Acme" });
  // @ts-expect-error 'plann'; plan
  await template.invoke({ company: "Acme", plann: "free" });
  // @ts-expect-error 'number'; 'string'
  await template.invoke({ company: 1 });
  // @ts-expect-error "pro"; "free"; "plus"
  await template.invoke({ company: "Acme", plan: "pro" });
  // @ts-expect-error 'string'; 'number'
  await template.invoke({ company: "Acme", seats: "two" });
  // @ts-expect-error 'string'; BaseMessageLike[]
  await template.invoke({ company: "Acme", messages: "Hi" });
  // @ts-expect-error 'number'; BaseMessage; ContentPart
  await template.invoke({ company: "Acme", user_message: 1 });
  // @ts-expect-error 'compny'; company
  await template.stream({ compny: "Acme" });
  // @ts-expect-error 'company' is missing
  await template.batch([{ company: "Acme" }, {}]);
  // @ts-expect-error 'compny'; company
  await template.format({ compny: "Acme" });
  // @ts-expect-error "pro"; "free"; "plus"
  await template.formatPromptValue({ company: "Acme", plan: "pro" });
  // @ts-expect-error 'compny'; company
  await template.partial({ compny: "Acme" });
  // @ts-expect-error 'compny'; company
  await chain.invoke({ compny: "Acme" });
  // @ts-expect-error 'company' is missing
  await chain.stream({});
  // @ts-expect-error 'company'; Conversation
  await PromptPackTemplate.fromPack(pack, "triage").invoke({ company: "Acme" });
  // @ts-expect-error "suport"; "support"; "triage"
  convertTools(pack, "suport");
  // @ts-expect-error 'find_ordr'; find_order
  convertTools(pack, "support", { find_ordr: () => "" });
  // @ts-expect-error 'nummer'; number
  convertTools(pack, "support", { find_order: ({ nummer }) => nummer });
  // @ts-expect-error "mid"; "low"; "high"
  convertTools(pack, "support", { find_order: ({ urgency }) => urgency === "mid" });
  // @ts-expect-error "find_ordr"; "find_order"; "close_case"
  convertTool(pack.tool("find_ordr"));
  // @ts-expect-error 'nummer'; number
  convertTool(pack.tool("find_order"), ({ nummer }) => nummer);
  // @ts-expect-error "suport"; "support"; "triage"
  promptPackMiddleware(pack, "suport");
  // @ts-expect-error "suport"; "support"; "triage"
  toolPolicyMiddleware(pack, "suport");
  // @ts-expect-error "suport"; "support"; "triage"
  guardrailMiddleware(pack, "suport");
  // @ts-expect-error "trow"; "replace"; "throw"
  guardrailMiddleware(pack, "support", { onViolation: "trow" });
  // @ts-expect-error "opened"; "open"; "working"; "done"
  createWorkflowGraph(pack, { run: async ({ state }) => (state === "opened" ? "" : "x") });
  // @ts-expect-error "traige"; "support"; "triage"
  createWorkflowGraph(pack, { run: async ({ promptTask }) => (promptTask === "traige" ? "" : "x") });
  const graph = createWorkflowGraph(pack, { run: async () => "" });
  // @ts-expect-error "Asigned"; "Assigned"
  await graph.invoke({ event: { event: "Asigned" } });
  // @ts-expect-error "closed"; "open"; "working"; "done"
  void ((await graph.invoke(null)).run.state === "closed");
}
