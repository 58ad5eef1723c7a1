import type { PackShape } from "../pack/pack-shape.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt, Variable } from "../schema/sections/prompt.ts";
import type { TypeOfSchema } from "./type-of-schema.ts";

/** The shape of a pack whose data the compiler sees as literals. Editors show what it comes to, not how. */
export type ShapeOf<Data extends PackData> = {
  readonly prompts: {
    readonly [Id in keyof Data["prompts"] & string]: {
      readonly variables: VariablesOf<ItemOf<Data["prompts"][Id]["variables"]>>;
      readonly tools: OfferedTools<Data["prompts"][Id], ToolKey<Data>>;
    };
  };
  readonly tools: { readonly [Key in ToolKey<Data>]: TypeOfArguments<NonNullable<Data["tools"]>[Key]> };
  readonly states: EventsOf<NonNullable<Data["workflow"]>["states"]>;
  readonly agents: keyof NonNullable<Data["agents"]>["members"] & string;
  readonly metrics: MetricOf<EvalIn<Data> | EvalIn<Data["prompts"][keyof Data["prompts"]]>>;
} extends infer Shape extends PackShape
  ? { readonly [Part in keyof Shape]: Shape[Part] }
  : never;

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
type ToolKey<Data extends PackData> = keyof NonNullable<Data["tools"]> & string;

/** A default, or a binding that the host fills, stands in for a value. Source: RULINGS 10, 16. */
type IsOptional<Definition> = Definition extends
  | { readonly required: false }
  | { readonly default: {} }
  | { readonly binding: { readonly auto_populate: true } }
  ? true
  : false;

type VariablesOf<Definition> = {
  readonly [One in Definition as IsOptional<One> extends false ? NameOf<One> : never]: TypeOfVariable<One>;
} & {
  readonly [One in Definition as IsOptional<One> extends false ? never : NameOf<One>]?: TypeOfVariable<One>;
} extends infer Both
  ? keyof Both extends never
    ? { readonly [name: string]: never }
    : { readonly [Name in keyof Both]: Both[Name] }
  : never;

type NameOf<Definition> = Definition extends Pick<Variable, "name"> ? Definition["name"] : never;

type TypeOfVariable<Definition> = Definition extends {
  readonly validation: { readonly enum: readonly (infer Value)[] };
}
  ? Value
  : Definition extends { readonly type: infer Type }
    ? Type extends keyof VariableTypes
      ? VariableTypes[Type]
      : unknown
    : never;

interface VariableTypes {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly object: { readonly [name: string]: unknown };
  readonly array: readonly unknown[];
}

/** What the model is offered, as offeredTools says it. */
type OfferedTools<One extends Prompt, Known extends string> = One["tool_policy"] extends {
  readonly tool_choice: "none";
}
  ? never
  : Exclude<
      Extract<ItemOf<One["tools"]>, Known>,
      One["tool_policy"] extends { readonly blocklist: readonly (infer Blocked)[] } ? Blocked : never
    >;

/** A tool without parameters takes none. */
type TypeOfArguments<One> = One extends { readonly parameters: infer Schema }
  ? TypeOfSchema<Schema> & object
  : { readonly [name: string]: never };

type EventsOf<States> = [States] extends [never]
  ? {}
  : {
      readonly [State in keyof States & string]: States[State] extends { readonly on_event: infer Events }
        ? keyof Events & string
        : never;
    };

type EvalIn<Place> = Place extends { readonly evals: readonly (infer One)[] } ? One : never;
type MetricOf<One> = One extends { readonly metric: { readonly name: infer Name extends string } } ? Name : never;
