import type { Report } from "../diagnostics/report.ts";
import { getOwn } from "../json/json.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { Governance } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { checkControls, type ControlTargets } from "./check-controls.ts";
import { checkTerm, checkVocabularies } from "./check-terms.ts";
import { overrideGovernance } from "./resolve-governance.ts";

type GovernancePack = Pick<PackData, "metadata" | "agents" | "prompts" | "tools" | "evals">;

/**
 * Checks the governance declarations of the pack and of each agent, the action scopes of the tools and the ids of the
 * guardrails. Nothing looks into extensions. Source: R317-R385, SPEC 4.12-4.15.
 */
export function checkGovernanceRules(pack: GovernancePack, report: Report): void {
  checkValidatorIds(pack, report);
  const base = pack.metadata?.governance;
  if (base === undefined && pack.agents === undefined) return checkTools(pack, report);
  const targets = collectTargets(pack);
  if (base !== undefined) checkDeclared(base, base, undefined, "/metadata/governance", targets, report);
  for (const [name, { governance: own }] of Object.entries(pack.agents?.members ?? {})) {
    if (own === undefined) continue;
    const pointer = formatPointer("agents", "members", name, "governance");
    checkDeclared(own, overrideGovernance(base, own) ?? own, base, pointer, targets, report);
  }
  checkTools(pack, report);
}

// A guardrail's id is unique across the pack, referenced or not (R354).
function checkValidatorIds({ prompts }: GovernancePack, report: Report): void {
  let seen: Set<string> | undefined;
  for (const key in prompts) {
    const validators = prompts[key]?.validators ?? [];
    for (let index = 0; index < validators.length; index++) {
      const id = validators[index]?.id;
      if (id === undefined) continue;
      seen ??= new Set();
      if (seen.size < seen.add(id).size) continue;
      const pointer = formatPointer("prompts", key, "validators", index, "id");
      report("DUPLICATE_VALIDATOR_ID", pointer, `another guardrail of the pack has the id "${id}"`);
    }
  }
}

// The ids that controls and reviews may name.
function collectTargets({ prompts, evals = [], tools = {}, metadata, agents }: GovernancePack): ControlTargets {
  const evalIds = new Map<string, boolean>();
  const validatorIds = new Map<string, boolean>();
  for (const { id, enabled } of evals) evalIds.set(id, (enabled ?? true) || evalIds.get(id) === true);
  for (const prompt of Object.values(prompts)) {
    for (const { id, enabled } of prompt.evals ?? []) evalIds.set(id, (enabled ?? true) || evalIds.get(id) === true);
    for (const { id, enabled } of prompt.validators ?? []) {
      if (id !== undefined && !validatorIds.has(id)) validatorIds.set(id, enabled ?? true);
    }
  }
  const declared = [metadata?.governance, ...Object.values(agents?.members ?? {}).map((agent) => agent.governance)];
  return {
    evalIds,
    validatorIds,
    capabilities: new Set(declared.flatMap((governance) => governance?.capabilities ?? [])),
    dataClasses: new Set(Object.values(tools).flatMap((tool) => tool.action_scope?.data_classes ?? [])),
    riskClassifications: new Set(declared.flatMap((governance) => governance?.risk_classification ?? [])),
  };
}

function checkDeclared(
  own: Governance,
  effective: Governance,
  inherited: Governance | undefined,
  pointer: string,
  targets: ControlTargets,
  report: Report,
): void {
  checkVocabularies(own, pointer, report);
  const { vocabularies } = effective;
  for (const field of ["operator_role", "risk_classification"] as const) {
    checkTerm(own[field], vocabularies, () => appendPointer(pointer, field), report);
  }
  for (const field of ["intended_deployment_contexts", "capabilities"] as const) {
    for (const [index, term] of (own[field] ?? []).entries()) {
      checkTerm(term, vocabularies, () => appendPointer(appendPointer(pointer, field), index), report);
    }
  }
  checkOwner(own.accountable_owner, () => appendPointer(pointer, "accountable_owner"), report);
  for (const [index, { owner }] of (own.reviews ?? []).entries()) {
    checkOwner(owner, () => `${pointer}/reviews/${index}/owner`, report);
  }
  checkIndependence(own, effective, pointer, report);
  checkControls({ own, effective, inherited, pointer, targets, report });
}

function checkOwner(owner: string | undefined, pointer: () => string, report: Report): void {
  if (owner !== undefined && owner.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(owner.trim())) {
    report("OWNER_IS_PERSON", pointer(), "the owner is an e-mail address; a role, a team or a function lasts longer");
  }
}

function checkIndependence(
  { independent_of: own }: Governance,
  effective: Governance,
  pointer: string,
  report: Report,
): void {
  if (own === undefined) return;
  if (!own.axes.includes("accountable_owner")) {
    if (own.enforcement === "strict") {
      report(
        "INDEPENDENCE_IGNORES_OWNER",
        `${pointer}/independent_of/axes`,
        "technical independence alone separates no duties; the axis accountable_owner does",
      );
    }
  } else if (effective.accountable_owner === undefined) {
    report(
      "INDEPENDENCE_WITHOUT_OWNER",
      `${pointer}/independent_of/axes/${own.axes.indexOf("accountable_owner")}`,
      "the axis compares accountable_owner, which is not declared",
    );
  }
}

function checkTools({ tools = {}, prompts, metadata, agents }: GovernancePack, report: Report): void {
  const governance = metadata?.governance;
  let scoped = governance !== undefined;
  for (const key in tools) scoped ||= tools[key]?.action_scope !== undefined;
  if (!scoped) return;
  const runsAlone = (own: Governance | undefined): boolean =>
    overrideGovernance(governance, own)?.autonomy_level === "acts_autonomously";
  const alone = new Set<string>();
  const listed = new Set<string>();
  for (const [key, prompt] of Object.entries(prompts)) {
    const autonomous = runsAlone(getOwn(agents?.members, key)?.governance);
    for (const name of prompt.tools ?? []) (autonomous ? alone : listed).add(name);
  }
  for (const [key, { action_scope: scope }] of Object.entries(tools)) {
    const pointer = formatPointer("tools", key);
    if (scope === undefined) {
      const message = "the tool declares no action_scope, so a gate takes it for external and irreversible";
      report("MISSING_ACTION_SCOPE", pointer, message);
      continue;
    }
    for (const [index, term] of (scope.data_classes ?? []).entries()) {
      checkTerm(term, governance?.vocabularies, () => `${pointer}/action_scope/data_classes/${index}`, report);
    }
    if (scope.reversibility !== "irreversible") continue;
    if (scope.effect === "read") {
      report(
        "CONTRADICTORY_ACTION_SCOPE",
        `${pointer}/action_scope`,
        "a tool that only reads has nothing that could be irreversible",
      );
    } else if (alone.has(key) || (!listed.has(key) && runsAlone(undefined))) {
      report(
        "IRREVERSIBLE_AUTONOMY",
        `${pointer}/action_scope/reversibility`,
        "an agent that acts autonomously has this irreversible tool",
      );
    }
  }
}
