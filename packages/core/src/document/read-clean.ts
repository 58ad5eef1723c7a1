import type { JsonValue } from "../json/json.ts";
import type { Shape } from "../json/shape.ts";
import { surveyJson } from "../json/survey.ts";
import type { Limits } from "./limits.ts";

/**
 * Returns the frozen value of a JSON text that is provably clean, read with JSON.parse, or undefined when anything is in
 * doubt: then the strict parser decides and says why. Also in doubt is a value that does not fit the shape.
 */
export function readClean(text: string, limits: Limits, shape: Shape): JsonValue | undefined {
  if (hasLongNumber(text, limits.maxNumberLength)) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const hasEscapes = text.includes("\\u");
  const counts = surveyJson(value, shape, limits, hasEscapes);
  // JSON.parse drops all but the last of duplicate keys, so a text with more keys than its value has some
  return counts !== undefined && countKeys(text) === counts.members ? value : undefined;
}

/**
 * Returns the number of members in a JSON text, or more. A colon that ends a key follows a quote that no backslash
 * escapes, perhaps after white space; a colon inside a string seldom does, and then the count is too high.
 */
function countKeys(text: string): number {
  let count = 0;
  for (let colon = text.indexOf(":"); colon !== -1; colon = text.indexOf(":", colon + 1)) {
    let before = colon - 1;
    let unit = text.charCodeAt(before);
    if (unit !== 34) while (unit === 32 || unit === 10 || unit === 13 || unit === 9) unit = text.charCodeAt(--before);
    if (unit === 34 && (text.charCodeAt(before - 1) !== 92 || !isEscaped(text, before))) count++;
  }
  return count;
}

function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === 92) before--;
  return (quote - before) % 2 === 0;
}

// A run of so many number characters covers a multiple of its length, so looking at every such place finds it.
function hasLongNumber(text: string, maxLength: number): boolean {
  for (let place = 0; place < text.length; place += maxLength) {
    if (!isNumberUnit(text.charCodeAt(place))) continue;
    let start = place;
    let end = place;
    while (isNumberUnit(text.charCodeAt(start - 1))) start--;
    while (isNumberUnit(text.charCodeAt(end))) end++;
    if (end - start > maxLength) return true;
  }
  return false;
}

function isNumberUnit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || unit === 43 || unit === 45 || unit === 46 || unit === 69 || unit === 101;
}
