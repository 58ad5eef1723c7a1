import type { Capabilities, PromptCapabilities } from "../capabilities.ts";

/** Returns what a pack can do as sentences that continue "This pack can"; they may quote the pack. */
export function describeAbilities(capabilities: Capabilities): string[] {
  const { prompts, hosts, files, packages, providers, workflow, compositions, skills, autonomy } = capabilities;
  const tools = new Set(prompts.flatMap((prompt) => prompt.tools.map(({ name }) => name)));
  const strong = new Set(
    prompts.flatMap((prompt) =>
      prompt.tools
        .filter(
          ({ effect, reversibility }) =>
            effect === "external" || effect === "write" || reversibility === "irreversible",
        )
        .map(({ name }) => name),
    ),
  );
  const bindings = prompts.flatMap((prompt) => prompt.bindings);
  const replaced = prompts.flatMap(({ id, overrides }) =>
    overrides.filter(({ replacesTemplate }) => replacesTemplate).map(({ model }) => `${id} for ${model}`),
  );
  const guardrails = (kind: "active" | "disabled" | "unknown"): number =>
    prompts.reduce((sum, prompt) => sum + prompt.guardrails[kind].length, 0);
  const unguarded = prompts.filter((prompt) => prompt.guardrails.active.length === 0).length;
  const media = new Set(prompts.flatMap((prompt) => prompt.media));
  const tokens = prompts.reduce((sum, prompt) => sum + prompt.estimatedTokens, 0);
  return [
    `give a model ${count(prompts.length, "system prompt")}, about ${tokens} tokens together`,
    tools.size === 0 ? "call no tools" : `let the model call ${count(tools.size, "tool")}: ${list(tools)}`,
    strong.size > 0 && `change or reach things outside through ${list(strong)}`,
    bindings.length > 0 && `take values from the host: ${list(bindings.map(({ kind, field }) => `${kind} ${field}`))}`,
    hosts.length > 0 && `name other hosts: ${list(hosts)}`,
    files.length > 0 && `name files: ${list(files)}`,
    packages.length > 0 && `bring in skills from elsewhere: ${list(packages)}`,
    skills > 0 && `add ${count(skills, "skill")} to what the model knows`,
    media.size > 0 && `take media from users: ${list(media)}`,
    providers.length > 0 && `ask for model providers: ${list(providers)}`,
    replaced.length > 0 && `use another template than the reviewed one: ${list(replaced)}`,
    workflow !== undefined &&
      `move by itself between ${count(workflow.states, "state")} of a workflow, ${workflow.budget.length === 0 ? "without a budget" : `within ${list(workflow.budget)}`}`,
    compositions.length > 0 && `run ${count(compositions.length, "composition")}: ${list(compositions)}`,
    autonomy !== undefined && `by its own account: ${autonomy}`,
    `rely on ${count(guardrails("active"), "active guardrail")} (${guardrails("disabled")} switched off, ${guardrails("unknown")} unknown here); ${count(unguarded, "prompt")} without any`,
  ].filter((sentence) => sentence !== false);
}

/** Returns the cells of a prompt's row, in the order of PROMPT_COLUMNS. */
export function promptCells(prompt: PromptCapabilities): string[] {
  const { id, reachedBy, tools, agents, toolChoice, maxRounds, maxToolCalls, guardrails, estimatedTokens } = prompt;
  const callable = [
    ...tools.map(({ name, effect }) => (effect === undefined ? name : `${name} (${effect})`)),
    ...agents.map((agent) => `${agent} (agent)`),
  ];
  return [
    id,
    reachedBy.join(", ") || "nobody",
    callable.join(", ") || "none",
    callable.length === 0 ? "" : `${toolChoice}, ${maxRounds} rounds, ${maxToolCalls} calls`,
    [
      ...guardrails.active,
      ...guardrails.disabled.map((type) => `${type} (off)`),
      ...guardrails.unknown.map((type) => `${type} (unknown)`),
    ].join(", ") || "none",
    String(estimatedTokens),
  ];
}

export const PROMPT_COLUMNS: readonly string[] = [
  "prompt",
  "reached by",
  "may call",
  "tool policy",
  "guardrails",
  "tokens",
];

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function list(values: Iterable<string>): string {
  const all = [...new Set(values)];
  const rest = all.length - 12;
  return rest > 0 ? `${all.slice(0, 12).join(", ")} and ${rest} more` : all.join(", ");
}
