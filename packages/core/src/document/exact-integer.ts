/**
 * Returns whether a double holds an integer literal exactly; a literal with a fraction or an exponent is a measure
 * and always passes. Source: RULINGS 2, RFC 7493.
 */
export function isExactInteger(literal: string, value: number): boolean {
  return Number.isSafeInteger(value) || /[.eE]/.test(literal) || BigInt(literal) === BigInt(value);
}
