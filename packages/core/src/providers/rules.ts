import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import { isPrompting, isVendorKind } from "../schema/sections/composition.ts";
import { allSteps, callSites } from "./call-sites.ts";
import {
  DEFAULT_PROVIDER,
  providerRequirements,
  type ProviderNeed,
  type ProviderSlice,
} from "./provider-requirements.ts";

const ROLES = ["llm", "embedding", "tts", "stt", "image", "inference"];
const CAPABILITIES = ["modalities", "min_context_tokens", "tool_use", "structured_output", "embedding_dimensions"];

type Needs = ReadonlyMap<string, ProviderNeed>;
const NO_NEEDS: Needs = new Map();

/** Checks the provider requirements and every reference to them. Source: R282-R311. */
export function checkProviderRules(pack: ProviderSlice, report: Report): void {
  const needs = checkRequirements(pack, report);
  for (const key in pack.prompts) {
    const provider = pack.prompts[key]?.provider;
    if (provider !== undefined)
      checkReference(provider, needs, () => formatPointer("prompts", key, "provider"), report);
  }
  for (const { pointer, step } of pack.compositions === undefined ? [] : allSteps(pack)) {
    if (!Object.hasOwn(step, "provider")) continue;
    const at = `${pointer}/provider`;
    if (isPrompting(step)) checkReference(String(step.provider), needs, () => at, report);
    else if (!isVendorKind(step.kind))
      report("PROVIDER_MISPLACED", at, `a ${step.kind} step calls no model and takes no provider`);
  }
  if (needs.size > 0) checkCallSites(pack, needs, report);
}

function checkRequirements(pack: ProviderSlice, report: Report): Needs {
  if (pack.requires === undefined) return NO_NEEDS;
  const needs = new Map<string, ProviderNeed>();
  for (const [index, need] of providerRequirements(pack).entries()) {
    const at = (...rest: string[]): string => formatPointer("requires", "providers", index, ...rest);
    const { key, role } = need;
    if (!/^[a-zA-Z0-9_-]+$/.test(key)) {
      report("INVALID_PROVIDER_KEY", at(), `the key "${key}" is not letters, digits, "_" and "-"`);
    } else if (needs.has(key)) {
      report("DUPLICATE_PROVIDER", at(), `the provider "${key}" is declared before`);
    }
    if (!needs.has(key)) needs.set(key, need);
    if (key === DEFAULT_PROVIDER && role !== "llm")
      report("DEFAULT_PROVIDER_ROLE", at("role"), `"default" is the primary model, of role "llm"`);
    else if (!ROLES.includes(role))
      report("UNKNOWN_PROVIDER_ROLE", at("role"), `the usual roles are ${listNames(ROLES)}`, didYouMean(role, ROLES));
    for (const name of Object.keys(need.capabilities ?? {})) {
      if (CAPABILITIES.includes(name)) continue;
      const meant = didYouMean(name, CAPABILITIES);
      if (meant.hint !== undefined)
        report("MISSPELT_CAPABILITY", at("capabilities", name), `the spec names no capability "${name}"`, {
          atKey: true,
          ...meant,
        });
      else if (!/^x-|[.:/]/.test(name))
        report("UNSCOPED_CAPABILITY", at("capabilities", name), `a capability of your own is named like "x-${name}"`, {
          atKey: true,
        });
    }
  }
  return needs;
}

function checkReference(key: string, needs: Needs, pointer: () => string, report: Report): void {
  const need = needs.get(key);
  if (need?.required === false) {
    report("OPTIONAL_PROVIDER_REFERENCED", pointer(), `"${key}" is optional, and this call cannot do without it`);
  } else if (need === undefined && key !== DEFAULT_PROVIDER) {
    report(
      "PROVIDER_UNDECLARED",
      pointer(),
      `"${key}" names no requirement; there are ${listNames(needs.keys())} and "default"`,
      didYouMean(key, needs.keys()),
    );
  }
}

function checkCallSites(pack: ProviderSlice, needs: Needs, report: Report): void {
  const reported = new Set<string>();
  let needsDefault = false;
  for (const { kind, provider, pointer, providerPointer, needs: call } of callSites(pack)) {
    needsDefault ||= provider === DEFAULT_PROVIDER;
    const role = needs.get(provider)?.role;
    if (role === undefined || role === "llm") continue;
    const place = providerPointer ?? pointer;
    if (kind === "state" && !reported.has(place)) {
      reported.add(place);
      report("STATE_PROVIDER_ROLE", place, `a workflow state talks through "${provider}", which is of role "${role}"`, {
        related: [{ pointer, message: "the state that runs the prompt" }],
      });
    } else if (kind === "prompt-step" && call.outputSchema === undefined) {
      const own = providerPointer?.startsWith(`${pointer}/`) === true;
      report(
        "STEP_PROVIDER_ROLE",
        own ? place : pointer,
        `the step has no output_schema, and "${provider}" is of role "${role}"`,
      );
    }
  }
  if (needsDefault && !needs.has(DEFAULT_PROVIDER)) {
    report(
      "DEFAULT_PROVIDER_ABSENT",
      "/requires/providers",
      `calls without a provider run on "default", which is not listed`,
    );
  }
}
