import type { Report } from "../diagnostics/report.ts";
import { getOwn } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { Governance } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { checkTerm } from "./lint/check-term.ts";
import { checkDeclaration } from "./lint/check-declaration.ts";
import type { ControlTargets } from "./lint/lint-run.ts";
import { overrideGovernance } from "./resolve-governance.ts";

type GovernanceSlice = Pick<PackData, "metadata" | "agents" | "prompts" | "tools" | "evals">;

/**
 * Checks the governance declarations of the pack and of each agent, the action scopes of the tools and the ids of the
 * guardrails. Nothing looks into extensions. Source: R317-R385, SPEC 4.12-4.15.
 */
export function checkGovernanceRules(pack: GovernanceSlice, report: Report): void {
  checkValidatorIds(pack, report);
  checkDeclarations(pack, report);
  checkTools(pack, report);
}

function checkDeclarations(pack: GovernanceSlice, report: Report): void {
  const base = pack.metadata?.governance;
  const members = Object.entries(pack.agents?.members ?? {});
  if (base === undefined && members.every(([, { governance }]) => governance === undefined)) return;
  const targets = collectTargets(pack);
  if (base !== undefined) checkDeclaration(base, undefined, "/metadata/governance", targets, report);
  for (const [name, { governance: own }] of members) {
    if (own === undefined) continue;
    checkDeclaration(own, base, formatPointer("agents", "members", name, "governance"), targets, report);
  }
}

// A guardrail's id is unique across the pack, referenced or not (R354).
function checkValidatorIds({ prompts }: GovernanceSlice, report: Report): void {
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
function collectTargets({ prompts, evals = [], tools = {}, metadata, agents }: GovernanceSlice): ControlTargets {
  const evalIds = new Map<string, boolean>();
  const validatorIds = new Map<string, boolean>();
  const all = Object.values(prompts);
  for (const { id, enabled = true } of [evals, ...all.map((prompt) => prompt.evals ?? [])].flat())
    evalIds.set(id, enabled || evalIds.get(id) === true);
  for (const { id, enabled = true } of all.flatMap(({ validators = [] }) => validators))
    if (id !== undefined && !validatorIds.has(id)) validatorIds.set(id, enabled);
  const declared = [metadata?.governance, ...Object.values(agents?.members ?? {}).map((agent) => agent.governance)];
  return {
    evalIds,
    validatorIds,
    declared: {
      capability: new Set(declared.flatMap((governance) => governance?.capabilities ?? [])),
      data_class: new Set(Object.values(tools).flatMap((tool) => tool.action_scope?.data_classes ?? [])),
      risk_classification: new Set(declared.flatMap((governance) => governance?.risk_classification ?? [])),
    },
  };
}

function checkTools({ tools = {}, prompts, metadata, agents }: GovernanceSlice, report: Report): void {
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
    scope.data_classes?.forEach((term, index) =>
      checkTerm({ effective: governance ?? {}, report }, term, `${pointer}/action_scope/data_classes/${index}`),
    );
    if (scope.reversibility !== "irreversible") continue;
    if (scope.effect === "read") {
      const message = "a tool that only reads has nothing that could be irreversible";
      report("CONTRADICTORY_ACTION_SCOPE", `${pointer}/action_scope`, message);
    } else if (alone.has(key) || (!listed.has(key) && runsAlone(undefined))) {
      const message = "an agent that acts autonomously has this irreversible tool";
      report("IRREVERSIBLE_AUTONOMY", `${pointer}/action_scope/reversibility`, message);
    }
  }
}
