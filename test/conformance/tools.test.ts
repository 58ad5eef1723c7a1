import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkJsonSchema } from "../../packages/core/src/schema/check-json-schema.ts";
import { packSchema } from "../../packages/core/src/schema/versions/pack-schema.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { Tool, ToolPolicy } from "../../packages/core/src/schema/sections/tools.ts";
import { checkToolArguments, toolDefinition } from "../../packages/core/src/tools/check-tool-arguments.ts";
import { decideToolCall } from "../../packages/core/src/tools/decide-tool-call.ts";
import { offeredTools } from "../../packages/core/src/tools/offered-tools.ts";
import {
  canStartRound,
  createToolPolicyState,
  startRound,
  startTurn,
  type ToolPolicyState,
} from "../../packages/core/src/tools/tool-policy-state.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

/** What RULINGS decide where the vectors are open. */
const DECIDED: Readonly<Record<string, unknown>> = {
  "tools-032": { names: [] }, // ruling 17: the blocklist matches key or name
  "tools-033": { names: [] }, // ruling 17
};

interface Input {
  readonly op: string;
  readonly tools?: PackData["tools"];
  readonly prompt_tools?: readonly string[];
  readonly tool_policy?: ToolPolicy;
  readonly provided?: readonly string[];
  readonly tool?: Tool;
  readonly compare_only?: readonly string[];
  readonly args?: object;
  readonly handler?: string;
  readonly handlers?: { readonly [name: string]: string };
  readonly call?: string;
  readonly steps?: readonly ("round" | "call" | "look" | "reset")[];
}
interface Case {
  readonly id: string;
  readonly title: string;
  readonly input: Input;
  readonly compare_only?: readonly string[];
  readonly expect: unknown;
  readonly open?: boolean;
}

const promptOf = ({ prompt_tools, tool_policy }: Input): { tools?: readonly string[]; tool_policy?: ToolPolicy } => ({
  ...(prompt_tools && { tools: prompt_tools }),
  ...(tool_policy && { tool_policy }),
});

const named = (names: readonly string[]): PackData["tools"] =>
  Object.fromEntries(names.map((name) => [name, { name, description: name }]));

const namesOf = (input: Input): unknown => ({
  names: offeredTools(promptOf(input), input).map(({ name }) => name),
});

function invoke(tool: Tool, args: object, handler: string | undefined): unknown {
  if (handler === undefined) return { error: "no_handler" };
  const checked = checkToolArguments(tool, JSON.stringify(args)).arguments;
  if (checked === undefined) return { error: "invalid_arguments" };
  return {
    result: handler.replace(/\{(\w+)\}/g, (_all, name: string) => JSON.stringify(checked[name]).replaceAll('"', "")),
  };
}

/** A limit below the schema's minimum never reaches the policy: the pack is refused when it is loaded. */
function isValidPrompt(fields: object): boolean {
  const prompt = { id: "main", name: "M", version: "1.0.0", system_template: "x", ...fields };
  const pack = {
    id: "p",
    name: "P",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: prompt },
  };
  return checkJsonSchema(packSchema("1.9.0"), pack).length === 0;
}

const traced = (state: ToolPolicyState): object => ({
  rounds: state.rounds,
  calls: state.calls,
  can_round: canStartRound(state),
  can_call: state.calls < state.maxCallsPerTurn,
});

const ops: Readonly<Record<string, (input: Input) => unknown>> = {
  tools_for_prompt: namesOf,
  tools_convert: namesOf,
  tools_all: ({ tools = {} }) => ({ names: Object.values(tools).map((tool) => toolDefinition(tool).name) }),
  tools_filter_provided: (input) => namesOf({ ...input, tools: named(input.provided ?? []) }),
  tool_choice: (input) => ({ tool_choice: createToolPolicyState(promptOf(input), {}).toolChoice }),
  tool_limits: (input) => {
    if (!isValidPrompt(promptOf(input))) return { error: "pack_rejected" };
    const state = createToolPolicyState(promptOf(input), {});
    return { max_rounds: state.maxRounds, max_tool_calls_per_turn: state.maxCallsPerTurn };
  },
  tool_budget: ({ tool_policy, steps = [] }) => {
    const prompt = promptOf({ op: "", prompt_tools: ["probe"], ...(tool_policy && { tool_policy }) });
    let state = createToolPolicyState(prompt, { tools: named(["probe"]) });
    const trace = steps.map((step) => {
      if (step === "round") state = startRound(state);
      if (step === "reset") state = startTurn(state);
      if (step === "call") ({ state } = decideToolCall(state, { id: "1", name: "probe", arguments: "{}" }));
      return traced(state);
    });
    return { trace };
  },
  tool_definition: ({ tool, compare_only = [] }) => {
    const definition = toolDefinition(tool as Tool);
    const schema = definition.parameters as { required?: unknown; properties: object };
    const all = { ...definition, required: schema.required, properties: Object.keys(schema.properties) };
    return Object.fromEntries(Object.entries(all).filter(([key]) => compare_only.includes(key)));
  },
  tool_invoke: ({ tool, args = {}, handler }) => invoke(tool as Tool, args, handler),
  tool_invoke_all: ({ tools, handlers, call = "", args = {} }) => invoke(tools?.[call] as Tool, args, handlers?.[call]),
};

describe.skipIf(dir === undefined)("vectors of tools (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const text = dir === undefined ? '{"vectors":[]}' : readFileSync(join(dir, "vectors/tools.json"), "utf8");
  const cases = (JSON.parse(text) as { vectors: readonly Case[] }).vectors;
  for (const { id, title, input, compare_only, expect: expected, open } of cases) {
    it(`${id}: ${title}`, () => {
      const actual = ops[input.op]?.({ ...input, ...(compare_only && { compare_only }) });
      const wanted = open === true ? DECIDED[id] : expected;
      expect(wanted).toBeDefined();
      expect(actual).toEqual(wanted);
    });
  }
});
