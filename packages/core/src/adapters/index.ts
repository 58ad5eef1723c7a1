/** What adapters of frameworks share: a turn read from its messages, handlers by name, and parts that a provider can read. */
export { type PartInput, type PartsOptions, providerParts, readableParts } from "./readable-parts.ts";
export { toolDefinition } from "../tools/check-tool-arguments.ts";
export { handlersByName } from "./tool-handlers.ts";
export { offerHostTools, readTurn, type TurnCall, type TurnReader } from "./turn-policy.ts";
