import { formatPointer } from "../json/pointer.ts";
import type { Step } from "../schema/sections/composition.ts";
import type { Eval, Validator } from "../schema/sections/guardrails.ts";
import type { MediaConfig } from "../schema/sections/media.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt, Variable } from "../schema/sections/prompt.ts";
import {
  FORMATS_BEFORE_LOOSENING,
  GUARDRAIL_TYPES_BEFORE_LOOSENING,
  SPEC_VERSIONS,
  type SpecVersion,
  TRIGGERS_BEFORE_LOOSENING,
  TYPES_BEFORE_LOOSENING,
} from "../schema/versions/spec-versions.ts";

/** The oldest spec version that has everything a pack uses, and the first place that needs it. */
export interface NeededVersion {
  readonly version: SpecVersion;
  readonly pointer: string;
}

type Need = (version: SpecVersion, ...place: readonly (string | number)[]) => void;

/** Infers the version from the features in use, for no field of a pack states it. Source: SPEC 1.1, R419. */
export function inferSpecVersion(pack: PackData): NeededVersion {
  let found: NeededVersion = { version: "1.0", pointer: "" };
  const need: Need = (version, ...place) => {
    if (SPEC_VERSIONS.indexOf(version) > SPEC_VERSIONS.indexOf(found.version))
      found = { version, pointer: formatPointer(...place) };
  };
  for (const [key, prompt] of Object.entries(pack.prompts)) needsOfPrompt(prompt, need, "prompts", key);
  for (const [key, tool] of Object.entries(pack.tools ?? {})) {
    if (tool.action_scope !== undefined) need("1.6.0", "tools", key, "action_scope");
    if (tool.extensions !== undefined) need("1.6.0", "tools", key, "extensions");
  }
  if (pack.evals !== undefined) {
    need("1.2.0", "evals");
    for (const [index, item] of pack.evals.entries()) needsOfEval(item, need, "evals", index);
  }
  if (pack.skills !== undefined) need("1.3.1", "skills");
  if (pack.requires !== undefined) need("1.5.1", "requires");
  needsOfWorkflow(pack, need);
  needsOfAgents(pack, need);
  needsOfCompositions(pack, need);
  needsOfGovernance(pack.metadata?.governance, need, "metadata", "governance");
  return found;
}

function needsOfPrompt(prompt: Prompt, need: Need, ...at: readonly (string | number)[]): void {
  if (prompt.media !== undefined) needsOfMedia(prompt.media, need, ...at, "media");
  if (prompt.provider !== undefined) need("1.9.0", ...at, "provider");
  if (prompt.extensions !== undefined) need("1.8.1", ...at, "extensions");
  for (const [index, variable] of (prompt.variables ?? []).entries())
    needsOfVariable(variable, need, ...at, "variables", index);
  for (const [index, validator] of (prompt.validators ?? []).entries())
    needsOfValidator(validator, need, ...at, "validators", index);
  if (prompt.evals === undefined) return;
  need("1.2.0", ...at, "evals");
  for (const [index, item] of prompt.evals.entries()) needsOfEval(item, need, ...at, "evals", index);
}

function needsOfVariable(variable: Variable, need: Need, ...at: readonly (string | number)[]): void {
  if (variable.binding !== undefined) need("1.4.0", ...at, "binding");
  if (!TYPES_BEFORE_LOOSENING.includes(variable.type)) need("1.4.0", ...at, "type");
}

function needsOfValidator(validator: Validator, need: Need, ...at: readonly (string | number)[]): void {
  if (validator.enabled === undefined) need("1.4.0", ...at);
  if (validator.message !== undefined) need("1.4.0", ...at, "message");
  if (!GUARDRAIL_TYPES_BEFORE_LOOSENING.includes(validator.type)) need("1.4.0", ...at, "type");
  if (validator.id !== undefined) need("1.8.1", ...at, "id");
  if (validator.extensions !== undefined) need("1.8.1", ...at, "extensions");
}

