import type { Pack } from "promptpack";
import { rendered, type RenderRoom, renderRoom } from "../ground/rendered.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import type { PackText } from "../ground/texts.ts";
import { isPackageReference } from "./settings/check-settings.ts";
import type { PackData, Prompt } from "./settings/note.ts";
import { addressesIn } from "./texts/check-addresses.ts";

/** What one prompt can do, after its policy. */
export interface PromptCapabilities {
  readonly id: string;
  readonly version: string;
  /** Who gets here: the host, the workflow, other agents. */
  readonly reachedBy: readonly ("host" | "workflow" | "agents")[];
  readonly tools: readonly { readonly name: string; readonly effect?: string; readonly reversibility?: string }[];
  readonly agents: readonly string[];
  readonly blocked: readonly string[];
  readonly toolChoice: string;
  readonly maxRounds: number;
  readonly maxToolCalls: number;
  readonly bindings: readonly { readonly variable: string; readonly kind: string; readonly field: string }[];
  readonly provider?: string;
  /** Models with settings of their own, and those whose template is another one. */
  readonly overrides: readonly { readonly model: string; readonly replacesTemplate: boolean }[];
  readonly guardrails: {
    readonly active: readonly string[];
    readonly disabled: readonly string[];
    readonly unknown: readonly string[];
  };
  readonly media: readonly string[];
  /** One token per four characters of the template with its fragments. */
  readonly estimatedTokens: number;
}

/** What a pack can do, before any judgement. */
export interface Capabilities {
  readonly prompts: readonly PromptCapabilities[];
  readonly hosts: readonly string[];
  readonly files: readonly string[];
  readonly packages: readonly string[];
  readonly providers: readonly string[];
  readonly workflow?: { readonly states: number; readonly unvisited: number; readonly budget: readonly string[] };
  readonly compositions: readonly string[];
  readonly skills: number;
  readonly evals: number;
  readonly autonomy?: string;
  readonly characters: number;
}

/** Returns what a pack can do. */
export function describeCapabilities(pack: Pack, texts: readonly PackText[]): Capabilities {
  const { data } = pack;
  const unknown = new Set(
    pack.diagnostics
      .filter(({ code }) => code === "UNKNOWN_GUARDRAIL")
      .map(({ pointer }) => pointer.split("/").slice(0, 5).join("/")),
  );
  const reached = reachedByWorkflow(data);
  const members = new Set(Object.keys(data.agents?.members ?? {}));
  const sources = (data.skills ?? []).flatMap((source) =>
    typeof source === "string" ? [source] : "path" in source ? [source.path] : [],
  );
  const addresses = texts.filter(({ pointer }) => pointer !== "/$schema").flatMap(({ text }) => addressesIn(text));
  const autonomy = data.metadata?.governance?.autonomy_level;
  const room = renderRoom();
  return {
    prompts: Object.entries(data.prompts).map(([id, prompt]) =>
      describePrompt(pack, id, prompt, { inWorkflow: reached.prompts.has(id), unknown, members, room }),
    ),
    hosts: distinct(addresses.filter(({ scheme, host }) => scheme !== "file" && host !== "").map(({ host }) => host)),
    files: distinct([...sources.filter((source) => !isPackageReference(source)), ...mediaFiles(data)]),
    packages: distinct(sources.filter(isPackageReference)),
    providers: (data.requires?.providers ?? []).map((provider) =>
      typeof provider === "string" ? provider : `${provider.key} (${provider.role})`,
    ),
    ...(data.workflow === undefined
      ? {}
      : {
          workflow: {
            states: Object.keys(data.workflow.states).length,
            unvisited: Object.keys(data.workflow.states).length - reached.states.size,
            budget: Object.entries(data.workflow.engine?.budget ?? {}).map(([name, limit]) => `${name} ${limit}`),
          },
        }),
    compositions: Object.keys(data.compositions ?? {}),
    skills: data.skills?.length ?? 0,
    evals:
      (data.evals?.length ?? 0) + Object.values(data.prompts).reduce((sum, { evals = [] }) => sum + evals.length, 0),
    ...(autonomy === undefined ? {} : { autonomy }),
    characters: texts.reduce((sum, { text, atKey }) => sum + (atKey ? 0 : text.length), 0),
  };
}

