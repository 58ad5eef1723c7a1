import { isObject } from "../json/json.ts";
import type { CompiledPrompt } from "../prompt/compiled-prompt.ts";

/** Values of variables that are known before a call, or functions that give them when it comes. */
export type GivenVariables<Variables, Name extends keyof Variables = keyof Variables> = {
  readonly [One in Name]: Variables[One] | (() => Variables[One] | Promise<Variables[One]>);
};

/** The variables that a call takes when some were given before; one of those may be given anew. */
export type VariablesLeft<Variables, Given extends keyof Variables> = Omit<Variables, Given> &
  Partial<Pick<Variables, Given>>;

/** Returns the names that a call has to give: without a default, and not given before. */
export function neededVariables(
  { variables, undeclared }: Pick<CompiledPrompt, "variables" | "undeclared">,
  given: object = {},
): string[] {
  const needed = variables.filter((variable) => variable.required && variable.default === undefined);
  const names = [...needed.map(({ name }) => name), ...undeclared];
  return names.filter((name) => !Object.hasOwn(given, name));
}

/**
 * Returns the values of the variables, those of the call before those that were given, and apart from them what a framework
 * hands in under other `names`; a variable of such a name is a variable.
 *
 * @throws {TypeError} the values are no object
 */
export async function valuesOfCall<Name extends string>(
  { variables, undeclared }: Pick<CompiledPrompt, "variables" | "undeclared">,
  { given, values, names }: { readonly given: object; readonly values: object; readonly names: readonly Name[] },
): Promise<[variables: Record<string, unknown>, others: { readonly [One in Name]?: unknown }]> {
  if (!isObject(values)) throw new TypeError("values must be an object that has the names of variables as keys");
  const known = Object.entries(given).map(async ([name, value]: [string, unknown]) => [
    name,
    typeof value === "function" ? await value() : value,
  ]);
  const all = Object.entries<unknown>(Object.fromEntries([...(await Promise.all(known)), ...Object.entries(values)]));
  const own = new Set([...variables.map(({ name }) => name), ...undeclared]);
  const others = new Set<string>(names.filter((name) => !own.has(name)));
  const taken = Object.fromEntries(all.filter(([name]) => others.has(name))) as { [One in Name]?: unknown };
  return [Object.fromEntries(all.filter(([name]) => !others.has(name))), taken];
}
