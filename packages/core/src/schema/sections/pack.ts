import { closed, list, mapOf, number, oneOf, open, ref, type SchemaData, SEMVER, text } from "../notation.ts";
import type { JsonValue } from "../../json/json.ts";
import type { AgentsConfig, SkillSource } from "./agents.ts";
import type { Composition } from "./composition.ts";
import type { Eval } from "./guardrails.ts";
import type { Governance, ProviderRequirement } from "./governance.ts";
import type { Prompt } from "./prompt.ts";
import type { Tool } from "./tools.ts";
import type { WorkflowConfig } from "./workflow.ts";

/** A whole pack file, in the spec's own spelling. Source: schema 1.9.0, root. */
export interface PackData {
  readonly $schema?: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly template_engine: TemplateEngineConfig;
  readonly prompts: { readonly [promptId: string]: Prompt };
  readonly fragments?: { readonly [fragmentName: string]: string };
  readonly tools?: { readonly [toolKey: string]: Tool };
  readonly metadata?: Metadata;
  readonly compilation?: Compilation;
  readonly evals?: readonly Eval[];
  readonly workflow?: WorkflowConfig;
  readonly agents?: AgentsConfig;
  readonly skills?: readonly SkillSource[];
  readonly compositions?: { readonly [compositionName: string]: Composition };
  readonly requires?: Requirements;
}

export interface TemplateEngineConfig {
  readonly version: string;
  readonly syntax: string;
  readonly features?: readonly TemplateFeature[];
}
export type TemplateFeature = "basic_substitution" | "fragments" | "conditionals" | "loops" | "filters";

/** Open: keys that the spec does not name are carried along. */
export interface Metadata {
  readonly domain?: string;
  readonly language?: string;
  readonly tags?: readonly string[];
  readonly cost_estimate?: CostEstimate;
  readonly governance?: Governance;
  readonly [key: string]: unknown;
}

export interface CostEstimate {
  readonly min_cost_usd?: number;
  readonly max_cost_usd?: number;
  readonly avg_cost_usd?: number;
  readonly [key: string]: JsonValue | undefined;
}

/** Written by a compiler, never by hand. */
export interface Compilation {
  readonly compiled_with: string;
  readonly created_at: string;
  readonly schema: string;
  readonly source?: string;
  readonly [key: string]: JsonValue | undefined;
}

export interface Requirements {
  readonly providers?: readonly ProviderRequirement[];
}

export const packProperties = (): { readonly [property: string]: SchemaData } => ({
  $schema: text(),
  id: text({ pattern: "^[a-z][a-z0-9-]*$", minLength: 1, maxLength: 100 }),
  name: text({ minLength: 1, maxLength: 200 }),
  version: text({ pattern: SEMVER }),
  description: text({ maxLength: 5000 }),
  template_engine: closed("version syntax", {
    version: text(),
    syntax: text(),
    features: list(oneOf("basic_substitution", "fragments", "conditionals", "loops", "filters")),
  }),
  prompts: mapOf(ref("Prompt"), { minProperties: 1 }),
  fragments: mapOf(text()),
  tools: mapOf(ref("Tool")),
  metadata: open("", {
    domain: text(),
    language: text({ pattern: "^[a-z]{2}$" }),
    tags: list(text()),
    cost_estimate: open("", { min_cost_usd: number(0), max_cost_usd: number(0), avg_cost_usd: number(0) }),
    governance: ref("Governance"),
  }),
  compilation: open("compiled_with created_at schema", {
    compiled_with: text(),
    created_at: text({ format: "date-time" }),
    schema: text(),
    source: text(),
  }),
  evals: list(ref("Eval")),
  workflow: ref("WorkflowConfig"),
  agents: ref("AgentsConfig"),
  skills: list(ref("SkillSource")),
  compositions: mapOf(ref("Composition")),
  requires: closed("", { providers: list(ref("ProviderRequirement")) }),
});
