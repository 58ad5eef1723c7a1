import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { answerability } from "./answerable-schema.ts";
import { type CallSite, callSites } from "./call-sites.ts";
import { DEFAULT_PROVIDER, providerRequirements, type ProviderNeed } from "./provider-requirements.ts";

/** What a host knows about the provider that it binds to a key; what it leaves out is unknown. Source: R306. */
export interface ProviderBinding {
  /** "llm", "embedding" and so on; an llm writes text. */
  readonly role?: string;
  /** The model, for a comparison with tested_models. */
  readonly model?: string;
  readonly text?: boolean;
  readonly tool_use?: boolean;
  readonly structured_output?: boolean;
  readonly modalities?: readonly string[];
  readonly min_context_tokens?: number;
  readonly embedding_dimensions?: number;
}

export interface ProviderCheckOptions {
  /** Returns the JSON Schema that an output_schema names, or undefined. */
  readonly findSchema?: (reference: string) => unknown;
}

type ProviderPack = Pick<PackData, "prompts" | "workflow" | "agents" | "compositions" | "requires">;

/**
 * Checks all bindings before the first request and returns all faults together: PROVIDER_UNDECLARED is the author's,
 * PROVIDER_UNBOUND and PROVIDER_UNFIT are the host's. There is no fallback to "default". Source: R294-R316, SPEC 4.11.
 */
export function checkProviders(
  pack: ProviderPack,
  bindings: { readonly [key: string]: ProviderBinding },
  options: ProviderCheckOptions = {},
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (code: DiagnosticCode, pointer: string, message: string, details?: { hint?: string }): void => {
    found.push(createDiagnostic(code, pointer, message, details));
  };
  const requirements = new Map(providerRequirements(pack).map((need) => [need.key, need]));
  const called = new Map<string, CallSite[]>();
  for (const site of callSites(pack)) {
    const sites = called.get(site.provider);
    if (sites === undefined) called.set(site.provider, [site]);
    else sites.push(site);
  }
  for (const [key, sites] of called) {
    const binding = getOwn(bindings, key);
    for (const site of sites) {
      const where = `${site.kind} "${site.prompt}"`;
      const pointer = site.providerPointer ?? site.pointer;
      if (key !== DEFAULT_PROVIDER && !requirements.has(key)) {
        add(
          "PROVIDER_UNDECLARED",
          pointer,
          `${where} names the provider "${key}", which the pack does not declare: the author declares it`,
          didYouMean(key, requirements.keys()),
        );
      } else if (binding === undefined) {
        add(
          "PROVIDER_UNBOUND",
          pointer,
          `${where} needs the provider "${key}", which is not bound: the host binds it; bound are ${listNames(Object.keys(bindings))}`,
        );
      } else {
        checkSite(site, binding, options, where, add);
      }
    }
  }
  for (const [index, need] of providerRequirements(pack).entries()) {
    const binding = getOwn(bindings, need.key);
    const pointer = formatPointer("requires", "providers", index);
    if (binding !== undefined) checkRequirement(need, binding, pointer, add);
    // A key that some call site names is reported there; "default" is needed only by a call site (R316).
    else if (called.has(need.key) || (need.key === DEFAULT_PROVIDER && need.role === "llm")) continue;
    else if (need.required)
      add("PROVIDER_UNBOUND", pointer, `the provider "${need.key}" is required and not bound: the host binds it`);
    else
      add(
        "OPTIONAL_PROVIDER_UNBOUND",
        pointer,
        `the optional provider "${need.key}" is not bound, so what needs it is missing`,
      );
  }
  checkTestedModels(pack, called, bindings, add);
  return found;
}

/** Warns an integration that has one model only, when a pack asks for several. Source: R314, R315. */
export function checkSingleProvider(pack: ProviderPack): readonly Diagnostic[] {
  const keys = new Set(callSites(pack).map((site) => site.provider));
  const message = `the pack calls ${listNames(keys)}, and every call runs on one model`;
  return keys.size > 1 ? [createDiagnostic("PROVIDERS_IGNORED", "/requires", message)] : [];
}

type Add = (code: DiagnosticCode, pointer: string, message: string) => void;

function checkSite(
  { needs, provider, pointer }: CallSite,
  binding: ProviderBinding,
  { findSchema }: ProviderCheckOptions,
  where: string,
  add: Add,
): void {
  const writesText = binding.text ?? (binding.role === "llm" ? true : undefined);
  const wanted: [name: string, can: boolean | undefined][] = [];
  if (needs.text) wanted.push(["text generation", writesText]);
  if (needs.tools) wanted.push(["tool calls", binding.tool_use]);
  if (needs.outputSchema !== undefined && binding.structured_output !== true) {
    const answer = answerability(findSchema?.(needs.outputSchema));
    // Whoever writes text can be asked for JSON in words, which nobody can promise to work.
    const refused = binding.structured_output === false || (writesText === false && answer === "no");
    if (answer !== "yes") wanted.push(["structured output", writesText !== true && refused ? false : undefined]);
  }
  for (const [name, can] of wanted) {
    if (can === false)
      add(
        "PROVIDER_UNFIT",
        pointer,
        `${where} needs ${name}, which the provider bound to "${provider}" does not have: the host binds another`,
      );
    if (can === undefined)
      add(
        "PROVIDER_UNVERIFIED",
        pointer,
        `${where} needs ${name}; whether the provider bound to "${provider}" has it is not known`,
      );
  }
}

function checkRequirement(
  { key, role, capabilities = {} }: ProviderNeed,
  binding: ProviderBinding,
  pointer: string,
  add: Add,
): void {
  if (binding.role !== undefined && binding.role !== role) {
    add("PROVIDER_UNFIT", pointer, `"${key}" is of role "${role}", and the bound provider of role "${binding.role}"`);
  }
  const missing = (["tool_use", "structured_output"] as const).filter(
    (name) => capabilities[name] === true && binding[name] === false,
  ) as string[];
  const { modalities = [], min_context_tokens: tokens = 0, embedding_dimensions: dimensions } = capabilities;
  if (binding.modalities !== undefined && !modalities.every((name) => binding.modalities?.includes(name)))
    missing.push("modalities");
  if (binding.min_context_tokens !== undefined && binding.min_context_tokens < tokens)
    missing.push("min_context_tokens");
  if (
    binding.embedding_dimensions !== undefined &&
    dimensions !== undefined &&
    binding.embedding_dimensions !== dimensions
  )
    missing.push("embedding_dimensions");
  if (missing.length > 0)
    add(
      "CAPABILITY_MISMATCH",
      pointer,
      `the provider bound to "${key}" lacks what the pack advises: ${listNames(missing)}`,
    );
}

function checkTestedModels(
  { prompts }: ProviderPack,
  called: ReadonlyMap<string, readonly CallSite[]>,
  bindings: { readonly [key: string]: ProviderBinding },
  add: Add,
): void {
  const reported = new Set<string>();
  for (const [key, sites] of called) {
    const model = getOwn(bindings, key)?.model;
    for (const { prompt } of sites) {
      const tested = getOwn(prompts, prompt)?.tested_models ?? [];
      if (
        model === undefined ||
        tested.length === 0 ||
        reported.has(prompt) ||
        tested.some((entry) => entry.model === model)
      )
        continue;
      reported.add(prompt);
      add(
        "MODEL_NOT_TESTED",
        formatPointer("prompts", prompt, "tested_models"),
        `the prompt was not tested on the model bound to "${key}"`,
      );
    }
  }
}
