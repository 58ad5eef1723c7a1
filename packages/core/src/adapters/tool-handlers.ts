import { quoteName } from "../diagnostics/quote-name.ts";
import { listNames } from "../diagnostics/suggest.ts";
import type { CalleeSources } from "../tools/offered-tools.ts";

/**
 * Returns a host's handlers by the names that models call. A handler may stand under the key of a tool or under its name.
 *
 * @throws {TypeError} a handler is for no tool
 */
export function handlersByName<Handler>(
  handlers: { readonly [tool: string]: Handler | undefined },
  { tools = {} }: Pick<CalleeSources, "tools">,
  hostTools: readonly { readonly name: string }[] = [],
): ReadonlyMap<string, Handler> {
  const nameOf = new Map(Object.entries(tools).map(([key, { name }]) => [key, name]));
  for (const { name } of [...Object.values(tools), ...hostTools]) nameOf.set(name, name);
  const byName = new Map<string, Handler>();
  for (const [key, handler] of Object.entries(handlers)) {
    const name = nameOf.get(key);
    if (name === undefined)
      throw new TypeError(`${quoteName(key)} is no tool to handle; there is ${listNames(nameOf.keys())}`);
    if (handler !== undefined) byName.set(name, handler);
  }
  return byName;
}
