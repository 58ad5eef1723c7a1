import type { Pack } from "../pack/pack.ts";
import type { PackShape, PromptId, ToolArguments, ToolName } from "../pack/pack-shape.ts";

/** The shape of a pack value: `ShapeOfPack<typeof pack>`. */
export type ShapeOfPack<One extends Pack> = One extends Pack<infer Shape> ? Shape : never;

/** Written so that messages of the compiler list the names. */
export type StateName<Shape extends PackShape> = keyof Shape["states"] & string extends infer Name extends string
  ? Name
  : never;
/** The events that a state takes; without a state, those of all. */
export type EventName<
  Shape extends PackShape,
  State extends keyof Shape["states"] = keyof Shape["states"],
> = Shape["states"][State];
export type AgentName<Shape extends PackShape> = Shape["agents"];
export type MetricName<Shape extends PackShape> = Shape["metrics"];
/** The tools that a prompt offers to a model. */
export type PromptToolName<Shape extends PackShape, Id extends PromptId<Shape>> = Shape["prompts"][Id]["tools"];

/** What a host does for each tool of a pack: checked arguments in, any result out. */
export type ToolHandlers<Shape extends PackShape, Name extends ToolName<Shape> = ToolName<Shape>> = {
  readonly [One in Name]: (args: ToolArguments<Shape, One>) => unknown;
};
