import type { Evidence, ToolCallRecord } from "../checks/evidence.ts";
import { asText, isObject, type JsonObject, type JsonValue } from "../json/json.ts";
import { compilePattern, isPatternFault } from "../schema/pattern.ts";

type Condition = (wanted: JsonValue, evidence: Evidence) => boolean;

const calls = ({ toolCalls = [] }: Evidence): readonly ToolCallRecord[] => toolCalls;

/** What `when` may ask; all conditions must hold. Source: R137. */
export const conditions: { readonly [key: string]: Condition } = {
  has_variable: (wanted, { variables = {} }) =>
    namesOf(wanted).every((name) => Object.hasOwn(variables, name) && variables[name] !== null),
  turn_count_gte: (wanted, { turn = 0 }) => turn + 1 >= Number(wanted),
  any_tool_called: (wanted, evidence) => calls(evidence).length > 0 === (wanted !== false),
  tool_called: (wanted, evidence) =>
    namesOf(wanted).every((name) => calls(evidence).some((call) => call.name === name)),
  tool_called_pattern: (wanted, evidence) => {
    const pattern = compilePattern(asText(wanted));
    return !isPatternFault(pattern) && calls(evidence).some(({ name }) => pattern.test(name));
  },
  min_tool_calls: (wanted, evidence) => calls(evidence).length >= Number(wanted),
};

/** Returns why an eval does not run now, or undefined. */
export function whenUnmet(when: JsonObject, evidence: Evidence): string | undefined {
  for (const [key, wanted] of Object.entries(isObject(when) ? when : {})) {
    if (!Object.hasOwn(conditions, key)) return `the condition "${key}" is not known`;
    if (!(conditions[key] as Condition)(wanted, evidence)) return `the condition "${key}" does not hold`;
  }
  return undefined;
}

const namesOf = (wanted: JsonValue): readonly string[] => (Array.isArray(wanted) ? wanted : [wanted]).map(String);
