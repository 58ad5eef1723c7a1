/**
 * The values that a JSON Schema literal accepts, or more: keywords that TypeScript has no words for only narrow.
 * schemaToType writes the same types as text.
 */
export type TypeOfSchema<Schema> = Schema extends { readonly $ref: unknown }
  ? unknown
  : Schema extends { readonly const: infer Value }
    ? Value
    : Schema extends { readonly enum: readonly (infer Value)[] }
      ? Value
      : Schema extends { readonly type: readonly (infer Type)[] }
        ? TypeOfEach<Schema, Type>
        : Schema extends { readonly type: infer Type }
          ? TypeOfEach<Schema, Type>
          : Schema extends { readonly anyOf: readonly (infer One)[] } | { readonly oneOf: readonly (infer One)[] }
            ? TypeOfAny<One>
            : unknown;

type TypeOfAny<Schema> = Schema extends unknown ? TypeOfSchema<Schema> : never;

type TypeOfEach<Schema, Type> = Type extends "object"
  ? TypeOfObject<Schema>
  : Type extends "array"
    ? Schema extends { readonly prefixItems: unknown }
      ? readonly unknown[]
      : Schema extends { readonly items: infer Items }
        ? readonly TypeOfSchema<Items>[]
        : readonly unknown[]
    : Type extends keyof ScalarTypes
      ? ScalarTypes[Type]
      : unknown;

interface ScalarTypes {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly null: null;
}

type TypeOfObject<Schema> = Schema extends { readonly properties: infer Properties }
  ? [keyof Properties | RequiredOf<Schema>] extends [never]
    ? Members<Schema>
    : TypeOfProperties<Properties, RequiredOf<Schema>>
  : Members<Schema>;

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name extends string)[] } ? Name : never;

/** The members of an object whose schema names none. */
type Members<Schema> = Schema extends { readonly additionalProperties: infer Rest }
  ? { readonly [name: string]: Rest extends false ? never : TypeOfSchema<Rest> }
  : { readonly [name: string]: unknown };

type TypeOfProperties<Properties, Required extends string> = {
  readonly [Name in Required]: Name extends keyof Properties ? TypeOfSchema<Properties[Name]> : unknown;
} & {
  readonly [Name in Exclude<keyof Properties, Required>]?: TypeOfSchema<Properties[Name]>;
} extends infer Both
  ? { readonly [Name in keyof Both]: Both[Name] }
  : never;
