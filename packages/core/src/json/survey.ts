import { countCodePoints } from "./code-points.ts";
import type { ListShape, NumberShape, ObjectShape, Shape, TextShape } from "./shape.ts";

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
export function surveyJson(value: unknown, shape: Shape, limits: SurveyLimits, hasEscapes: boolean): SurveyCounts | undefined {
  const survey = new Survey(limits, hasEscapes);
  return survey.visit(value, shape, 1) && survey.nodes <= limits.maxNodes ? survey : undefined;
}

class Survey implements SurveyCounts {
  members = 0;
  nodes = 0;
  private readonly maxDepth: number;
  private readonly maxKeyLength: number;
  private readonly hasEscapes: boolean;

  constructor(limits: SurveyLimits, hasEscapes: boolean) {
    this.maxDepth = limits.maxDepth;
    this.maxKeyLength = limits.maxKeyLength;
    this.hasEscapes = hasEscapes;
  }

  visit(value: unknown, shape: Shape, depth: number): boolean {
    this.nodes++;
    if (shape.kind === "choice") return this.visitChoice(value, shape.common, shape.alternatives, shape.isExclusive, depth);
    switch (typeof value) {
      case "string":
        if (this.hasEscapes && !value.isWellFormed()) return false;
        return shape.kind === "text" ? fitsText(value, shape) : shape.kind === "any";
      case "number":
        if (!(value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER)) return false;
        return shape.kind === "number" ? fitsNumber(value, shape) : shape.kind === "any";
      case "boolean":
        return shape.kind === "flag" || shape.kind === "any";
      default:
        if (value === null) return shape.kind === "any";
        if (depth > this.maxDepth) return false;
        if (Array.isArray(value)) return this.visitList(value, shape, depth + 1);
        return this.visitObject(value as { readonly [key: string]: unknown }, shape, depth + 1);
    }
  }

  private visitList(value: readonly unknown[], shape: Shape, depth: number): boolean {
    if (shape.kind !== "list" && shape.kind !== "any") return false;
    const items = shape.kind === "any" ? shape : (shape as ListShape).items;
    if (shape.kind === "list" && value.length < shape.minItems) return false;
    for (let index = 0; index < value.length; index++) {
      if (!this.visit(value[index], items, depth)) return false;
    }
    Object.freeze(value);
    return true;
  }

  private visitObject(value: { readonly [key: string]: unknown }, shape: Shape, depth: number): boolean {
    if (shape.kind === "any") return this.visitOpen(value, shape, depth);
    if (shape.kind !== "object") return false;
    if (shape.names.length === 0 && shape.additional !== undefined) {
      const before = this.members;
      if (!this.visitOpen(value, shape.additional, depth)) return false;
      const count = this.members - before;
      return count >= shape.minMembers;
    }
    return this.visitNamed(value, shape, depth) && this.fitsCondition(value, shape, depth);
  }

  private visitOpen(value: { readonly [key: string]: unknown }, each: Shape, depth: number): boolean {
    let count = 0;
    for (const key in value) {
      count++;
      if (key.length > this.maxKeyLength || key === "__proto__" || (this.hasEscapes && !key.isWellFormed())) return false;
      if (!this.visit(value[key], each, depth)) return false;
    }
    this.members += count;
    Object.freeze(value);
    return true;
  }

  private visitNamed(value: { readonly [key: string]: unknown }, shape: ObjectShape, depth: number): boolean {
    const { names, shapes, isRequired } = shape;
    let next = 0;
    let required = 0;
    let count = 0;
    for (const key in value) {
      count++;
      // Members mostly come in the order of the schema: then the next name is a pointer comparison away.
      let position = next;
      while (position < names.length && names[position] !== key) position++;
      if (position === names.length) position = shape.positions.get(key) ?? -1;
      if (position < 0) {
        if (shape.additional === undefined || key.length > this.maxKeyLength || key === "__proto__") return false;
        if (this.hasEscapes && !key.isWellFormed()) return false;
        if (!this.visit(value[key], shape.additional, depth)) return false;
        continue;
      }
      next = position + 1;
      if (isRequired[position] === true) required++;
      if (!this.visit(value[key], shapes[position] as Shape, depth)) return false;
    }
    this.members += count;
    Object.freeze(value);
    return required === shape.requiredCount && count >= shape.minMembers && count <= shape.maxMembers;
  }

  private fitsCondition(value: unknown, { condition }: ObjectShape, depth: number): boolean {
    if (condition === undefined) return true;
    return this.fits(value, this.fits(value, condition.test, depth) ? condition.then : condition.otherwise, depth);
  }

  private visitChoice(value: unknown, common: Shape, alternatives: readonly Shape[], isExclusive: boolean, depth: number): boolean {
    this.nodes--;
    if (!this.visit(value, common, depth)) return false;
    let matches = 0;
    for (const alternative of alternatives) {
      if (this.fits(value, alternative, depth)) matches++;
      if (matches > 0 && !isExclusive) return true;
    }
    return matches === 1;
  }

  /** Compares without counting: the value is counted elsewhere. */
  private fits(value: unknown, shape: Shape, depth: number): boolean {
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
  if (values !== undefined && !values.has(value)) return false;
  return test === undefined || test(value);
}

function fitsNumber(value: number, shape: NumberShape): boolean {
  return value >= shape.minimum && value <= shape.maximum && (!shape.isInteger || Number.isInteger(value));
}
