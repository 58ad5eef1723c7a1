import { quoteName } from "../diagnostics/quote-name.ts";
import { thereAre } from "../diagnostics/suggest.ts";
import { isObject } from "../json/json.ts";
import type { ToolDefinition } from "../messages/message.ts";
import type { Tool } from "../schema/sections/tools.ts";
import { toolDefinition as definitionOf } from "../tools/check-tool-arguments.ts";
import type { CalleeSources } from "../tools/offered-tools.ts";

/** Returns a pack. @throws {TypeError} for its data or its text, which have no methods */
export function demandPack<One extends { prompt(id: never): unknown }>(pack: One): One {
  if (typeof pack?.prompt === "function") return pack;
  throw new TypeError("expected a Pack; parsePack makes one of text, validatePack of data");
}

/** Returns what a model is told about a tool. @throws {TypeError} for what is no tool, such as its name */
export function toolDefinition(tool: Tool): ToolDefinition {
  if (typeof tool?.name === "string") return definitionOf(tool);
  throw new TypeError("expected a tool, such as pack.tool(name)");
}

/**
 * Returns a host's handlers by the names that models call. A handler may stand under the key of a tool or under its name.
 *
 * @throws {TypeError} a handler is for no tool, or no function
 */
export function handlersByName<Handler>(
  handlers: { readonly [tool: string]: Handler | undefined },
  { tools = {} }: Pick<CalleeSources, "tools">,
  hostTools: readonly { readonly name: string }[] = [],
): ReadonlyMap<string, Handler> {
  const nameOf = new Map(Object.entries(tools).map(([key, { name }]) => [key, name]));
  for (const { name } of [...Object.values(tools), ...hostTools]) nameOf.set(name, name);
  if (!isObject(handlers) || handlers instanceof Map)
    throw new TypeError("handlers are an object that has the names of tools as keys");
  const byName = new Map<string, Handler>();
  for (const [key, handler] of Object.entries(handlers)) {
    const name = nameOf.get(key);
    if (name === undefined) throw new TypeError(`${quoteName(key)} is no tool to handle; ${thereAre(nameOf.keys())}`);
    if (handler === undefined) continue;
    if (typeof handler !== "function") throw new TypeError(`the handler of ${quoteName(key)} is no function`);
    byName.set(name, handler);
  }
  return byName;
}
