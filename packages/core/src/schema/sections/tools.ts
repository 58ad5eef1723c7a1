import {
  anyObject,
  closed,
  count,
  list,
  mapOf,
  NAME,
  oneOf,
  open,
  ref,
  type SchemaData,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";

/** A tool that prompts may list. Source: schema 1.9.0, Tool. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters?: ToolParameters;
  readonly action_scope?: ActionScope;
  readonly extensions?: Extensions;
}

/** A JSON Schema of type object; every other JSON Schema keyword is allowed. */
export interface ToolParameters {
  readonly type: "object";
  readonly properties: { readonly [name: string]: JsonObject };
  readonly required?: readonly string[];
  readonly [keyword: string]: JsonValue | undefined;
}

export type ToolChoice = "auto" | "required" | "none";

/** How a prompt may use its tools. */
export interface ToolPolicy {
  readonly tool_choice?: ToolChoice;
  /** Model-tool-model cycles in one turn; 5 when absent. */
  readonly max_rounds?: number;
  /** 10 when absent. */
  readonly max_tool_calls_per_turn?: number;
  /** Keys or names; wins over the prompt's tools list. */
  readonly blocklist?: readonly string[];
}

/** What a tool does to the world; absent fields mean undeclared, never harmless. Since 1.6.0. */
export interface ActionScope {
  readonly effect?: "read" | "write" | "external";
  readonly reversibility?: "reversible" | "compensable" | "irreversible";
  readonly data_classes?: readonly string[];
  readonly extensions?: Extensions;
}

export const toolDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  Tool: closed("name description", {
    name: text({ pattern: NAME }),
    description: text({ minLength: 1 }),
    parameters: open("type properties", {
      type: oneOf("object"),
      properties: mapOf(anyObject),
      required: list(text()),
    }),
    action_scope: ref("ActionScope"),
    extensions: anyObject,
  }),
  ToolPolicy: closed("", {
    tool_choice: { ...oneOf("auto", "required", "none"), default: "auto" },
    max_rounds: count(1, { default: 5 }),
    max_tool_calls_per_turn: count(1, { default: 10 }),
    blocklist: list(text()),
  }),
  ActionScope: closed("", {
    effect: oneOf("read", "write", "external"),
    reversibility: oneOf("reversible", "compensable", "irreversible"),
    data_classes: list(text()),
    extensions: anyObject,
  }),
});
