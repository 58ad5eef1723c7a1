/** PromptPack for LangChain.js. The workflow graph has its own entry, `promptpack-langchain/workflow-graph`: it needs LangGraph. */
export { convertContentParts, createMultimodalMessage, type PartInput, type PartsOptions } from "./messages.ts";
export { PromptPackTemplate, type PromptPackTemplateInput, type PromptPackTemplateOptions } from "./prompt-template.ts";
export { convertTool, convertTools, PromptPackTool, type ToolHandler } from "./tools.ts";
export type { GuardrailOptions } from "./guarded-answer.ts";
export { guardModel, GuardrailRunnable, GuardrailRunnable as ValidationRunnable } from "./guardrail-runnable.ts";
export {
  guardrailMiddleware,
  promptPackMiddleware,
  toolPolicyMiddleware,
  type ToolPolicyOptions,
} from "./middleware.ts";
