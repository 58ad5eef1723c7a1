import { getOwn } from "../json/json.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import { isPrompting, type Step, stepsInside } from "../schema/sections/composition.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { isEnding } from "../schema/sections/workflow.ts";
import { effectiveProvider } from "./provider-requirements.ts";

/** A place of a pack that calls a model. */
export interface CallSite {
  readonly kind: "prompt" | "state" | "prompt-step" | "agent-step";
  readonly pointer: string;
  /** The prompt that it runs. */
  readonly prompt: string;
  /** The effective key. */
  readonly provider: string;
  /** Where the key is written, or undefined for an implicit "default". */
  readonly providerPointer: string | undefined;
  readonly needs: CallNeeds;
}

/** What the bound provider must be able to do. Source: SPEC 4.11. */
export interface CallNeeds {
  readonly text: boolean;
  readonly tools: boolean;
  /** The output_schema of a prompt step. */
  readonly outputSchema?: string;
}

type CallSlice = Pick<PackData, "prompts" | "workflow" | "agents" | "compositions">;

/**
 * Returns every place that calls a model. A prompt that only composition steps run is no place of its own.
 * Source: R303, R304, SPEC 4.11.
 */
export function callSites(pack: CallSlice): readonly CallSite[] {
  const sites: CallSite[] = [];
  const stepPrompts = new Set<string>();
  for (const { pointer, step } of allSteps(pack)) {
    if (!isPrompting(step)) continue;
    const prompt = step.prompt_task;
    stepPrompts.add(prompt);
    const agent = step.kind === "agent";
    const needs = {
      text: agent || step.output_schema === undefined,
      tools: agent,
      ...(step.output_schema === undefined ? {} : { outputSchema: step.output_schema }),
    };
    sites.push({ ...place(pack, pointer, prompt, step), kind: agent ? "agent-step" : "prompt-step", needs });
  }
  for (const [name, state] of Object.entries(pack.workflow?.states ?? {})) {
    const { prompt_task: prompt, orchestration } = state;
    if (prompt === undefined || orchestration === "composition") continue;
    const tools = hasTools(pack, prompt) || (orchestration !== "external" && !isEnding(state));
    sites.push({
      ...place(pack, formatPointer("workflow", "states", name), prompt),
      kind: "state",
      needs: { text: true, tools },
    });
  }
  const stateful = new Set(sites.filter((site) => site.kind === "state").map((site) => site.prompt));
  for (const key of Object.keys(pack.prompts)) {
    const agent = getOwn(pack.agents?.members, key);
    const alone = agent === undefined ? !stepPrompts.has(key) && !stateful.has(key) : agent.state === undefined;
    if (alone)
      sites.push({
        ...place(pack, formatPointer("prompts", key), key),
        kind: "prompt",
        needs: { text: true, tools: hasTools(pack, key) },
      });
  }
  return sites;
}

/** Returns every step of all compositions with its pointer. */
export function allSteps({
  compositions = {},
}: Pick<PackData, "compositions">): readonly { readonly pointer: string; readonly step: Step }[] {
  const found: { pointer: string; step: Step }[] = [];
  const walk = (steps: readonly Step[], base: string): void => {
    for (const [index, step] of steps.entries()) {
      const pointer = appendPointer(base, index);
      found.push({ pointer, step });
      walk(stepsInside(step), `${pointer}/branches`);
    }
  };
  for (const [name, { steps }] of Object.entries(compositions))
    walk(steps, formatPointer("compositions", name, "steps"));
  return found;
}

function place(
  pack: CallSlice,
  pointer: string,
  prompt: string,
  step?: { readonly provider?: string },
): Omit<CallSite, "kind" | "needs"> {
  const own = getOwn(pack.prompts, prompt);
  const providerPointer =
    step?.provider !== undefined
      ? `${pointer}/provider`
      : own?.provider !== undefined
        ? formatPointer("prompts", prompt, "provider")
        : undefined;
  return { pointer, prompt, provider: effectiveProvider(step, own), providerPointer };
}

function hasTools({ prompts }: CallSlice, key: string): boolean {
  const prompt = getOwn(prompts, key);
  return prompt?.tools !== undefined && prompt.tools.length > 0 && prompt.tool_policy?.tool_choice !== "none";
}