/** What is the same for all prompts of a pack. */
interface Surroundings {
  readonly inWorkflow: boolean;
  readonly unknown: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  readonly room: RenderRoom;
}

function describePrompt(
  pack: Pack,
  id: string,
  prompt: Prompt,
  { inWorkflow, unknown, members, room }: Surroundings,
): PromptCapabilities {
  const { tool_policy: policy = {}, variables = [], validators = [], model_overrides = {}, media } = prompt;
  const blocked = new Set(policy.blocklist);
  const offers = policy.tool_choice === "none" ? [] : (prompt.tools ?? []);
  const at = `/prompts/${id.replaceAll("~", "~0").replaceAll("/", "~1")}/validators/`;
  const types = (wanted: "active" | "disabled" | "unknown"): string[] =>
    validators.flatMap(({ type, enabled = true }, index) =>
      (enabled ? (unknown.has(`${at}${index}`) ? "unknown" : "active") : "disabled") === wanted ? [type] : [],
    );
  return {
    id,
    version: prompt.version,
    reachedBy: [
      ...(pack.data.workflow === undefined ? ["host" as const] : []),
      ...(inWorkflow ? ["workflow" as const] : []),
      ...(members.has(id) ? ["agents" as const] : []),
    ],
    tools: pack.toolsFor(id).map(({ name, action_scope: { effect, reversibility } = {} }) => ({
      name,
      ...(effect === undefined ? {} : { effect }),
      ...(reversibility === undefined ? {} : { reversibility }),
    })),
    agents: distinct(offers.filter((name) => members.has(name) && !blocked.has(name) && name !== id)),
    blocked: [...blocked],
    toolChoice: policy.tool_choice ?? "auto",
    maxRounds: policy.max_rounds ?? 5,
    maxToolCalls: policy.max_tool_calls_per_turn ?? 10,
    bindings: variables.flatMap(({ name, binding }) =>
      binding === undefined ? [] : [{ variable: name, kind: binding.kind ?? "", field: binding.field ?? name }],
    ),
    ...(prompt.provider === undefined ? {} : { provider: prompt.provider }),
    overrides: Object.entries(model_overrides).map(([model, { system_template }]) => ({
      model,
      replacesTemplate: system_template !== undefined,
    })),
    guardrails: { active: types("active"), disabled: types("disabled"), unknown: types("unknown") },
    media:
      media?.enabled === true
        ? [...(media.supported_types ?? ["image", "audio", "video", "document"].filter((type) => type in media))]
        : [],
    estimatedTokens: Math.ceil(rendered(prompt.system_template, pack.data, room).length / 4),
  };
}

function reachedByWorkflow({ workflow }: PackData): { states: ReadonlySet<string>; prompts: ReadonlySet<string> } {
  const states = new Set<string>();
  const prompts = new Set<string>();
  const waiting = workflow === undefined ? [] : [workflow.entry];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = workflow !== undefined && Object.hasOwn(workflow.states, name) ? workflow.states[name] : undefined;
    if (state === undefined || states.has(name)) continue;
    states.add(name);
    if (state.prompt_task !== undefined) prompts.add(state.prompt_task);
    waiting.push(
      ...Object.values(state.on_event ?? {}),
      ...(state.on_max_visits === undefined ? [] : [state.on_max_visits]),
    );
  }
  return { states, prompts };
}

const mediaFiles = (data: PackData): string[] =>
  Object.values(data.prompts).flatMap(({ media }) =>
    (media?.examples ?? []).flatMap(({ parts }) => parts.flatMap((part) => part.media?.file_path ?? [])),
  );

const distinct = (values: readonly string[]): string[] => [...new Set(values)].map((value) => redactSecrets(value));
