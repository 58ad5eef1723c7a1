/** What adapters of frameworks share: turns, handlers, variables given before, and how providers write messages. */
export { type GivenVariables, neededVariables, valuesOfCall, type VariablesLeft } from "./given-variables.ts";
export { isObject, isPlain } from "../json/json.ts";
export { isQuietMember, kindOfMember } from "./provider-members.ts";
export { type PartInput, type PartsOptions, providerParts, readableParts } from "./readable-parts.ts";
export { demandPack, handlersByName, toolDefinition } from "./tool-handlers.ts";
export {
  offerForTurn,
  offerHostTools,
  promptPolicy,
  readTurn,
  refusalOf,
  type TurnCall,
  type TurnOffer,
  type TurnReader,
} from "./turn-policy.ts";
