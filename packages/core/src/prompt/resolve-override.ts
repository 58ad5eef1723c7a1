import { getOwn } from "../json/json.ts";
import type { ModelParameters } from "../schema/sections/prompt.ts";
import type { Prompt } from "../schema/sections/prompt.ts";

/**
 * Returns the template and the parameters of a prompt for a model: its exact own key in `model_overrides`, prefix and
 * suffix without separator, a replacement without them, parameters key by key. An empty replacement is none.
 * Source: R025, R026, R030-R034.
 */
export function resolveOverride(
  prompt: Pick<Prompt, "system_template" | "parameters" | "model_overrides">,
  model: string | undefined,
): { readonly template: string; readonly parameters: ModelParameters } {
  const override = model === undefined ? undefined : getOwn(prompt.model_overrides, model);
  const { system_template_prefix: prefix = "", system_template_suffix: suffix = "" } = override ?? {};
  return {
    template: override?.system_template || `${prefix}${prompt.system_template}${suffix}`,
    parameters: Object.freeze({ ...prompt.parameters, ...override?.parameters }),
  };
}
