import {
  anyObject,
  closed,
  count,
  flag,
  list,
  mapOf,
  MEDIA_TYPE_NAME,
  oneOf,
  open,
  ref,
  type SchemaData,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonValue } from "../../json/json.ts";

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

const names = list(text());

export const governanceDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  Governance: closed("", {
    vocabularies: mapOf(text({ format: "uri" })),
    intended_purpose: text(),
    foreseeable_misuse: names,
    autonomy_level: oneOf("suggests", "acts_with_approval", "acts_with_oversight", "acts_autonomously"),
    accountable_owner: text(),
    operator_role: text(),
    risk_classification: text(),
    intended_deployment_contexts: names,
    capabilities: names,
    approved_environments: names,
    requires_ai_disclosure: flag(),
    extensions: anyObject,
    independent_of: closed("axes", {
      axes: list(
        { enum: ["model", "provider", "tools", "prompts", "accountable_owner"] },
        { minItems: 1, uniqueItems: true },
      ),
      enforcement: { ...oneOf("strict", "advisory"), default: "advisory" },
    }),
    obligations: list(ref("Obligation")),
    reviews: list(ref("Review")),
  }),
  Obligation: closed("id obligation controls", {
    id: text(),
    obligation: text(),
    applies_to: closed("", { capability: text(), data_class: text(), risk_classification: text() }),
    controls: list(ref("ObligationControl"), { minItems: 1 }),
    note: text(),
    extensions: anyObject,
  }),
  ObligationControl: closed(
    "",
    { field: text(), validator: text(), eval: text(), external: text() },
    { minProperties: 1, maxProperties: 1 },
  ),
  Review: closed("id type cadence owner", {
    id: text(),
    type: text(),
    cadence: text({
      pattern:
        "^P(?:(?:\\d+Y(?:\\d+M)?(?:\\d+W)?(?:\\d+D)?|\\d+M(?:\\d+W)?(?:\\d+D)?|\\d+W(?:\\d+D)?|\\d+D)(?:T(?:\\d+H(?:\\d+M)?(?:\\d+S)?|\\d+M(?:\\d+S)?|\\d+S))?|T(?:\\d+H(?:\\d+M)?(?:\\d+S)?|\\d+M(?:\\d+S)?|\\d+S))$",
    }),
    owner: text(),
    satisfies: names,
    eval: text(),
    extensions: anyObject,
  }),
  ProviderRequirement: {
    oneOf: [
      text(),
      closed("key role", {
        key: text({ pattern: "^[a-zA-Z0-9_-]+$" }),
        role: text(),
        required: flag(true),
        description: text(),
        capabilities: ref("ProviderCapabilities"),
      }),
    ],
  },
  ProviderCapabilities: open("", {
    modalities: list(text({ pattern: MEDIA_TYPE_NAME })),
    min_context_tokens: count(),
    tool_use: flag(),
    structured_output: flag(),
    embedding_dimensions: count(),
  }),
});
