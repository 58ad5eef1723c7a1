import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic, hasError } from "../diagnostics/report.ts";
import { listNames } from "../diagnostics/suggest.ts";
import { isObject } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { Governance } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Tool } from "../schema/sections/tools.ts";
import { type ActionRisk, assessAction } from "./action-risk.ts";
import { compareIndependence, type IndependenceResult, type IndependenceSide } from "./compare-independence.ts";
import { resolveGovernance } from "./resolve-governance.ts";

export type GovernanceConstraint =
  | "approved_environments"
  | "autonomy_level"
  | "requires_ai_disclosure"
  | "independent_of";

export interface GovernanceGateOptions {
  /** What the gate enforces; everything else is only a record. */
  readonly enforce: readonly GovernanceConstraint[];
  readonly agent?: string;
  /** The name of the environment that the host runs in. */
  readonly environment?: string;
  /** True when the host has somebody who approves calls. */
  readonly approver?: boolean;
  /** Who made the input, for independent_of. */
  readonly producer?: IndependenceSide;
  /** The models and providers in effect here, for independent_of. */
  readonly models?: readonly string[];
  readonly providers?: readonly string[];
}

/** A way to talk to the agent; an undescribed one faces people and discloses nothing. */
export interface Channel {
  readonly facesPeople: boolean;
  /** True when the host confirms that people there are told that they talk to an AI. */
  readonly disclosed?: boolean;
}

export interface OpenDecision {
  readonly allowed: boolean;
  /** Errors refuse; the warnings of an advisory independent_of do not. */
  readonly diagnostics: readonly Diagnostic[];
  readonly independence?: IndependenceResult;
}

export interface GateToolDecision {
  /** "approve" waits for the approver; "observe" runs with an event that a person can interrupt. */
  readonly action: "execute" | "observe" | "approve" | "refuse";
  readonly reason: string;
  /** Labels for metrics and audit records (R338). */
  readonly risk: ActionRisk;
}

export interface GovernanceGate {
  readonly enforces: readonly GovernanceConstraint[];
  /** How a value that nobody declared is treated (R332). */
  readonly undeclared: typeof undeclaredPolicy;
  /** Decides before anything runs, and once more for each channel. */
  open(channel?: Channel): OpenDecision;
  /** Decides about one call of a tool of the pack. */
  decideTool(tool: Pick<Tool, "action_scope">): GateToolDecision;
}

const undeclaredPolicy = {
  effect: "external",
  reversibility: "irreversible",
  approved_environments: "none approved",
  autonomy_level: "acts_with_approval",
  requires_ai_disclosure: "required",
  independent_of: "no requirement",
} as const;

const CONSTRAINTS: readonly string[] = [
  "approved_environments",
  "autonomy_level",
  "requires_ai_disclosure",
  "independent_of",
];

type GateSlice = Pick<PackData, "metadata" | "agents" | "prompts" | "tools">;

/** What a gate decides by. */
interface GatePolicy {
  readonly pack: GateSlice;
  readonly options: GovernanceGateOptions;
  readonly enforces: readonly GovernanceConstraint[];
  readonly governance: Governance;
}

/**
 * Creates the opt-in gate over what a pack declares: without a gate, or with an empty `enforce`, nothing is gated.
 * What is undeclared counts as the most conservative value. Source: R331-R337, SPEC 4.12.
 * @throws {PackError} UNKNOWN_AGENT
 * @throws {TypeError} for a Pack in its data's place, and without a list of what to enforce
 */
