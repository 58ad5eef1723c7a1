import { isPlain } from "../json/json.ts";

/** Characters that one rendered text may have: 4 Mi UTF-16 code units. Source: RULINGS 8. */
export const MAX_OUTPUT: number = 4 * 1024 * 1024;
const MAX_DEPTH = 128;

/** Thrown by textOfValue; the message says why the value has no text and never what it holds. */
export class NoTextError extends Error {}

/**
 * Returns the text that a template shows for a value: strings as they are, numbers as JSON writes them, bigints as
 * digits, arrays and objects as compact JSON, null and undefined as nothing. Source: RULINGS 12.
 *
 * @throws {NoTextError} for what JSON cannot hold
 */
export function textOfValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? writeJson(value, [], { left: MAX_OUTPUT }) : textOfScalar(value);
}

function textOfScalar(value: unknown): string {
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value === 0 ? 0 : value);
  throw new NoTextError(`JSON has no ${typeof value === "number" ? "NaN and no infinity" : `${typeof value} values`}`);
}

// JSON.stringify would drop functions, call toJSON and fail on bigints and cycles with an error of its own.
function writeJson(value: unknown, parents: readonly object[], budget: { left: number }): string {
  const text = writeValue(value, parents, budget);
  budget.left -= text.length;
  // hostile: an object graph without cycles can still be exponentially large
  if (budget.left < 0) throw new NoTextError("its JSON text is too large");
  return text;
}

function writeValue(value: unknown, parents: readonly object[], budget: { left: number }): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return textOfScalar(value);
  if (parents.includes(value)) throw new NoTextError("it contains itself");
  if (parents.length >= MAX_DEPTH) throw new NoTextError(`it is nested deeper than ${MAX_DEPTH} levels`);
  const inside = [...parents, value];
  if (Array.isArray(value)) {
    // hostile: an array of nothing but holes may have four billion of them
    if (value.length > budget.left) throw new NoTextError("its JSON text is too large");
    return `[${Array.from(value, (item) => writeJson(item, inside, budget)).join(",")}]`;
  }
  if (!isPlain(value)) throw new NoTextError("it is neither a plain object nor an array");
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${writeJson(member, inside, budget)}`);
  }
  return `{${members.join(",")}}`;
}
