/**
 * Returns a value as the type of its variable where nothing is lost, else the value itself: text in JSON number
 * grammar as a number, true and false in any case as a boolean, numbers and booleans as text. Source: RULINGS 14.
 */
export function coerceValue(type: string, value: unknown): unknown {
  if (type === "string") {
    const isScalar = typeof value === "boolean" || typeof value === "bigint" || Number.isFinite(value);
    return isScalar ? String(value) : value;
  }
  if (typeof value !== "string" || value.length > MAX_NUMBER) return value;
  if (type === "boolean") {
    const word = value.toLowerCase();
    return word === "true" ? true : word === "false" ? false : value;
  }
  if ((type === "number" || type === "integer") && JSON_NUMBER.test(value)) {
    const number = Number(value);
    // a whole number that a double cannot hold would change
    const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
    return isExact ? number : value;
  }
  return value;
}

const MAX_NUMBER = 400;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
