import type { Extensions } from "./pack.ts";
import type { Governance } from "./governance.ts";

/** The prompts that other agents may call. Source: schema 1.9.0, AgentsConfig; RFC 0007, 0011. */
export interface AgentsConfig {
  readonly entry: string;
  readonly members: { readonly [promptId: string]: AgentDef };
}

export interface AgentDef {
  readonly description?: string;
  readonly tags?: readonly string[];
  /** MIME types; ["text/plain"] when absent. */
  readonly input_modes?: readonly string[];
  /** MIME types; ["text/plain"] when absent. */
  readonly output_modes?: readonly string[];
  /** The workflow state at which a call of this agent enters. Since 1.4.1. */
  readonly state?: string;
  readonly governance?: Governance;
  readonly extensions?: Extensions;
}

/** A path or package reference, the same with preload, or a whole skill. Source: schema 1.9.0, SkillSource; RFC 0008. */
export type SkillSource = string | SkillPathSource | InlineSkill;

export interface SkillPathSource {
  readonly path: string;
  readonly preload?: boolean;
}

export interface InlineSkill {
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
}
