import type { Pack } from "promptpack";

type PackData = Pack["data"];
type Prompt = PackData["prompts"][string];
type Eval = NonNullable<PackData["evals"]>[number];

/** What `inspect --json` prints: an overview of a pack as plain data. Absent sections are empty lists. */
export interface PackDescription {
  readonly format: 1;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly minimumSpecVersion: string;
  readonly syntax: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly prompts: readonly {
    readonly id: string;
    readonly version: string;
    readonly name: string;
    readonly variables: readonly string[];
    readonly tools: readonly string[];
    readonly guardrails: readonly string[];
    readonly evals: readonly string[];
    readonly media: readonly string[];
    readonly models: readonly string[];
    readonly provider?: string;
  }[];
  readonly variables: readonly {
    readonly prompt: string;
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly default?: unknown;
    readonly rules: readonly string[];
    readonly binding?: string;
  }[];
  readonly fragments: readonly { readonly name: string; readonly characters: number }[];
  readonly tools: readonly {
    readonly name: string;
    readonly parameters: readonly string[];
    readonly required: readonly string[];
    readonly effect?: string;
    readonly reversibility?: string;
    readonly prompts: readonly string[];
  }[];
  readonly guardrails: readonly {
    readonly prompt: string;
    readonly type: string;
    readonly enabled: boolean;
    readonly params: unknown;
  }[];
  readonly evals: readonly {
    /** A prompt, or nothing for the whole pack. */
    readonly prompt?: string;
    readonly id: string;
    readonly type: string;
    readonly trigger: string;
    readonly enabled: boolean;
    readonly metric?: string;
  }[];
  readonly states: readonly {
    readonly name: string;
    readonly entry: boolean;
    readonly terminal: boolean;
    readonly runs: string;
    readonly events: Readonly<Record<string, string>>;
    readonly maxVisits?: number;
    readonly onMaxVisits?: string;
    readonly artifacts: readonly string[];
  }[];
  readonly compositions: readonly {
    readonly name: string;
    readonly steps: readonly { readonly id: string; readonly kind: string }[];
    readonly output?: string;
  }[];
  readonly agents: readonly {
    readonly name: string;
    readonly entry: boolean;
    readonly state?: string;
    readonly tags: readonly string[];
    readonly description?: string;
  }[];
  readonly skills: readonly { readonly name: string; readonly kind: "path" | "inline"; readonly preload: boolean }[];
  readonly providers: readonly { readonly key: string; readonly role: string; readonly required: boolean }[];
}

/** Describes a pack. */
export function describePack(pack: Pack): PackDescription {
  const { data } = pack;
  const prompts = Object.entries(data.prompts);
  const usedBy = new Map<string, string[]>();
  for (const [id] of prompts) {
    for (const { name } of pack.toolsFor(id)) if (usedBy.get(name)?.push(id) === undefined) usedBy.set(name, [id]);
  }
  const sections = {
    prompts: prompts.map(([id, prompt]) => describePrompt(id, prompt)),
    variables: prompts.flatMap(([id, prompt]) => describeVariables(id, prompt)),
    fragments: Object.entries(data.fragments ?? {}).map(([name, text]) => ({
      name,
      characters: Array.from(text).length,
    })),
    tools: Object.values(data.tools ?? {}).map(({ name, parameters, action_scope }) => ({
      name,
      parameters: Object.keys(parameters?.properties ?? {}),
      required: parameters?.required ?? [],
      ...defined({ effect: action_scope?.effect, reversibility: action_scope?.reversibility }),
      prompts: usedBy.get(name) ?? [],
    })),
    guardrails: prompts.flatMap(([prompt, { validators = [] }]) =>
      validators.map(({ type, enabled = true, params = {} }) => ({ prompt, type, enabled, params })),
    ),
    evals: [
      ...(data.evals ?? []).map((item) => describeEval(item)),
      ...prompts.flatMap(([id, { evals = [] }]) => evals.map((item) => describeEval(item, id))),
    ],
    ...describeFlow(data),
    ...describeStaff(data),
  };
  return {
    format: 1,
    id: pack.id,
    name: data.name,
    version: pack.version,
    ...defined({ description: data.description }),
    minimumSpecVersion: pack.minimumSpecVersion,
    syntax: data.template_engine.syntax,
    counts: Object.fromEntries(Object.entries(sections).map(([name, items]) => [name, items.length])),
    ...sections,
  };
}

function describePrompt(id: string, prompt: Prompt): PackDescription["prompts"][number] {
  const { media } = prompt;
  return {
    id,
    version: prompt.version,
    name: prompt.name,
    variables: (prompt.variables ?? []).map(({ name }) => name),
    tools: prompt.tools ?? [],
    guardrails: (prompt.validators ?? []).map(({ type }) => type),
    evals: (prompt.evals ?? []).map((item) => item.id),
    media: media?.enabled === true ? (media.supported_types ?? ["any"]) : [],
    models: Object.keys(prompt.model_overrides ?? {}),
    ...defined({ provider: prompt.provider }),
  };
}

function describeVariables(prompt: string, { variables = [] }: Prompt): PackDescription["variables"] {
  return variables.map((variable) => ({
    prompt,
    name: variable.name,
    type: variable.type,
    required: variable.required,
    ...defined({ default: variable.default, binding: variable.binding?.kind }),
    rules: Object.entries(variable.validation ?? {}).map(([rule, limit]) => `${rule} ${JSON.stringify(limit)}`),
  }));
}

function describeEval(
  { id, type, trigger, enabled = true, metric }: Eval,
  prompt?: string,
): PackDescription["evals"][number] {
  return { ...defined({ prompt }), id, type, trigger, enabled, ...defined({ metric: metric?.name }) };
}

function describeFlow({ workflow, compositions }: PackData): Pick<PackDescription, "states" | "compositions"> {
  return {
    states: Object.entries(workflow?.states ?? {}).map(([name, state]) => ({
      name,
      entry: name === workflow?.entry,
      terminal: state.terminal ?? Object.keys(state.on_event ?? {}).length === 0,
      runs: state.composition ?? state.prompt_task ?? "",
      events: state.on_event ?? {},
      ...defined({ maxVisits: state.max_visits, onMaxVisits: state.on_max_visits }),
      artifacts: Object.keys(state.artifacts ?? {}),
    })),
    compositions: Object.entries(compositions ?? {}).map(([name, { steps, output }]) => ({
      name,
      steps: steps.map(({ id, kind }) => ({ id, kind })),
      ...defined({ output }),
    })),
  };
}

function describeStaff({
  agents,
  skills,
  requires,
}: PackData): Pick<PackDescription, "agents" | "skills" | "providers"> {
  return {
    agents: Object.entries(agents?.members ?? {}).map(([name, { state, tags = [], description }]) => ({
      name,
      entry: name === agents?.entry,
      ...defined({ state, description }),
      tags,
    })),
    skills: (skills ?? []).map((skill) => {
      if (typeof skill === "string") return { name: skill, kind: "path", preload: false };
      if ("path" in skill) return { name: skill.path, kind: "path", preload: skill.preload ?? false };
      return { name: skill.name, kind: "inline", preload: false };
    }),
    providers: (requires?.providers ?? []).map((need) =>
      typeof need === "string"
        ? { key: need, role: "llm", required: true }
        : { key: need.key, role: need.role, required: need.required ?? true },
    ),
  };
}

/** Returns the object without its undefined members. */
function defined<T extends object>(members: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
