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

/** Returns the values of a call together with those that were given before; the call wins. */
export async function withGivenVariables(given: object, values: object): Promise<Record<string, unknown>> {
  const known = Object.entries(given).map(async ([name, value]: [string, unknown]) => [
    name,
    typeof value === "function" ? await value() : value,
  ]);
  return Object.fromEntries([...(await Promise.all(known)), ...Object.entries(values)]);
}

/**
 * Returns the values of variables, and apart from them what a framework hands in under other names; a variable of such a
 * name is a variable.
 */
export function takeFromValues<Name extends string>(
  { variables, undeclared }: Pick<CompiledPrompt, "variables" | "undeclared">,
  values: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): [variables: Record<string, unknown>, taken: { readonly [One in Name]?: unknown }] {
  const own = new Set([...variables.map(({ name }) => name), ...undeclared]);
  const others = new Set<string>(names.filter((name) => !own.has(name)));
  const pick = (isOther: boolean): object =>
    Object.fromEntries(Object.entries(values).filter(([name]) => others.has(name) === isOther));
  return [{ ...pick(false) }, pick(true)];
}
