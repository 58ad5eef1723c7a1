/**
 * The positive half of a schema: what a value certainly fits. A value that does not fit is not wrong, only in doubt,
 * and gets the full check; so a shape may be stricter than its schema and never looser.
 *
 * One record for every kind of value, always with every member: reading it is then the same machine code everywhere.
 */
export interface Shape {
  /** Whether every text fits. */
  readonly isAnyText: boolean;
  /** What a text keeps to when not every one fits; as for the other kinds, none fits when it is undefined. */
  readonly text: TextShape | undefined;
  readonly number: NumberShape | undefined;
  readonly isFlag: boolean;
  readonly isNull: boolean;
  readonly list: ListShape | undefined;
  readonly object: ObjectShape | undefined;
  /** Replaces all other members. */
  readonly choice: ChoiceShape | undefined;
}

export interface TextShape {
  /** In code points, as are all lengths of JSON Schema. */
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: { test(text: string): boolean } | undefined;
  readonly values: readonly unknown[] | undefined;
  readonly test: ((text: string) => boolean) | undefined;
}

export interface NumberShape {
  readonly isInteger: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

export interface ObjectShape {
  readonly names: readonly string[];
  readonly shapes: readonly Shape[];
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
  readonly items: Shape;
  readonly minItems: number;
}

/** A value that fits exactly one of several shapes, or at least one, and the common shape besides. */
export interface ChoiceShape {
  readonly common: Shape;
  readonly alternatives: readonly Shape[];
  readonly isExclusive: boolean;
}

/** Returns the shape that a value of the given kinds fits, and no other. */
export function createShape(kinds: Partial<Shape>): Shape {
  const { isAnyText = false, text, number, isFlag = false, isNull = false, list, object, choice } = kinds;
  return { isAnyText, text, number, isFlag, isNull, list, object, choice };
}

/** What every value fits. */
export const ANY: Shape = createShape({ isAnyText: true, isFlag: true, isNull: true });

Object.assign(ANY, {
  number: { isInteger: false, minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY },
  list: { items: ANY, minItems: 0 },
  object: {
    names: [],
    shapes: [],
    isRequired: [],
    requiredCount: 0,
    additional: ANY,
    minMembers: 0,
    maxMembers: Number.POSITIVE_INFINITY,
    condition: undefined,
  },
} satisfies Partial<Shape>);
