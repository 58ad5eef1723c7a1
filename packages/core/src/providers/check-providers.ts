import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { ProviderCapabilities } from "../schema/sections/governance.ts";
import { answerability } from "./answerable-schema.ts";
import { type CallSite, callSites } from "./call-sites.ts";
import {
  DEFAULT_PROVIDER,
  providerRequirements,
  type ProviderNeed,
  type ProviderSlice,
} from "./provider-requirements.ts";

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

/** One check of the bindings of a pack. */
interface BindingRun {
  readonly pack: ProviderSlice;
  readonly bindings: { readonly [key: string]: ProviderBinding };
  readonly findSchema: ProviderCheckOptions["findSchema"];
  readonly needs: readonly ProviderNeed[];
  /** The places that call a model, by provider. */
  readonly called: ReadonlyMap<string, readonly CallSite[]>;
  readonly add: (code: DiagnosticCode, pointer: string, message: string, details?: { hint?: string }) => void;
}

/**
 * Checks all bindings before the first request and returns all faults together: PROVIDER_UNDECLARED is the author's,
 * PROVIDER_UNBOUND and PROVIDER_UNFIT are the host's. There is no fallback to "default". Source: R294-R316, SPEC 4.11.
 */
export function checkProviders(
  pack: ProviderSlice,
  bindings: { readonly [key: string]: ProviderBinding },
  options: ProviderCheckOptions = {},
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const run: BindingRun = {
    pack,
    bindings,
    findSchema: options.findSchema,
    needs: providerRequirements(pack),
    called: sitesByProvider(pack),
    add: (...finding) => found.push(createDiagnostic(...finding)),
  };
  checkCalls(run);
  checkRequirements(run);
  checkTestedModels(run);
  return found;
}

/** Warns an integration that has one model only, when a pack asks for several. Source: R314, R315. */
export function checkSingleProvider(pack: ProviderSlice): readonly Diagnostic[] {
  const keys = new Set(callSites(pack).map((site) => site.provider));
  const message = `the pack calls ${listNames(keys)}, and every call runs on one model`;
  return keys.size > 1 ? [createDiagnostic("PROVIDERS_IGNORED", "/requires", message)] : [];
}

function sitesByProvider(pack: ProviderSlice): Map<string, CallSite[]> {
  const called = new Map<string, CallSite[]>();
  for (const site of callSites(pack)) {
    const sites = called.get(site.provider);
    if (sites === undefined) called.set(site.provider, [site]);
    else sites.push(site);
  }
  return called;
}

function checkCalls(run: BindingRun): void {
  const { bindings, needs, called, add } = run;
  const declared = new Set(needs.map(({ key }) => key));
  for (const [key, sites] of called) {
    const binding = getOwn(bindings, key);
    for (const site of sites) {
      const where = nameSite(site);
      const pointer = site.providerPointer ?? site.pointer;
      if (key !== DEFAULT_PROVIDER && !declared.has(key)) {
        const message = `${where} names the provider "${key}", which the pack does not declare: the author declares it`;
        add("PROVIDER_UNDECLARED", pointer, message, didYouMean(key, declared));
      } else if (binding === undefined) {
        const bound = listNames(Object.keys(bindings));
        const message = `${where} needs the provider "${key}", which is not bound: the host binds it; bound are ${bound}`;
        add("PROVIDER_UNBOUND", pointer, message);
      } else checkSite(run, site, binding);
    }
  }
}

/** Compares what a call needs with what its provider can do. */
function checkSite({ findSchema, add }: BindingRun, site: CallSite, binding: ProviderBinding): void {
  const { needs, provider, pointer } = site;
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
    const need = `${nameSite(site)} needs ${name}`;
    if (can === false) {
      const message = `${need}, which the provider bound to "${provider}" does not have: the host binds another`;
      add("PROVIDER_UNFIT", pointer, message);
    } else if (can === undefined)
      add("PROVIDER_UNVERIFIED", pointer, `${need}; whether the provider bound to "${provider}" has it is not known`);
  }
}

function checkRequirements(run: BindingRun): void {
  for (const [index, need] of run.needs.entries()) {
    const { key, role, required } = need;
    const pointer = formatPointer("requires", "providers", index);
    const binding = getOwn(run.bindings, key);
    if (binding !== undefined) checkRequirement(run, need, binding, pointer);
    // A key that some call site names is reported there; "default" is needed only by a call site (R316).
    else if (run.called.has(key) || (key === DEFAULT_PROVIDER && role === "llm")) continue;
    else if (required)
      run.add("PROVIDER_UNBOUND", pointer, `the provider "${key}" is required and not bound: the host binds it`);
    else {
      const message = `the optional provider "${key}" is not bound, so what needs it is missing`;
      run.add("OPTIONAL_PROVIDER_UNBOUND", pointer, message);
    }
  }
}

function checkRequirement(
  { add }: BindingRun,
  { key, role, capabilities = {} }: ProviderNeed,
  binding: ProviderBinding,
  pointer: string,
): void {
  if (binding.role !== undefined && binding.role !== role)
    add("PROVIDER_UNFIT", pointer, `"${key}" is of role "${role}", and the bound provider of role "${binding.role}"`);
  const missing = missingCapabilities(capabilities, binding);
  if (missing.length === 0) return;
  const message = `the provider bound to "${key}" lacks what the pack advises: ${listNames(missing)}`;
  add("CAPABILITY_MISMATCH", pointer, message);
}

/** Returns the advised capabilities that the provider is known to lack. */
function missingCapabilities(advised: ProviderCapabilities, binding: ProviderBinding): readonly string[] {
  const { modalities: needed = [], min_context_tokens: tokens = 0, embedding_dimensions: size } = advised;
  const { modalities, min_context_tokens: context, embedding_dimensions: dimensions } = binding;
  const missing: string[] = (["tool_use", "structured_output"] as const).filter(
    (name) => advised[name] === true && binding[name] === false,
  );
  if (modalities !== undefined && !needed.every((name) => modalities.includes(name))) missing.push("modalities");
  if (context !== undefined && context < tokens) missing.push("min_context_tokens");
  if (dimensions !== undefined && size !== undefined && dimensions !== size) missing.push("embedding_dimensions");
  return missing;
}

/** Warns once for a prompt. */
function checkTestedModels({ pack, bindings, called, add }: BindingRun): void {
  const reported = new Set<string>();
  for (const [key, sites] of called) {
    const model = getOwn(bindings, key)?.model;
    if (model === undefined) continue;
    for (const { prompt } of sites) {
      const tested = getOwn(pack.prompts, prompt)?.tested_models ?? [];
      if (tested.length === 0 || reported.has(prompt) || tested.some((entry) => entry.model === model)) continue;
      reported.add(prompt);
      const message = `the prompt was not tested on the model bound to "${key}"`;
      add("MODEL_NOT_TESTED", formatPointer("prompts", prompt, "tested_models"), message);
    }
  }
}

const nameSite = ({ kind, prompt }: CallSite): string => `${kind} "${prompt}"`;
