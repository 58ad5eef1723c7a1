import type { Report } from "../diagnostics/report.ts";
import { didYouMean, namesOf, thereAre, unknownName } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import { isCertainlySchema, reportSchemaItself } from "../schema/check-schema-itself.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import { type Composition, isAgent, isTool, stepsInside } from "../schema/sections/composition.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";

type ToolSlice = Pick<PackData, "tools" | "prompts" | "agents" | "compositions">;

/** What the rules look names up in; built once. */
interface Names {
  /** Keys of `tools`. */
  readonly keys: ReadonlySet<string>;
  /** Keys and names of `tools`. */
  readonly all: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  /** Keys of `tools`, and members. */
  readonly known: readonly string[];
  readonly prompts: ReadonlySet<string>;
  readonly strict: boolean;
}

/** Reports tools, tool lists and tool policies that cannot work or hardly mean what they say. Source: R023, R073-R083, R147, RULINGS 3, 4. */
export function checkToolRules(pack: ToolSlice, report: Report, options: RuleOptions = {}): void {
  for (const key in pack.tools) checkParameters(key, pack.tools[key]?.parameters, report);
  if (isOrderly(pack)) return;
  const tools = Object.entries(pack.tools ?? {});
  const keys = tools.map(([key]) => key);
  const members = Object.keys(pack.agents?.members ?? {});
  const names: Names = {
    keys: new Set(keys),
    all: new Set(tools.flatMap(([key, tool]) => [key, tool.name])),
    members: new Set(members),
    known: [...keys, ...members],
    prompts: new Set(Object.keys(pack.prompts)),
    strict: options.strict ?? false,
  };
  checkTools(tools, report);
  for (const [promptId, prompt] of Object.entries(pack.prompts)) {
    checkList(promptId, prompt.tools ?? [], names, report);
    checkPolicy(promptId, prompt, names, report);
  }
  if (tools.length > 0) checkUse(pack, tools, report);
}

/**
 * Returns whether nothing about names, lists and policies can be reported; false is only a doubt.
 * Every tool is named like its key and listed, every list names other tools, and no policy contradicts its list.
 */
function isOrderly({ tools = {}, prompts, agents }: ToolSlice): boolean {
  if (agents !== undefined) return false;
  const listed = new Set<string>();
  for (const id in prompts) {
    const { tools: list = [], tool_policy } = prompts[id] as Prompt;
    if (list.length > SHORT) return false;
    if (tool_policy !== undefined && (tool_policy.blocklist !== undefined || !isOrdinary(tool_policy.tool_choice)))
      return false;
    for (let index = 0; index < list.length; index++) {
      const name = list[index] as string;
      if (list.indexOf(name) < index) return false;
      listed.add(name);
    }
  }
  let count = 0;
  for (const key in tools) {
    if (tools[key]?.name !== key || !listed.has(key)) return false;
    count++;
  }
  return listed.size === count;
}

/** In a list of so many names each is looked for faster than it is remembered. */
const SHORT = 32;

const isOrdinary = (choice: string | undefined): boolean => choice !== "required" && choice !== "none";

function checkTools(tools: readonly (readonly [string, Tool])[], report: Report): void {
  const keyOfName = new Map<string, string>();
  for (const [key, tool] of tools) {
    const pointer = (): string => formatPointer("tools", key);
    if (tool.name !== key) {
      const message = `the tool under the key "${key}" is named "${tool.name}"; key and name must be equal`;
      report("TOOL_KEY_MISMATCH", `${pointer()}/name`, message);
    }
    const first = keyOfName.get(tool.name);
    if (first === undefined) keyOfName.set(tool.name, key);
    else {
      const related = [{ pointer: `${formatPointer("tools", first)}/name`, message: "the first of the two" }];
      report("DUPLICATE_TOOL_NAME", `${pointer()}/name`, `two tools are named "${tool.name}"`, { related });
    }
  }
}

function checkParameters(key: string, parameters: Tool["parameters"], report: Report): void {
  if (parameters === undefined) return;
  if (!isCertainlySchema(parameters)) reportSchemaItself(parameters, formatPointer("tools", key, "parameters"), report);
  const { required = [], properties } = parameters;
  for (let index = 0; index < required.length; index++) {
    const name = required[index] as string;
    if (Object.hasOwn(properties, name)) continue;
    const known = namesOf(properties);
    const message = `"${name}" is required but not among the properties; ${thereAre(known)}`;
    report(
      "UNDECLARED_PARAMETER",
      formatPointer("tools", key, "parameters", "required", index),
      message,
      didYouMean(name, known),
    );
  }
}

