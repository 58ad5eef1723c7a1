import { jsonSchema, type ModelMessage, type Schema, type Tool, type ToolSet } from "ai";
import {
  checkJsonSchema,
  checkToolArguments,
  type CompiledPrompt,
  createToolPolicyState,
  decideToolCall,
  type Diagnostic,
  InputError,
  nextToolChoice,
  refusalMessage,
  startRound,
} from "promptpack";
import { handlersByName, isObject, isPlain, offerHostTools, readTurn } from "promptpack/adapters";
import type { PackShape, ToolArguments, ToolDecision, ToolLimits, ToolName, ToolPolicyState } from "promptpack/types";

/** What a handler gets besides the arguments: what the SDK says about the call. */
export interface ToolCallContext {
  readonly toolCallId: string;
  /** The messages that the model answered with this call. */
  readonly messages: readonly ModelMessage[];
  readonly abortSignal?: AbortSignal | undefined;
}

/** Runs a tool, now or later, with arguments that passed the tool's schema. What it throws is told to the model. */
export type ToolHandler<Arguments = AnyArguments> = (args: Arguments, context: ToolCallContext) => unknown;

/** Handlers by tool name; a typed pack knows the names and each tool's arguments. Messages of the compiler list them. */
export type PackHandlers<Shape extends PackShape = PackShape> =
  ToolName<Shape> extends infer Names extends ToolName<Shape>
    ? { readonly [Name in Names]?: ToolHandler<ToolArguments<Shape, Name>> }
    : never;

export interface ToolOptions<Shape extends PackShape = PackShape> {
  /** A tool without a handler is left to the client, as the SDK does it. */
  readonly handlers?: PackHandlers<Shape>;
  /** What the host allows at most in one turn; the pack can only tighten it. */
  readonly limits?: ToolLimits;
}

/** The tools of a pack as the SDK takes them: with the names and arguments that a typed pack knows. */
export type PackTools<Shape extends PackShape = PackShape> =
  string extends ToolName<Shape> ? ToolSet : { [Name in ToolName<Shape>]: Tool<ToolArguments<Shape, Name>, unknown> };

/** The part of the settings that is about tools. */
export interface ToolSettings<Shape extends PackShape = PackShape> {
  /** Those that the prompt offers. */
  readonly tools: PackTools<Shape>;
  readonly toolChoice: "auto" | "required" | "none";
  /** Stops a turn that goes on calling tools after its last round. */
  readonly stopWhen: (run: { readonly steps: readonly { readonly toolCalls: readonly unknown[] }[] }) => boolean;
  /** Lets the pack's tool_choice hold for the first request of a turn only, and offers no tool when the budget is spent. */
  readonly prepareStep: (step: { readonly messages: readonly ModelMessage[] }) => Pick<ToolSettings, "toolChoice">;
}

type AnyPrompt = Omit<CompiledPrompt, "input">;
type Admission = (name: string, input: unknown, context: ToolCallContext) => AnyArguments;
type AnyArguments = Extract<ToolDecision, { allowed: true }>["arguments"];
type Refused = Extract<ToolDecision, { allowed: false }>;

/** Why a call did not run. The SDK hands it on as the error of a tool-error part, and its message to the model as JSON. */
export class ToolRefusal extends InputError {
  readonly reason: Refused["reason"];

  constructor(refused: Refused) {
    super(refused.diagnostics);
    this.reason = refused.reason;
    const { content } = refusalMessage(refused);
    if (typeof content === "string") this.message = content;
  }
}

/**
 * Returns the tools of a prompt and its policy as the SDK takes them. Nothing is kept between calls: where a turn stands
 * is read from its messages, so one object serves an agent's runs side by side. Source: SPEC 4.3, R080-R083.
 * @throws {TypeError} a handler is for no tool
 */
