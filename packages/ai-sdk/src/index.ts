/** PromptPack for the AI SDK: prompts as settings, tools under the pack's policy, guardrails as middleware. */

export { agentSettings, promptSettings, toModelMessages } from "./prompt-settings.ts";
export type { AgentSettings, PromptSettings, PromptSettingsOptions } from "./prompt-settings.ts";
export { checkedSchema, ToolRefusal } from "./tools.ts";
export type { PackHandlers, PackTools, ToolCallContext, ToolHandler, ToolOptions } from "./tools.ts";
export { guardrailMiddleware } from "./guardrail-middleware.ts";
export type { GuardOptions } from "promptpack/types";
