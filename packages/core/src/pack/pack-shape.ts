import type { JsonObject } from "../json/json.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Tool } from "../schema/sections/tools.ts";
import type { TypedTool } from "../tools/check-tool-arguments.ts";
import type { TypedWorkflow } from "../workflow/workflow-run.ts";

/**
 * The names and types of one pack as the compiler knows them. This one fits every pack; `promptpack types` and
 * definePack make narrower ones.
 */
export interface PackShape {
  readonly prompts: { readonly [promptId: string]: PromptShape };
  /** The arguments of each tool. */
  readonly tools: { readonly [toolName: string]: object };
  /** The events of each workflow state. */
  readonly states: { readonly [state: string]: string };
  readonly agents: string;
  readonly metrics: string;
}

export interface PromptShape {
  readonly variables: Record<string, unknown>;
  /** Names of the tools that it offers. */
  readonly tools: string;
}

export type PromptId<Shape extends PackShape> = keyof Shape["prompts"] & string;
export type ToolName<Shape extends PackShape> = keyof Shape["tools"] & string;

/** The variables of a prompt as renderPrompt takes them. */
export type PromptVariables<Shape extends PackShape, Id extends PromptId<Shape>> = Shape["prompts"][Id]["variables"];

/** The arguments that a tool is called with. */
export type ToolArguments<Shape extends PackShape, Name extends ToolName<Shape>> =
  string extends ToolName<Shape> ? JsonObject : Shape["tools"][Name];

/** A tool that carries the type of its arguments to checkToolArguments. */
export type ToolOf<Shape extends PackShape, Name extends ToolName<Shape>> =
  string extends ToolName<Shape> ? Tool : TypedTool<Shape["tools"][Name]>;

/** The data of a pack, whose workflow carries its states and events to initialState and transition. */
export interface PackDataOf<Shape extends PackShape> extends PackData {
  readonly workflow?: TypedWorkflow<Shape["states"]>;
}