export function toolSettings(compiled: AnyPrompt, { handlers = {}, limits }: ToolOptions): ToolSettings {
  const policy = policyOf(compiled, limits);
  const own = handlersByName<ToolHandler>(handlers, compiled.pack.data, compiled.tools);
  const admit = createAdmission(policy);
  // hostile: a model may call a tool "constructor"
  const tools: ToolSet = Object.create(null);
  for (const { name, ...offered } of policy.offered) {
    const definition = compiled.tools.find((known) => known.name === name);
    if (definition === undefined) continue;
    const handler = own.get(name);
    const execute =
      handler && ((input: unknown, context: ToolCallContext) => handler(admit(name, input, context), context));
    // The text that the model wrote is gone here; written again, it passes the same limits as everywhere.
    const inputSchema = schemaOf(definition.parameters, (value) =>
      "tool" in offered ? checkToolArguments(offered.tool, JSON.stringify(value)).diagnostics : [],
    );
    tools[name] = { description: definition.description, inputSchema, ...(execute && { execute }) } as ToolSet[string];
  }
  return {
    tools,
    toolChoice: nextToolChoice(policy),
    // the answer after the last round is asked for without tools; one that calls some all the same is the last
    stopWhen: ({ steps }) => steps.filter(({ toolCalls }) => toolCalls.length > 0).length > policy.maxRounds,
    prepareStep: ({ messages }) => ({ toolChoice: nextToolChoice(turnOf(policy, messages)) }),
  };
}

/**
 * Returns a JSON Schema for `Output.object`, `generateObject` or a tool, checked by PromptPack's interpreter:
 * strict, without code generation, with patterns in RE2 syntax.
 * @throws {TypeError} for the schema of another library
 */
export function checkedSchema<Value = unknown>(
  schema: Exclude<Parameters<typeof checkJsonSchema>[0], boolean>,
): Schema<Value> {
  // hostile: a schema of zod and the like has no keyword that we know, so any value would pass
  if (!isObject(schema) || !isPlain(schema) || "~standard" in schema)
    throw new TypeError("checkedSchema takes a JSON Schema; other schemas go to the SDK as they are");
  return schemaOf<Value>(schema, (value) => checkJsonSchema(schema, value));
}

function schemaOf<Value>(schema: object, check: (value: unknown) => readonly Diagnostic[]): Schema<Value> {
  return jsonSchema<Value>(schema, {
    validate: (value) => {
      const faults = check(value).filter(({ severity }) => severity === "error");
      if (faults.length > 0) return { success: false, error: new InputError(faults) };
      return { success: true, value: value as Value };
    },
  });
}

/** The policy at the start of a turn, with all tools of the compiled prompt, also the host's, but for blocked names. */
function policyOf({ pack, prompt, tools }: AnyPrompt, limits: ToolOptions["limits"]): ToolPolicyState {
  const policy = offerHostTools(createToolPolicyState(prompt, pack.data, limits), tools);
  const names = new Set(tools.map(({ name }) => name));
  return { ...policy, offered: policy.offered.filter(({ name }) => names.has(name)) };
}

/**
 * Returns what decides each call before its handler runs, and throws the refusal, which the SDK hands on as a tool-error.
 * The calls of one step share the list of messages, and so their budget.
 */
function createAdmission(policy: ToolPolicyState): Admission {
  const steps = new WeakMap<object, { readonly length: number; readonly state: ToolPolicyState }>();
  return (name, input, { toolCallId, messages }) => {
    const { length } = messages;
    const step = steps.get(messages);
    let state: ToolPolicyState;
    if (step?.length === length) state = step.state;
    // A call that waited for approval is in the messages already, and so is its round.
    else if (messages.flatMap(callsIn).some((call) => call.toolCallId === toolCallId)) state = turnOf(policy, messages);
    else state = startRound(turnOf(policy, messages));
    const decision = decideToolCall(state, { id: toolCallId, name, arguments: JSON.stringify(input) });
    steps.set(messages, { length, state: decision.state });
    if (!decision.allowed) throw new ToolRefusal(decision);
    return decision.arguments;
  };
}

/** Reads where the turn stands; a call that waits for approval or for the client has not been spent. */
function turnOf(policy: ToolPolicyState, messages: readonly ModelMessage[]): ToolPolicyState {
  return readTurn(policy, messages, {
    isUser: ({ role }) => role === "user",
    callsOf: (message) => callsIn(message).map(({ toolCallId: id, toolName: name }) => ({ id, name })),
    answersOf: ({ role, content }) =>
      role === "tool" ? content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : [])) : [],
  });
}

function callsIn({ role, content }: ModelMessage): readonly { toolCallId: string; toolName: string }[] {
  if (role !== "assistant" || typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "tool-call" && part.providerExecuted !== true ? [part] : []));
}