function checkList(promptId: string, list: readonly string[], names: Names, report: Report): void {
  const seen = new Map<string, number>();
  list.forEach((name, index) => {
    const pointer = (at: number): string => formatPointer("prompts", promptId, "tools", at);
    const first = seen.get(name);
    if (first !== undefined) {
      const related = [{ pointer: pointer(first), message: "the first of the two" }];
      report("DUPLICATE_TOOL_ENTRY", pointer(index), `the list names "${name}" twice`, { related });
      return;
    }
    seen.set(name, index);
    if (names.members.has(name)) {
      if (name === promptId) {
        report("AGENT_CALLS_ITSELF", pointer(index), `the agent "${name}" lists itself as a tool; it is not offered`);
      } else if (names.keys.has(name)) {
        report("AGENT_HIDES_TOOL", pointer(index), `"${name}" is an agent member and a tool; the agent is called`);
      }
    } else if (!names.keys.has(name)) {
      reportUnknown(name, pointer(index), names, report);
    }
  });
}

function reportUnknown(name: string, pointer: string, names: Names, report: Report): void {
  if (names.prompts.has(name)) {
    const message = `"${name}" is a prompt but no agent member, so it cannot be called`;
    report("TOOL_NAMES_PROMPT", pointer, message, { hint: `add "${name}" to agents.members` });
    return;
  }
  const { known } = names;
  const [message, hint] = unknownName("tool", name, known);
  // A double underscore is how runtimes namespace tools of their own (RULINGS 4).
  const severity = name.includes("__") ? "info" : names.strict ? "error" : "warning";
  report("UNDEFINED_TOOL", pointer, message, { severity, ...hint });
}

function checkPolicy(promptId: string, { tools = [], tool_policy }: Prompt, names: Names, report: Report): void {
  if (tool_policy === undefined) return;
  const pointer = (...rest: readonly (string | number)[]): string =>
    formatPointer("prompts", promptId, "tool_policy", ...rest);
  if (tool_policy.tool_choice === "required" && tools.length === 0) {
    const message = 'tool_choice is "required" but the prompt lists no tools';
    report("TOOL_CHOICE_WITHOUT_TOOLS", pointer("tool_choice"), message);
  }
  if (tool_policy.tool_choice === "none" && tools.length > 0) {
    const message = `tool_choice is "none", so none of the ${tools.length} listed tools is offered`;
    report("TOOLS_SWITCHED_OFF", pointer("tool_choice"), message);
  }
  if (tool_policy.blocklist === undefined) return;
  const listed = new Set(tools);
  tool_policy.blocklist.forEach((name, index) => {
    if (listed.has(name)) {
      report(
        "BLOCKED_TOOL_LISTED",
        pointer("blocklist", index),
        `"${name}" is listed and blocked; it is never offered`,
      );
    } else if (!names.all.has(name) && !names.members.has(name)) {
      const message = `the blocklist names "${name}", which is no tool of the pack; ${thereAre(names.keys)}`;
      const severity = name.includes("__") ? "info" : "warning";
      report("UNKNOWN_BLOCKED_TOOL", pointer("blocklist", index), message, {
        severity,
        ...didYouMean(name, names.all),
      });
    }
  });
}

function checkUse(pack: ToolSlice, tools: readonly (readonly [string, Tool])[], report: Report): void {
  const used = new Set(Object.values(pack.prompts).flatMap((prompt) => prompt.tools ?? []));
  for (const composition of Object.values(pack.compositions ?? {})) addStepTools(composition.steps, used);
  for (const [key] of tools) {
    if (!used.has(key)) report("UNUSED_TOOL", formatPointer("tools", key), `no prompt lists the tool "${key}"`);
  }
}

function addStepTools(steps: Composition["steps"], used: Set<string>): void {
  for (const step of steps) {
    if (isTool(step)) used.add(step.tool);
    else if (isAgent(step)) for (const name of step.tools ?? []) used.add(name);
    else addStepTools(stepsInside(step), used);
  }
}
