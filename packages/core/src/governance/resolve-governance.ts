import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn, isObject } from "../json/json.ts";
import type { Governance } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";

/**
 * Returns a copy of what is declared about the pack, or about one agent: each field that the agent has, also `[]`,
 * `false` and `""`, replaces the pack's whole; vocabularies merge and the agent wins. Undefined means undeclared,
 * and nothing is ever filled in. Source: R327-R330, SPEC 4.12.
 * @throws {PackError} UNKNOWN_AGENT, instead of the pack's values for a misspelt name
 */
export function resolveGovernance(pack: Pick<PackData, "metadata" | "agents">, agent?: string): Governance | undefined {
  const base = pack.metadata?.governance;
  if (agent === undefined) return copy(base);
  const member = getOwn(pack.agents?.members, agent);
  if (member === undefined) {
    const names = Object.keys(pack.agents?.members ?? {});
    const message = `the pack has no agent "${agent}"; it has ${listNames(names)}`;
    throw new PackError([createDiagnostic("UNKNOWN_AGENT", "/agents/members", message, didYouMean(agent, names))]);
  }
  return copy(overrideGovernance(base, member.governance));
}

/** Returns the effective declaration without copying its parts; for reading only. */
export function overrideGovernance(base: Governance | undefined, own: Governance | undefined): Governance | undefined {
  if (base === undefined || own === undefined) return own ?? base;
  const vocabularies = base.vocabularies && own.vocabularies && { ...base.vocabularies, ...own.vocabularies };
  return { ...base, ...own, ...(vocabularies === undefined ? {} : { vocabularies }) };
}

function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)])) as T;
}
