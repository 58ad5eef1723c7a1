import { getOwn, isObject, type JsonValue } from "../../json/json.ts";

/** A name, an index (negative from the end), or "*" for every item or member. */
export type PathStep = { readonly name: string } | number | "*";

// A function, because classes of Unicode characters take long to make and few packs need this one.
const stepPattern = (): RegExp =>
  /\.?(?:([\p{L}_][\p{L}\p{N}_-]*)|"((?:[^"\\]|\\.)*)"|(\*)|\[(?:(-?\d{1,9})|'([^']*)'|"([^"]*)"|(\*?))\])/uy;

/**
 * Reads a path as JMESPath and JSONPath write it: `$.a.b`, `a[0]`, `a[-1]`, `a[*].b`, `a[]`, `"odd name"`, `$['x']`.
 * Returns undefined for anything beyond that (filters, functions, pipes).
 */
export function readPath(expression: string): readonly PathStep[] | undefined {
  const text = expression.trim().replace(/^[$@]/, "");
  const steps: PathStep[] = [];
  const pattern = stepPattern();
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, bare, quoted, star, index, single, double, every] = match;
    const name = bare ?? quoted ?? single ?? double;
    if (name !== undefined) steps.push({ name });
    else if (index !== undefined) steps.push(Number(index));
    else if (star !== undefined || every !== undefined) steps.push("*");
  }
  return steps;
}

/** Returns every value that a path leads to; own members only. */
export function selectPath(path: readonly PathStep[], value: JsonValue): readonly JsonValue[] {
  let found: readonly JsonValue[] = [value];
  for (const step of path) found = found.flatMap((item) => follow(step, item));
  return found;
}

function follow(step: PathStep, value: JsonValue): readonly JsonValue[] {
  if (step === "*") return isObject(value) ? (Object.values(value) as JsonValue[]) : Array.isArray(value) ? value : [];
  const next =
    typeof step === "number"
      ? Array.isArray(value)
        ? (value as readonly JsonValue[]).at(step)
        : undefined
      : isObject(value)
        ? getOwn(value as { readonly [key: string]: JsonValue }, step.name)
        : undefined;
  return next === undefined ? [] : [next];
}
