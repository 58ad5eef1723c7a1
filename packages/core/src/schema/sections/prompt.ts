import type { JsonObject, JsonValue } from "../../json/json.ts";
import type { ModelParameters } from "../../messages/message.ts";
import type { Eval, Validator } from "./guardrails.ts";
import type { MediaConfig } from "./media.ts";
import type { Extensions } from "./pack.ts";
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
