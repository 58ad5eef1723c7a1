import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { Pack } from "promptpack";
import { demandPack, offerForTurn, promptPolicy, readTurn, refusalOf } from "promptpack/adapters";
import type { PackShape, ToolLimits } from "promptpack/types";
import { type GuardedAnswer, type GuardrailOptions, openerOf } from "./guarded-answer.ts";
import { GuardedChatModel } from "./guardrail-runnable.ts";

export interface ToolPolicyOptions {
  /** What the host allows at most; a pack can only tighten it. */
  readonly limits?: ToolLimits;
  /** Names of the host's own tools that the agent has beside those of the pack; they share its budget. */
  readonly hostTools?: readonly string[];
}

/** What LangChain's middleware is asked; a shape of our own, so that who uses no agents need not install them. */
interface Request {
  readonly state: { readonly messages: BaseMessage[] };
  readonly model: BaseChatModel;
  readonly tools?: readonly { readonly name: string }[];
  readonly toolCall: { readonly id?: string; readonly name: string; readonly args: unknown };
}
// oxlint-disable-next-line typescript/no-explicit-any -- the request is the framework's own type
type Wrap = (request: any, handler: (request: any) => any) => Promise<any>;
export interface PackMiddleware {
  readonly name: string;
  readonly wrapModelCall: Wrap;
  readonly wrapToolCall?: Wrap;
}

/**
 * Returns the middleware that makes an agent a prompt of the pack: its tool policy, and within it its guardrails. List it last.
 *
 * @throws {PackError} UNKNOWN_PROMPT, UNKNOWN_GUARDRAIL
 */
export function promptPackMiddleware<Shape extends PackShape>(
  pack: Pack<Shape>,
  promptId: keyof Shape["prompts"] & string,
  options: ToolPolicyOptions & GuardrailOptions = {},
): PackMiddleware[] {
  const policy = toolPolicyMiddleware(pack, promptId, options);
  const guard = guardrailMiddleware(pack, promptId, options);
  const wrapModelCall: Wrap = (request, handler) =>
    policy.wrapModelCall(request, (allowed) => guard.wrapModelCall(allowed, handler));
  return [{ ...policy, name: "PromptPack", wrapModelCall }];
}

/**
 * Returns middleware that enforces a prompt's tool policy: the model sees the tools that it may still call, every call is
 * decided before it runs, and a model that goes on calling when the rounds are spent is not heard. A turn begins at the
 * last human message. Source: SPEC 4.3, RULINGS 17, 18.
 *
 * @throws {PackError} UNKNOWN_PROMPT
 */
export function toolPolicyMiddleware<Shape extends PackShape>(
  pack: Pack<Shape>,
  promptId: keyof Shape["prompts"] & string,
  { limits, hostTools = [] }: ToolPolicyOptions = {},
): PackMiddleware {
  const start = promptPolicy(pack as Pack, promptId, { limits, hostTools });
  return {
    name: "PromptPackToolPolicy",
    wrapModelCall: async (request: Request, handler) => {
      const turn = readTurn(start, request.state.messages, reader);
      const { mayCall, tools, toolChoice } = offerForTurn(turn, request.tools ?? []);
      const answer: unknown = await handler({ ...request, tools, ...(toolChoice && { toolChoice }) });
      if (mayCall || !AIMessage.isInstance(answer) || (answer.tool_calls?.length ?? 0) === 0) return answer;
      return new AIMessage({ content: answer.text, ...(answer.id !== undefined && { id: answer.id }) });
    },
    wrapToolCall: async (request: Request, handler) => {
      const { id, name, args } = request.toolCall;
      const before = readTurn(start, request.state.messages, { ...reader, before: id });
      const refusal = refusalOf(before, name, args);
      if (refusal === undefined) return handler(request);
      return new ToolMessage({ content: refusal, name, tool_call_id: id ?? "", status: "error" });
    },
  };
}

const reader = {
  isUser: (message: BaseMessage): boolean => message.getType() === "human",
  callsOf: (message: BaseMessage) => (message as AIMessage).tool_calls ?? [],
};

/**
 * Returns middleware that guards what the model of an agent says, in its state and in every way of streaming it. List it
 * last: a middleware after it that exchanges the model, or answers in its place, makes the call fail.
 *
 * @throws {PackError} UNKNOWN_PROMPT, UNKNOWN_GUARDRAIL
 */
export function guardrailMiddleware<Shape extends PackShape>(
  pack: Pack<Shape>,
  promptId: keyof Shape["prompts"] & string,
  options: GuardrailOptions = {},
): PackMiddleware {
  const open = openerOf(demandPack(pack).prompt(promptId).validators ?? [], options);
  return {
    name: "PromptPackGuardrails",
    wrapModelCall: async (request: Request, handler) => {
      const tools = new Set((request.tools ?? []).map(({ name }) => name));
      let answer: GuardedAnswer | undefined;
      const model = new GuardedChatModel(request.model, () => (answer = open(tools)));
      const response: AIMessage = await handler({ ...request, model });
      if (answer?.outcome === undefined)
        throw new TypeError("the answer did not come from the guarded model: list the guardrails last");
      return answer.outcome.ok ? response : answer.stop(response);
    },
  };
}
