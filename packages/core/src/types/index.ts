/** Packs as types: the source that declares a pack, and names for what a typed pack knows and core's functions return. */
export { packToModule, packToTypes, type PackTypesOptions } from "./pack-to-types.ts";
export type { PackShape, PromptId, PromptVariables, ToolArguments, ToolName } from "../pack/pack-shape.ts";
export type { RenderArguments } from "../prompt/render-prompt.ts";
export type { ShapeOf } from "./shape-of.ts";
export type {
  AgentName,
  EventName,
  MetricName,
  PromptToolName,
  ShapeOfPack,
  StateName,
  ToolHandlers,
} from "./pack-names.ts";

// sections of a pack, and what core's functions take and return
export type { AnswerEnd, AnswerGuard, AnswerPiece, AnswerStep } from "../guardrails/answer-guard.ts";
export type { CompositionPlan, StepTask } from "../composition/composition-plan.ts";
export type { Document } from "../document/document.ts";
export type { EvalOptions, Judge, JudgeRequest } from "../evals/run-evals.ts";
export type { EvalReport, EvalResult } from "../evals/eval-result.ts";
export type { Evidence } from "../checks/evidence.ts";
export type { GuardedResponse, GuardOutcome } from "../guardrails/guard-response.ts";
export type { GuardOptions } from "../guardrails/guardrail.ts";
export type { GuardStep, StreamGuard } from "../guardrails/stream-guard.ts";
export type { JsonObject, JsonValue } from "../json/json.ts";
export type { Eval, Validator } from "../schema/sections/guardrails.ts";
export type { MediaConfig } from "../schema/sections/media.ts";
export type { Prompt, Variable } from "../schema/sections/prompt.ts";
export type { Tool, ToolPolicy } from "../schema/sections/tools.ts";
export type { WorkflowConfig } from "../schema/sections/workflow.ts";
export type { MediaPartsOptions } from "../media/check-media-parts.ts";
export type { RenderOptions } from "../prompt/render-prompt.ts";
export type { CheckedArguments } from "../tools/check-tool-arguments.ts";
export type { ToolDecision } from "../tools/decide-tool-call.ts";
export type { ToolLimits, ToolPolicyState } from "../tools/tool-policy-state.ts";
export type { WorkflowEffect, WorkflowEvent, WorkflowRun } from "../workflow/workflow-run.ts";
