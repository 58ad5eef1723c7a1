import type { FilePart, ModelMessage, TextPart } from "ai";
import {
  type CompiledPrompt,
  type ContentPart,
  maskSecrets,
  type Message,
  parseDocument,
  renderPrompt,
  type ToolCall,
} from "promptpack";
import { type PartInput, providerParts, readableParts } from "promptpack/adapters";
import type { MediaPartsOptions, PackShape, RenderOptions } from "promptpack/types";
import { type ToolOptions, type ToolSettings, toolSettings } from "./tools.ts";

export interface PromptSettingsOptions<Shape extends PackShape = PackShape>
  extends Omit<RenderOptions, "messages" | "user">, ToolOptions<Shape> {
  /** The conversation so far, as the SDK has it; toModelMessages turns core's messages into these. */
  readonly messages?: readonly ModelMessage[];
  /** A new message of the user; its parts are checked against the prompt's media settings. */
  readonly user?: string | readonly PartInput[];
  /** Limits and measurements for the parts. */
  readonly media?: MediaPartsOptions;
}

type Parameter = "temperature" | "maxOutputTokens" | "topP" | "topK" | "frequencyPenalty" | "presencePenalty";

interface CallSettings<Shape extends PackShape>
  extends ToolSettings<Shape>, Readonly<Partial<Record<Parameter, number>>> {
  /** Names pack and prompt with their versions; the host switches telemetry on and may spread this into its own. */
  readonly experimental_telemetry: { readonly functionId: string; readonly metadata: Record<string, string> };
}

/** What `generateText` and `streamText` take besides the model. */
export type PromptSettings<Shape extends PackShape = PackShape> = CallSettings<Shape> & {
  readonly system: string;
  readonly messages: ModelMessage[];
};

/** What `new ToolLoopAgent` takes besides the model. */
export type AgentSettings<Shape extends PackShape = PackShape> = CallSettings<Shape> & { instructions: string };

/** Variables may be left out where none is required. */
type Given<Variables extends object, Options> = {} extends Variables
  ? [variables?: Variables, options?: Options]
  : [variables: Variables, options?: Options];

/**
 * Renders a prompt as settings for `generateText` and `streamText`. A prompt of a typed pack says which variables and
 * handlers there are, and the SDK then knows the tools by name.
 * @throws {InputError} a variable or a media part is refused, with every diagnostic
 */
export function promptSettings<Variables extends object = Record<string, unknown>, Shape extends PackShape = PackShape>(
  compiled: CompiledPrompt<Variables, Shape>,
  ...given: Given<Variables, PromptSettingsOptions<Shape>>
): PromptSettings<Shape>;
export function promptSettings(
  compiled: CompiledPrompt,
  variables?: Record<string, unknown>,
  options: PromptSettingsOptions = {},
): PromptSettings {
  const { handlers: _handlers, limits: _limits, messages = [], user, media, ...renderOptions } = options;
  const { system, parameters, pack, prompt, model } = renderPrompt(compiled, variables, renderOptions);
  const settings = compiled.prompt.media ?? { enabled: false };
  if (!Array.isArray(messages)) throw new TypeError("messages are an array; await convertToModelMessages first");
  const isParts = user !== undefined && typeof user !== "string";
  const said = isParts ? providerParts(user, { ...media, media: settings }) : user;
  const added: ModelMessage[] = said === undefined ? [] : [{ role: "user", content: userContent(said) }];
  return {
    system,
    messages: [...messages, ...added],
    ...toolSettings(compiled, options),
    ...present({
      temperature: parameters.temperature,
      maxOutputTokens: parameters.max_tokens,
      topP: parameters.top_p,
      topK: parameters.top_k ?? undefined,
      frequencyPenalty: parameters.frequency_penalty,
      presencePenalty: parameters.presence_penalty,
    }),
    experimental_telemetry: {
      functionId: maskSecrets(`${pack.id}@${pack.version}/${prompt.id}@${prompt.version}`),
      metadata: present({
        "promptpack.pack.id": pack.id,
        "promptpack.pack.version": pack.version,
        "promptpack.pack.digest": pack.digest,
        "promptpack.prompt.id": maskSecrets(prompt.id),
        "promptpack.prompt.version": prompt.version,
        "promptpack.model": model && maskSecrets(model),
      }),
    },
  };
}

