import { countCodePoints } from "./code-points.ts";
import type { ChoiceShape, ListShape, NumberShape, ObjectShape, Shape, TextShape } from "./shape.ts";

type JsonMembers = { readonly [key: string]: unknown };
type Condition = NonNullable<ObjectShape["condition"]>;

/** What a value must keep to. */
export interface SurveyLimits {
  readonly maxDepth: number;
  readonly maxNodes: number;
  readonly maxKeyLength: number;
}

/** How much a value holds. */
export interface SurveyCounts {
  /** Members of all objects. */
  readonly members: number;
  readonly nodes: number;
}

/**
 * Walks a value fresh from JSON.parse once: counts it, freezes it deeply and compares it with a shape.
 * Returns undefined when anything about it is in doubt: a limit, the key `__proto__`, an integer beyond 2^53, a number
 * that is not finite, a lone surrogate (looked for when `hasEscapes`), or a value that does not fit.
 */
export function surveyJson(
  value: unknown,
  shape: Shape,
  limits: SurveyLimits,
  hasEscapes: boolean,
): SurveyCounts | undefined {
  const survey = new Survey(limits, hasEscapes);
  return survey.visit(value, shape, 1) && survey.nodes <= limits.maxNodes ? survey : undefined;
}

class Survey implements SurveyCounts {
  members = 0;
  nodes = 1;
  readonly #maxDepth: number;
  readonly #maxKeyLength: number;
  readonly #hasEscapes: boolean;

  constructor(limits: SurveyLimits, hasEscapes: boolean) {
    this.#maxDepth = limits.maxDepth;
    this.#maxKeyLength = limits.maxKeyLength;
    this.#hasEscapes = hasEscapes;
  }

  // Whoever holds a value counts it.
  visit(value: unknown, shape: Shape, depth: number): boolean {
    if (shape.choice !== undefined) return this.#visitChoice(value, shape.choice, depth);
    switch (typeof value) {
      case "string":
        if (this.#hasEscapes && !value.isWellFormed()) return false;
        return shape.isAnyText || (shape.text !== undefined && fitsText(value, shape.text));
      case "number":
        return shape.number !== undefined && fitsNumber(value, shape.number);
      case "boolean":
        return shape.isFlag;
      default:
        if (value === null) return shape.isNull;
        if (depth > this.#maxDepth) return false;
        if (Array.isArray(value)) return shape.list !== undefined && this.#visitList(value, shape.list, depth + 1);
        return shape.object !== undefined && this.#visitObject(value as JsonMembers, shape.object, depth + 1);
    }
  }

  #visitList(value: readonly unknown[], { items, minItems }: ListShape, depth: number): boolean {
    const { length } = value;
    if (length < minItems) return false;
    const skipsText = items.isAnyText && !this.#hasEscapes;
    for (let index = 0; index < length; index++) {
      const item = value[index];
      if (!(skipsText && typeof item === "string") && !this.visit(item, items, depth)) return false;
    }
    this.nodes += length;
    Object.freeze(value);
    return true;
  }

  #visitObject(value: JsonMembers, shape: ObjectShape, depth: number): boolean {
    const count =
      shape.names.length === 0 && shape.additional !== undefined
        ? this.#visitOpen(value, shape.additional, depth)
        : this.#visitNamed(value, shape, depth);
    this.members += count;
    this.nodes += count;
    Object.freeze(value);
    if (count < shape.minMembers || count > shape.maxMembers) return false;
    return shape.condition === undefined || this.#fitsCondition(value, shape.condition, depth);
  }

  // Returns the number of members, or -1 when one of them does not fit.
  #visitOpen(value: JsonMembers, member: Shape, depth: number): number {
    const skipsText = member.isAnyText && !this.#hasEscapes;
    let count = 0;
    for (const key in value) {
      count++;
      const item = value[key];
      if (!this.#fitsKey(key) || (!(skipsText && typeof item === "string") && !this.visit(item, member, depth)))
        return -1;
    }
    return count;
  }

  #visitNamed(value: JsonMembers, shape: ObjectShape, depth: number): number {
    const { names, shapes, isRequired } = shape;
    const skipsText = !this.#hasEscapes;
    const size = names.length;
    let next = 0;
    let required = 0;
    let count = 0;
    for (const key in value) {
      count++;
      // Members mostly come in the order of the schema: then the next name is a pointer comparison away.
      let position = next;
      while (position < size && names[position] !== key) position++;
      if (position === size) position = names.indexOf(key);
      let member = shape.additional;
      if (position >= 0) {
        member = shapes[position] as Shape;
        next = position + 1;
        if (isRequired[position] === true) required++;
      } else if (member === undefined || !this.#fitsKey(key)) return -1;
      const item = value[key];
      // most values are texts without rules, and need no call
      if (!(skipsText && typeof item === "string" && member.isAnyText) && !this.visit(item, member, depth)) return -1;
    }
    return required === shape.requiredCount ? count : -1;
  }

  #fitsKey(key: string): boolean {
    return key.length <= this.#maxKeyLength && key !== "__proto__" && (!this.#hasEscapes || key.isWellFormed());
  }

  #fitsCondition(value: JsonMembers, { test, then, otherwise }: Condition, depth: number): boolean {
    return this.#fits(value, this.#fits(value, test, depth) ? then : otherwise, depth);
  }

  #visitChoice(value: unknown, { common, alternatives, isExclusive }: ChoiceShape, depth: number): boolean {
    if (!this.visit(value, common, depth)) return false;
    let matches = 0;
    for (const alternative of alternatives) {
      if (this.#fits(value, alternative, depth)) matches++;
      if (matches > 0 && !isExclusive) return true;
    }
    return matches === 1;
  }

  /** Compares without counting: the value is counted elsewhere. */
  #fits(value: unknown, shape: Shape, depth: number): boolean {
    const { nodes, members } = this;
    const result = this.visit(value, shape, depth);
    this.nodes = nodes;
    this.members = members;
    return result;
  }
}

function fitsText(value: string, shape: TextShape): boolean {
  const { minLength, maxLength, pattern, values, test } = shape;
  // a code point is one or two code units, so most lengths need no count
  if (value.length < minLength || (value.length < minLength * 2 && countCodePoints(value) < minLength)) return false;
  if (value.length > maxLength && countCodePoints(value) > maxLength) return false;
  if (pattern !== undefined && !pattern.test(value)) return false;
  if (values !== undefined && !values.includes(value)) return false;
  return test === undefined || test(value);
}

function fitsNumber(value: number, { minimum, maximum, isInteger }: NumberShape): boolean {
  if (!(value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER)) return false;
  return value >= minimum && value <= maximum && (!isInteger || Number.isInteger(value));
}
