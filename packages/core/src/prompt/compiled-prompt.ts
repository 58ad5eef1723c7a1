import type { ToolDefinition } from "../messages/message.ts";
import type { ModelParameters } from "../schema/sections/prompt.ts";
import type { ToolChoice } from "../schema/sections/tools.ts";
import type { Pack } from "../pack/pack.ts";
import type { PackShape } from "../pack/pack-shape.ts";
import type { Prompt, Variable } from "../schema/sections/prompt.ts";
import type { StandardSchema } from "../schema/standard-schema.ts";
import type { PromptProgram } from "./prompt-program.ts";

/** A prompt with its model override applied and its fragments inlined, ready to be rendered many times. */
export interface CompiledPrompt<
  Variables extends object = Record<string, unknown>,
  Shape extends PackShape = PackShape,
> {
  readonly pack: Pack<Shape>;
  /** The key in `prompts`, which looks the prompt up again; `prompt.id` may differ. */
  readonly id: string;
  readonly prompt: Prompt;
  /** The model that was asked for, whether the prompt has an override for it or not. */
  readonly model: string | undefined;
  /** After the override, before fragments and values. */
  readonly template: string;
  readonly parameters: ModelParameters;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly variables: readonly Variable[];
  /** Names of the fragments that the template includes. */
  readonly fragments: readonly string[];
  /** Names of the artifacts that the template shows. */
  readonly artifacts: readonly string[];
  /** Names that the template shows and no variable declares; each needs a value all the same. */
  readonly undeclared: readonly string[];
  /** Checks variables as renderPrompt does; its output has defaults filled in. */
  readonly input: StandardSchema<Variables, Variables>;
  /** What renderPrompt runs; its shape is no part of the API. */
  readonly program: PromptProgram;
}
