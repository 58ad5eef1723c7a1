import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import {
  canStartRound,
  createToolPolicyState,
  decideToolCall,
  nextToolChoice,
  type Pack,
  refusalMessage,
  startRound,
} from "promptpack";
import { GuardedChatModel, type GuardrailOptions } from "./guardrail-runnable.ts";

type PolicyState = ReturnType<typeof createToolPolicyState>;

export interface ToolPolicyOptions {
  /** What the host allows at most; a pack can only tighten it. */
  readonly limits?: NonNullable<Parameters<typeof createToolPolicyState>[2]>;
  /** Names of the host's own tools that the agent has beside those of the pack; they share its budget. */
  readonly hostTools?: readonly string[];
}

// The shapes of LangChain's middleware, so that who uses no agents need not install them.
interface ModelRequest {
  readonly model: unknown;
  readonly messages: BaseMessage[];
  readonly tools?: readonly unknown[];
  readonly state: { readonly messages: BaseMessage[] };
}
interface ToolRequest {
  readonly toolCall: { readonly id?: string; readonly name: string; readonly args: unknown };
  readonly state: { readonly messages: BaseMessage[] };
}
export interface PackMiddleware {
  readonly name: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- the request is the framework's own type
  wrapModelCall(request: any, handler: (request: any) => any): Promise<any>;
  // oxlint-disable-next-line typescript/no-explicit-any -- the request is the framework's own type
  wrapToolCall?(request: any, handler: (request: any) => any): Promise<any>;
}

/**
 * Returns the middleware that makes an agent a prompt of the pack: its tool policy, and last its guardrails.
 *
 * @throws {PackError} UNKNOWN_PROMPT, UNKNOWN_GUARDRAIL
 */
export function promptPackMiddleware(
  pack: Pack,
  promptId: string,
  options: ToolPolicyOptions & GuardrailOptions = {},
): PackMiddleware[] {
  return [toolPolicyMiddleware(pack, promptId, options), guardrailMiddleware(pack, promptId, options)];
}

/**
 * Returns middleware that enforces a prompt's tool policy: the model sees the tools that it may still call, every call is
 * decided before it runs, and a model that goes on calling when the rounds are spent is not heard. A turn begins at the
 * last human message. Source: SPEC 4.3, RULINGS 17, 18.
 *
 * @throws {PackError} UNKNOWN_PROMPT
 */
export function toolPolicyMiddleware(pack: Pack, promptId: string, options: ToolPolicyOptions = {}): PackMiddleware {
  const { tools, agents } = pack.data;
  const own = createToolPolicyState(pack.prompt(promptId), { tools, members: agents?.members }, options.limits);
  const names =
    own.toolChoice === "none" ? [] : (options.hostTools ?? []).filter((name) => !own.blocked.includes(name));
  const added = names.map((name) => ({ kind: "agent" as const, name, agent: {} }));
  const start: PolicyState = { ...own, offered: [...own.offered, ...added] };
  const offered = new Set(start.offered.map(({ name }) => name));
  return {
    name: "PromptPackToolPolicy",
    async wrapModelCall(request: ModelRequest, handler) {
      const state = stateAfter(start, request.state.messages);
      const mayCall = canStartRound(state) && state.calls < state.maxCallsPerTurn;
      const allowed = (request.tools ?? []).filter((tool) => mayCall && offered.has((tool as { name: string }).name));
      const isRequired = allowed.length > 0 && nextToolChoice(state) === "required";
      const answer: unknown = await handler({
        ...request,
        tools: allowed,
        ...(isRequired && { toolChoice: "required" }),
      });
      if (mayCall || !AIMessage.isInstance(answer) || (answer.tool_calls?.length ?? 0) === 0) return answer;
      return new AIMessage({ content: answer.text, ...(answer.id !== undefined && { id: answer.id }) });
    },
    async wrapToolCall(request: ToolRequest, handler) {
      const { toolCall, state } = request;
      const { id = "", name, args } = toolCall;
      const before = stateAfter(start, state.messages, toolCall.id);
      const decision = decideToolCall(before, { id, name, arguments: JSON.stringify(args ?? {}) });
      if (decision.allowed) return handler(request);
      const content = refusalMessage(decision).content as string;
      return new ToolMessage({ content, name, tool_call_id: id, status: "error" });
    },
  };
}

/** Returns where a turn stands after its messages, or right before a call of its last round. */
function stateAfter(start: PolicyState, messages: readonly BaseMessage[], before?: string): PolicyState {
  const turn = messages.slice(messages.findLastIndex((message) => message.getType() === "human") + 1);
  const rounds = turn.filter((message) => AIMessage.isInstance(message) && (message.tool_calls?.length ?? 0) > 0);
  let state = start;
  rounds.forEach((message, index) => {
    const calls = (message as AIMessage).tool_calls ?? [];
    // hostile: a model may give two calls one id; then both count before either
    const isLast = before !== undefined && index === rounds.length - 1;
    const end = isLast ? calls.findLastIndex(({ id }) => id === before) : calls.length;
    state = startRound(state);
    for (const { id = "", name, args } of calls.slice(0, end)) {
      state = decideToolCall(state, { id, name, arguments: JSON.stringify(args) }).state;
    }
  });
  return state;
}

/**
 * Returns middleware that guards what the model of an agent says, in its state and in every way of streaming it. List it
 * last: a middleware after it that exchanges the model, or answers in its place, makes the call fail.
 *
 * @throws {PackError} UNKNOWN_PROMPT, UNKNOWN_GUARDRAIL
 */
export function guardrailMiddleware(pack: Pack, promptId: string, options: GuardrailOptions = {}): PackMiddleware {
  const guardrails = pack.prompt(promptId).validators ?? [];
  let guarded: GuardedChatModel | undefined;
  return {
    name: "PromptPackGuardrails",
    async wrapModelCall(request: ModelRequest, handler) {
      const tools = new Set((request.tools ?? []).map((tool) => (tool as { name: string }).name));
      const guarding: ConstructorParameters<typeof GuardedChatModel>[1] = { guardrails, options, tools };
      const inner = request.model as BaseChatModel;
      guarded ??= new GuardedChatModel(inner, guarding);
      const model = guarded.around(inner, guarding);
      const response: unknown = await handler({ ...request, model });
      const { answer } = guarding;
      if (answer === undefined)
        throw new TypeError("the answer did not come from the guarded model: list the guardrails last");
      return answer.outcome?.ok === false ? answer.stop(response as AIMessage) : response;
    },
  };
}
