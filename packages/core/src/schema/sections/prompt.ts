import {
  anyObject,
  anything,
  closed,
  count,
  flag,
  list,
  mapOf,
  NAME,
  number,
  PROMPT_ID,
  ref,
  type SchemaData,
  SEMVER,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";
import type { Eval, Validator } from "./guardrails.ts";
import type { MediaConfig } from "./media.ts";

import type { ToolPolicy } from "./tools.ts";

/** One prompt of a pack. Source: schema 1.9.0, Prompt. */
export interface Prompt {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly version: string;
  readonly system_template: string;
  readonly variables?: readonly Variable[];
  readonly tools?: readonly string[];
  readonly tool_policy?: ToolPolicy;
  readonly pipeline?: PipelineConfig;
  readonly parameters?: ModelParameters;
  readonly validators?: readonly Validator[];
  readonly evals?: readonly Eval[];
  /** Key of a provider requirement; absent means "default". Since 1.9.0. */
  readonly provider?: string;
  readonly tested_models?: readonly TestedModel[];
  readonly model_overrides?: { readonly [model: string]: ModelOverride };
  readonly media?: MediaConfig;
  readonly extensions?: Extensions;
}

/** A value that a template takes. Source: schema 1.9.0, Variable. */
export interface Variable {
  readonly name: string;
  /** "string", "number", "boolean", "object" or "array"; other names are carried unchecked. */
  readonly type: string;
  readonly required: boolean;
  readonly default?: JsonValue;
  readonly description?: string;
  readonly example?: JsonValue;
  readonly validation?: VariableValidation;
  readonly binding?: VariableBinding;
}

export interface VariableValidation {
  /** RE2 syntax, searched anywhere in the string. */
  readonly pattern?: string;
  /** In Unicode code points. */
  readonly min_length?: number;
  /** In Unicode code points. */
  readonly max_length?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly JsonValue[];
}

/** Parameters of a model call. */
export interface ModelParameters {
  /** 0 to 2. */
  readonly temperature?: number;
  readonly max_tokens?: number;
  /** 0 to 1. */
  readonly top_p?: number;
  /** null means no limit. */
  readonly top_k?: number | null;
  /** -2 to 2. */
  readonly frequency_penalty?: number;
  /** -2 to 2. */
  readonly presence_penalty?: number;
}

/** Where a host may take the value from without the caller passing it. */
export interface VariableBinding {
  readonly kind?: string;
  readonly field?: string;
  readonly auto_populate?: boolean;
  readonly filter?: string;
}

export interface PipelineConfig {
  readonly stages: readonly string[];
  readonly middleware?: readonly MiddlewareConfig[];
}

export interface MiddlewareConfig {
  readonly type: string;
  readonly config?: JsonObject;
}

export interface TestedModel {
  readonly provider: string;
  readonly model: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** 0 to 1. */
  readonly success_rate?: number;
  readonly avg_tokens?: number;
  readonly avg_cost?: number;
  readonly avg_latency_ms?: number;
  readonly notes?: string;
}

/** What changes for one model. A full system_template suppresses prefix and suffix. */
export interface ModelOverride {
  readonly system_template_prefix?: string;
  readonly system_template_suffix?: string;
  readonly system_template?: string;
  readonly parameters?: ModelParameters;
}

export const promptDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  Prompt: closed("id name version system_template", {
    id: text({ pattern: PROMPT_ID }),
    name: text({ minLength: 1 }),
    description: text(),
    version: text({ pattern: SEMVER }),
    system_template: text({ minLength: 1 }),
    variables: list(ref("Variable")),
    tools: list(text()),
    tool_policy: ref("ToolPolicy"),
    pipeline: ref("PipelineConfig"),
    parameters: ref("Parameters"),
    validators: list(ref("Validator")),
    evals: list(ref("Eval")),
    provider: text(),
    tested_models: list(ref("TestedModel")),
    model_overrides: mapOf(ref("ModelOverride")),
    media: ref("MediaConfig"),
    extensions: anyObject,
  }),
  Variable: closed("name type required", {
    name: text({ pattern: NAME }),
    type: text(),
    required: flag(),
    default: anything,
    description: text(),
    example: anything,
    validation: closed("", {
      pattern: text(),
      min_length: count(0),
      max_length: count(),
      minimum: number(),
      maximum: number(),
      enum: list(anything),
    }),
    binding: closed("", { kind: text(), field: text(), auto_populate: flag(false), filter: text() }),
  }),
  PipelineConfig: closed("stages", { stages: list(text()), middleware: list(ref("MiddlewareConfig")) }),
  MiddlewareConfig: closed("type", { type: text(), config: anyObject }),
  Parameters: closed("", {
    temperature: number(0, 2),
    max_tokens: count(),
    top_p: number(0, 1),
    top_k: { type: ["integer", "null"], minimum: 1 },
    frequency_penalty: number(-2, 2),
    presence_penalty: number(-2, 2),
  }),
  TestedModel: closed("provider model date", {
    provider: text(),
    model: text(),
    date: text({ format: "date" }),
    success_rate: number(0, 1),
    avg_tokens: number(0),
    avg_cost: number(0),
    avg_latency_ms: number(0),
    notes: text(),
  }),
  ModelOverride: closed("", {
    system_template_prefix: text(),
    system_template_suffix: text(),
    system_template: text(),
    parameters: ref("Parameters"),
  }),
});
