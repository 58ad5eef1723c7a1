/**
 * The positive half of a schema: what a value certainly fits. A value that does not fit is not wrong, only in doubt,
 * and gets the full check; so a shape may be stricter than its schema and never looser.
 */
export type Shape = AnyShape | TextShape | NumberShape | FlagShape | ObjectShape | ListShape | ChoiceShape;

export interface AnyShape {
  readonly kind: "any";
}

export interface TextShape {
  readonly kind: "text";
  /** In code points, as are all lengths of JSON Schema. */
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: RegExp | undefined;
  readonly values: ReadonlySet<unknown> | undefined;
  readonly test: ((text: string) => boolean) | undefined;
}

export interface NumberShape {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

export interface FlagShape {
  readonly kind: "flag";
}

export interface ObjectShape {
  readonly kind: "object";
  readonly names: readonly string[];
  readonly shapes: readonly Shape[];
  readonly positions: ReadonlyMap<string, number>;
  /** Which of the names must be there, by position. */
  readonly isRequired: readonly boolean[];
  readonly requiredCount: number;
  /** The shape of members that are not named; undefined when there must be none. */
  readonly additional: Shape | undefined;
  readonly minMembers: number;
  readonly maxMembers: number;
  readonly condition: { readonly test: Shape; readonly then: Shape; readonly otherwise: Shape } | undefined;
}

export interface ListShape {
  readonly kind: "list";
  readonly items: Shape;
  readonly minItems: number;
}

/** A value that fits exactly one of several shapes, or at least one, and the common shape besides. */
export interface ChoiceShape {
  readonly kind: "choice";
  readonly common: Shape;
  readonly alternatives: readonly Shape[];
  readonly isExclusive: boolean;
}

export const ANY: AnyShape = { kind: "any" };