export function createGovernanceGate(pack: GateSlice, options: GovernanceGateOptions): GovernanceGate {
  if (!isObject(pack?.prompts)) throw new TypeError("a gate takes the data of a pack: pack.data");
  if (!Array.isArray(options?.enforce)) throw new TypeError("enforce lists what the gate enforces");
  const enforces = Object.freeze([...new Set(options.enforce)]);
  for (const name of enforces)
    if (!CONSTRAINTS.includes(name)) throw new TypeError(`${quoteName(name)} cannot be enforced`);
  const policy = { pack, options, enforces, governance: resolveGovernance(pack, options.agent) ?? {} };
  return {
    enforces,
    undeclared: undeclaredPolicy,
    open: (channel = { facesPeople: true }) => decideOpening(policy, channel),
    decideTool: ({ action_scope }) => decideAction(policy, assessAction(action_scope)),
  };
}

function decideOpening(policy: GatePolicy, channel: Channel): OpenDecision {
  const { pack, options, enforces } = policy;
  const independence = enforces.includes("independent_of")
    ? compareIndependence({ ...options, pack }, options.producer)
    : undefined;
  const diagnostics = [
    checkEnvironment(policy),
    checkDisclosure(policy, channel),
    independence && checkIndependence(policy, independence),
  ].filter((diagnostic) => diagnostic !== undefined);
  return {
    allowed: !hasError(diagnostics),
    diagnostics,
    ...(independence !== undefined && { independence }),
  };
}

function checkEnvironment({ options, enforces, governance }: GatePolicy): Diagnostic | undefined {
  if (!enforces.includes("approved_environments")) return undefined;
  const { environment } = options;
  const { approved_environments: approved = [] } = governance;
  if (environment !== undefined && approved.includes(environment)) return undefined;
  const found = environment === undefined ? "is not named" : `"${environment}" is not approved`;
  const message = `the environment ${found}; approved: ${listNames(approved)}`;
  return createDiagnostic("ENVIRONMENT_NOT_APPROVED", pointerOf(options, "approved_environments"), message);
}

function checkDisclosure({ options, enforces, governance }: GatePolicy, channel: Channel): Diagnostic | undefined {
  if (!enforces.includes("requires_ai_disclosure") || governance.requires_ai_disclosure === false) return undefined;
  // a channel that does not say so faces people
  const facesPeople: unknown = channel.facesPeople;
  if (facesPeople === false || channel.disclosed === true) return undefined;
  const message = "the channel faces people and does not disclose that an AI answers";
  return createDiagnostic("DISCLOSURE_REQUIRED", pointerOf(options, "requires_ai_disclosure"), message);
}

function checkIndependence({ options }: GatePolicy, result: IndependenceResult): Diagnostic | undefined {
  if (result.satisfied) return undefined;
  const failed = result.axes.filter(({ status }) => status !== "independent");
  const message = `not independent of the producer: ${failed.map(({ axis, status }) => `${axis} ${status}`).join(", ")}`;
  return createDiagnostic("NOT_INDEPENDENT", pointerOf(options, "independent_of"), message, {
    severity: result.refused ? "error" : "warning",
  });
}

function decideAction({ options, enforces, governance }: GatePolicy, risk: ActionRisk): GateToolDecision {
  if (!enforces.includes("autonomy_level"))
    return { action: "execute", reason: "autonomy_level is not enforced", risk };
  if (!risk.consequential) return { action: "execute", reason: "the tool only reads", risk };
  const { autonomy_level: declared } = governance;
  const autonomy = declared ?? undeclaredPolicy.autonomy_level;
  const reason = `the effect is ${risk.effect} and the agent ${declared ?? `declares nothing, so it ${autonomy}`}`;
  if (autonomy === "acts_autonomously") return { action: "execute", reason, risk };
  if (autonomy === "acts_with_oversight") return { action: "observe", reason, risk };
  if (autonomy === "suggests") return { action: "refuse", reason, risk };
  return options.approver === true
    ? { action: "approve", reason, risk }
    : { action: "refuse", reason: `${reason}, and there is no approver`, risk };
}

function pointerOf({ agent }: GovernanceGateOptions, field: GovernanceConstraint): string {
  return agent === undefined
    ? formatPointer("metadata", "governance", field)
    : formatPointer("agents", "members", agent, "governance", field);
}
