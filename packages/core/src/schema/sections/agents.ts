import { anyObject, closed, flag, list, mapOf, ref, type SchemaData, text, type Extensions } from "../notation.ts";

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

const modes = (): SchemaData => list(text(), { default: ["text/plain"] });

export const agentDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  AgentsConfig: closed("entry members", { entry: text(), members: mapOf(ref("AgentDef"), { minProperties: 1 }) }),
  AgentDef: closed("", {
    description: text(),
    tags: list(text()),
    input_modes: modes(),
    output_modes: modes(),
    state: text(),
    governance: ref("Governance"),
    extensions: anyObject,
  }),
  SkillSource: { oneOf: [text(), ref("SkillPathSource"), ref("InlineSkill")] },
  SkillPathSource: closed("path", { path: text(), preload: flag(false) }),
  InlineSkill: closed("name description instructions", {
    name: text({ minLength: 1 }),
    description: text({ minLength: 1 }),
    instructions: text({ minLength: 1 }),
  }),
});