/** Does the same for a `ToolLoopAgent`, which gets its messages when it is called. */
export function agentSettings<Variables extends object = Record<string, unknown>, Shape extends PackShape = PackShape>(
  compiled: CompiledPrompt<Variables, Shape>,
  ...given: Given<Variables, Omit<PromptSettingsOptions<Shape>, "messages" | "user" | "media">>
): AgentSettings<Shape>;
export function agentSettings(
  compiled: CompiledPrompt,
  variables?: Record<string, unknown>,
  options: PromptSettingsOptions = {},
): AgentSettings {
  const { system, messages: _, ...settings } = promptSettings(compiled, variables, options);
  return { instructions: system, ...settings };
}

/**
 * Turns core's messages into the SDK's. Media become file parts with their data or URL, captions the text after them.
 * @throws {InputError} UNREADABLE_MEDIA a medium is named by a path; read it first (promptpack/node)
 * @throws {TypeError} for another role, or content that is neither text nor parts
 */
export function toModelMessages(messages: readonly Message[]): ModelMessage[] {
  const toolNames = new Map<string, string>();
  return messages.map((message): ModelMessage => {
    if (message.role === "system") return { role: "system", content: message.content };
    if (message.role === "user") return { role: "user", content: userContent(message.content) };
    if (message.role === "assistant") {
      const calls = (message.toolCalls ?? []).map(callPart);
      for (const { toolCallId, toolName } of calls) toolNames.set(toolCallId, toolName);
      return { role: "assistant", content: [...assistantParts(message.content), ...calls] };
    }
    if (message.role !== "tool") throw new TypeError("the role of a message is system, user, assistant or tool");
    const { toolCallId, content, isError = false } = message;
    const toolName = toolNames.get(toolCallId) ?? "";
    const output: ToolOutput =
      typeof content === "string"
        ? { type: isError ? "error-text" : "text", value: content }
        : { type: "content", value: readableParts(content).map(toolPart) };
    return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
  });
}

type Parts<Role> = Exclude<Extract<ModelMessage, { role: Role }>["content"], string>;
type ToolOutput = Extract<Parts<"tool">[number], { type: "tool-result" }>["output"];

function userContent(content: string | readonly ContentPart[]): string | Parts<"user"> {
  return typeof content === "string" ? content : readableParts(content).flatMap(userParts);
}

function userParts(part: ContentPart): (TextPart | FilePart)[] {
  if (!("media" in part)) return [{ type: "text", text: part.text }];
  const { mime_type, base64, url = "", detail, caption } = part.media;
  // The OpenAI provider reads this field; others ignore it.
  const hint = detail === undefined ? {} : { providerOptions: { openai: { imageDetail: detail } } };
  const file: FilePart = { type: "file", mediaType: mime_type, data: base64 ?? new URL(url), ...hint };
  return caption === undefined ? [file] : [file, { type: "text", text: caption }];
}

function assistantParts(content: string | readonly ContentPart[]): Parts<"assistant"> {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return readableParts(content).flatMap((part): Parts<"assistant"> =>
    part.type === "reasoning" && "text" in part ? [{ type: "reasoning", text: part.text }] : userParts(part),
  );
}

function toolPart(part: ContentPart): Extract<ToolOutput, { type: "content" }>["value"][number] {
  if (!("media" in part)) return { type: "text", text: part.text };
  const { mime_type, base64, url = "" } = part.media;
  if (base64 !== undefined) return { type: "file-data", data: base64, mediaType: mime_type };
  return { type: "file-url", url };
}

function callPart({ id, name, arguments: text }: ToolCall): Extract<Parts<"assistant">[number], { type: "tool-call" }> {
  const { data, diagnostics } = parseDocument(text);
  // What is no JSON stays the text that the model wrote.
  const input: unknown = diagnostics.some(({ severity }) => severity === "error") ? text : data;
  return { type: "tool-call", toolCallId: id, toolName: name, input };
}

/** Returns an object without the members that have no value. */
function present<Value>(members: { readonly [name: string]: Value | undefined }): { [name: string]: Value } {
  const kept: { [name: string]: Value } = {};
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name];
  return kept;
}
