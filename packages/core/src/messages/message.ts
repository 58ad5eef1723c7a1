import type { JsonObject, JsonValue } from "../json/json.ts";
import type { ModelParameters } from "../schema/sections/prompt.ts";
import type { ToolChoice } from "../schema/sections/tools.ts";

export type Role = "system" | "user" | "assistant" | "tool";

/** Text that a person or a model wrote. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** A model's thinking, where a provider shows it. */
export interface ReasoningPart {
  readonly type: "reasoning";
  readonly text: string;
}

/** A model's refusal, where a provider marks it as such. */
export interface RefusalPart {
  readonly type: "refusal";
  readonly text: string;
}

/** An image, a sound, a video, a document or a custom medium, by exactly one source. */
export interface MediaPart {
  readonly type: "image" | "audio" | "video" | "document" | (string & {});
  readonly media: {
    readonly mime_type: string;
    readonly url?: string;
    /** Standard base64 with padding. */
    readonly base64?: string;
    readonly file_path?: string;
    readonly detail?: "low" | "high" | "auto";
    readonly caption?: string;
  };
}

export type ContentPart = TextPart | ReasoningPart | RefusalPart | MediaPart;

/** A model's wish to run a tool. `arguments` is the text exactly as the model wrote it: JSON, or not. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface SystemMessage {
  readonly role: "system";
  readonly content: string;
}
export interface UserMessage {
  readonly role: "user";
  readonly content: string | readonly ContentPart[];
}
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string | readonly ContentPart[];
  readonly toolCalls?: readonly ToolCall[];
}
export interface ToolMessage {
  readonly role: "tool";
  readonly toolCallId: string;
  readonly content: string | readonly ContentPart[];
  /** True when the call was refused or failed. */
  readonly isError?: boolean;
}
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** What a model is told about one tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, exactly as the pack declares it. */
  readonly parameters: JsonObject;
}

/** Everything that a model needs for one call, as plain JSON. */
export interface PromptRequest {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly parameters: ModelParameters;
  readonly pack: { readonly id: string; readonly version: string; readonly digest?: string };
  readonly prompt: { readonly id: string; readonly version: string };
  readonly model?: string;
}

export type FinishReason =
  | "stop"
  | "length"
  | "tool-calls"
  | "content-filter"
  | "guardrail"
  | "max-rounds"
  | "error"
  | "other";

/** Tokens of one model call; a provider that does not count leaves a field out. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedInputTokens?: number;
}

/** What a model answered. */
export interface ModelResponse {
  readonly content: string | readonly ContentPart[];
  readonly toolCalls?: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage?: Usage;
  /** The value of a structured answer, already parsed. */
  readonly output?: JsonValue;
}
