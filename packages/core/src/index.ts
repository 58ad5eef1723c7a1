/** PromptPack: load, check, render and guard portable prompt packs. The order here is the order of the flow. */

// bytes -> Pack
export { parsePack, type PackOptions, type PackResult, safeParsePack, validatePack } from "./pack/parse-pack.ts";
export type { Pack } from "./pack/pack.ts";
export { definePack } from "./types/define-pack.ts";
export { parseDocument } from "./document/parse-document.ts";

// Pack -> PromptRequest
export { compilePrompt } from "./prompt/compile-prompt.ts";
export type { CompiledPrompt } from "./prompt/compiled-prompt.ts";
export { renderPrompt } from "./prompt/render-prompt.ts";
export { renderTemplate } from "./template/render-template.ts";
export { checkVariables } from "./variables/check-variables.ts";

// what goes into a model and comes out of it
export { checkMediaParts } from "./media/check-media-parts.ts";
export { toContentParts } from "./media/content-parts.ts";
export type {
  ContentPart,
  Message,
  ModelResponse,
  PromptRequest,
  ToolCall,
  ToolDefinition,
} from "./messages/message.ts";
export { checkToolArguments } from "./tools/check-tool-arguments.ts";
export { decideToolCall, refusalMessage } from "./tools/decide-tool-call.ts";
export {
  canStartRound,
  createToolPolicyState,
  nextToolChoice,
  startRound,
  startTurn,
} from "./tools/tool-policy-state.ts";

// ModelResponse -> GuardedResponse -> EvalReport
export { createAnswerGuard } from "./guardrails/answer-guard.ts";
export { createStreamGuard } from "./guardrails/stream-guard.ts";
export { guardrailError, guardResponse } from "./guardrails/guard-response.ts";
export { effectiveEvals } from "./evals/effective-evals.ts";
export { planEvals, runEvals, startEvals } from "./evals/run-evals.ts";

// workflows and compositions
export { completeStep, failStep, startComposition } from "./composition/plan-composition.ts";
export { initialState } from "./workflow/initial-state.ts";
export { stateTools } from "./workflow/state-tools.ts";
export { transition } from "./workflow/transition.ts";

// schemas, and what is said about faults
export { checkJsonSchema } from "./schema/check-json-schema.ts";
export type { StandardSchema } from "./schema/standard-schema.ts";
export type { PackData } from "./schema/sections/pack.ts";
export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export type { DiagnosticCode } from "./diagnostics/codes.ts";
export { GuardrailError, InputError, PackError, PromptPackError } from "./diagnostics/errors.ts";
export { formatDiagnostics } from "./diagnostics/format-diagnostics.ts";
export { maskSecrets } from "./diagnostics/mask-secrets.ts";
export { printable } from "./diagnostics/printable.ts";
export { suggest } from "./diagnostics/suggest.ts";

// for tools that work on packs
export { canonicalJson } from "./json/canonical.ts";
