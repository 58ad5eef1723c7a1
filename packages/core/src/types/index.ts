/** Packs as types: the source that declares a pack, and names for what a typed pack knows. */
export { packToModule, packToTypes, type PackTypesOptions } from "./pack-to-types.ts";
export type { PackShape, PromptId, PromptVariables, ToolArguments, ToolName } from "../pack/pack-shape.ts";
export type { RenderArguments } from "../prompt/render-prompt.ts";
export type { ShapeOf } from "./shape-of.ts";
export type {
  AgentName,
  EventName,
  MetricName,
  PromptToolName,
  ShapeOfPack,
  StateName,
  ToolHandlers,
} from "./pack-names.ts";
