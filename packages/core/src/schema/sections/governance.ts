import type { JsonValue } from "../../json/json.ts";
import type { Extensions } from "./pack.ts";

/** What people declare about a pack or an agent; it gates nothing by itself. Source: schema 1.9.0; RFC 0013, 0016. */
export interface Governance {
  /** CURIE prefix to IRI. */
  readonly vocabularies?: { readonly [prefix: string]: string };
  readonly intended_purpose?: string;
  readonly foreseeable_misuse?: readonly string[];
  readonly autonomy_level?: "suggests" | "acts_with_approval" | "acts_with_oversight" | "acts_autonomously";
  readonly accountable_owner?: string;
  readonly operator_role?: string;
  readonly risk_classification?: string;
  readonly intended_deployment_contexts?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly approved_environments?: readonly string[];
  readonly requires_ai_disclosure?: boolean;
  readonly extensions?: Extensions;
  readonly independent_of?: IndependentOf;
  readonly obligations?: readonly Obligation[];
  readonly reviews?: readonly Review[];
}

export interface IndependentOf {
  readonly axes: readonly ("model" | "provider" | "tools" | "prompts" | "accountable_owner")[];
  /** "advisory" when absent. */
  readonly enforcement?: "strict" | "advisory";
}

export interface Obligation {
  readonly id: string;
  readonly obligation: string;
  readonly applies_to?: {
    readonly capability?: string;
    readonly data_class?: string;
    readonly risk_classification?: string;
  };
  readonly controls: readonly ObligationControl[];
  readonly note?: string;
  readonly extensions?: Extensions;
}

/** Exactly one of the four. */
export interface ObligationControl {
  readonly field?: string;
  readonly validator?: string;
  readonly eval?: string;
  readonly external?: string;
}

export interface Review {
  readonly id: string;
  readonly type: string;
  /** ISO 8601 duration of whole numbers. */
  readonly cadence: string;
  readonly owner: string;
  readonly satisfies?: readonly string[];
  readonly eval?: string;
  readonly extensions?: Extensions;
}

/** What a pack needs of a model provider; a plain string is the key of a required "llm". Since 1.5.1; RFC 0012. */
export type ProviderRequirement = string | ProviderRequirementObject;

export interface ProviderRequirementObject {
  readonly key: string;
  readonly role: string;
  /** True when absent. */
  readonly required?: boolean;
  readonly description?: string;
  readonly capabilities?: ProviderCapabilities;
}

/** Advisory and open. */
export interface ProviderCapabilities {
  readonly modalities?: readonly string[];
  readonly min_context_tokens?: number;
  readonly tool_use?: boolean;
  readonly structured_output?: boolean;
  readonly embedding_dimensions?: number;
  readonly [key: string]: JsonValue | undefined;
}