function needsOfEval(item: Eval, need: Need, ...at: readonly (string | number)[]): void {
  for (const field of ["threshold", "message", "when", "groups"] as const)
    if (item[field] !== undefined) need("1.4.0", ...at, field);
  if (!TRIGGERS_BEFORE_LOOSENING.includes(item.trigger)) need("1.4.0", ...at, "trigger");
  if (item.extensions !== undefined) need("1.8.1", ...at, "extensions");
}

function needsOfMedia(media: MediaConfig, need: Need, ...at: readonly (string | number)[]): void {
  need("1.1.0", ...at);
  for (const key of Object.keys(media)) {
    if (!["enabled", "supported_types", "image", "audio", "video", "document", "examples"].includes(key))
      need("1.4.0", ...at, key);
  }
  for (const [type, known] of Object.entries(FORMATS_BEFORE_LOOSENING)) {
    const formats =
      (media[type] as { readonly allowed_formats?: readonly string[] } | undefined)?.allowed_formats ?? [];
    const index = formats.findIndex((format) => !known.includes(format));
    if (index >= 0) need("1.4.0", ...at, type, "allowed_formats", index);
  }
  if (!["low", "high", "auto", undefined].includes(media.image?.default_detail))
    need("1.4.0", ...at, "image", "default_detail");
}

function needsOfWorkflow(pack: PackData, need: Need): void {
  if (pack.workflow === undefined) return;
  need("1.3.0", "workflow");
  if (pack.workflow.engine?.budget !== undefined) need("1.4.0", "workflow", "engine", "budget");
  for (const [name, state] of Object.entries(pack.workflow.states)) {
    const at = ["workflow", "states", name] as const;
    if (state.skills !== undefined) need("1.3.1", ...at, "skills");
    for (const field of ["terminal", "max_visits", "on_max_visits", "artifacts"] as const)
      if (state[field] !== undefined) need("1.4.0", ...at, field);
    if (!["transient", "persistent", undefined].includes(state.persistence)) need("1.4.0", ...at, "persistence");
    if (state.on_event === undefined && state.terminal !== true) need("1.4.0", ...at);
    if (state.composition !== undefined) need("1.5.0", ...at, "composition");
    if (state.orchestration === "composition") need("1.5.0", ...at, "orchestration");
    if (state.prompt_task === undefined) need("1.5.0", ...at);
    if (state.control !== undefined) need("1.7.0", ...at, "control");
    if (state.extensions !== undefined) need("1.8.1", ...at, "extensions");
  }
}

function needsOfAgents(pack: PackData, need: Need): void {
  if (pack.agents === undefined) return;
  need("1.3.0", "agents");
  for (const [name, member] of Object.entries(pack.agents.members)) {
    const at = ["agents", "members", name] as const;
    if (member.state !== undefined) need("1.4.1", ...at, "state");
    if (member.extensions !== undefined) need("1.8.1", ...at, "extensions");
    needsOfGovernance(member.governance, need, ...at, "governance");
  }
}

function needsOfGovernance(governance: object | undefined, need: Need, ...at: readonly (string | number)[]): void {
  if (governance === undefined) return;
  need("1.6.0", ...at);
  for (const field of ["obligations", "reviews", "independent_of"])
    if (Object.hasOwn(governance, field)) need("1.8.1", ...at, field);
}

function needsOfCompositions(pack: PackData, need: Need): void {
  if (pack.compositions === undefined) return;
  need("1.5.0", "compositions");
  const needsOfSteps = (steps: readonly Step[], ...at: readonly (string | number)[]): void => {
    for (const [index, step] of steps.entries()) {
      if (step.kind.includes(".")) need("1.8.1", ...at, index, "kind");
      if ("provider" in step && step.provider !== undefined) need("1.9.0", ...at, index, "provider");
      if (step.kind === "parallel" && Array.isArray(step["branches"]))
        needsOfSteps(step["branches"] as readonly Step[], ...at, index, "branches");
    }
  };
  for (const [name, composition] of Object.entries(pack.compositions)) {
    if (composition.extensions !== undefined) need("1.8.1", "compositions", name, "extensions");
    needsOfSteps(composition.steps, "compositions", name, "steps");
  }
}
