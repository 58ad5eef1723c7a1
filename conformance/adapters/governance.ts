import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { assessAction } from "../../packages/core/src/governance/action-risk.ts";
import { compareIndependence, type IndependenceSide } from "../../packages/core/src/governance/compare-independence.ts";
import { curiePrefix } from "../../packages/core/src/governance/curie.ts";
import {
  type Channel,
  createGovernanceGate,
  type GovernanceGateOptions,
} from "../../packages/core/src/governance/governance-gate.ts";
import { resolveGovernance } from "../../packages/core/src/governance/resolve-governance.ts";
import { checkGovernanceRules } from "../../packages/core/src/governance/rules.ts";
import type { Governance } from "../../packages/core/src/schema/sections/governance.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { ActionScope } from "../../packages/core/src/schema/sections/tools.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface GateInput {
  readonly governance: Governance;
  readonly options: GovernanceGateOptions;
  readonly channel?: Channel;
  readonly scope?: ActionScope;
}

const gateOf = ({ governance, options }: GateInput) =>
  createGovernanceGate({ metadata: { governance }, prompts: {} }, options);

/** Our library behind the ops of the section "governance". */
export const governance: VectorImplementation = {
  check: (pack: PackData) => {
    const { findings, report } = collectFindings();
    checkGovernanceRules({ ...pack, prompts: pack.prompts ?? {} }, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  resolve: ({ pack, agent }: { pack: PackData; agent?: string }) => {
    try {
      return resolveGovernance(pack, agent) ?? null;
    } catch (error) {
      if (PackError.isInstance(error)) return { error: error.code };
      throw error;
    }
  },
  prefix: ({ value }: { value: string }) => curiePrefix(value) ?? null,
  risk: ({ scope }: { scope?: ActionScope }) => assessAction(scope),
  open: (input: GateInput) => {
    const { allowed, diagnostics } = gateOf(input).open(input.channel);
    return { allowed, findings: diagnostics.map((one) => `${one.code} ${one.severity}`) };
  },
  call: (input: GateInput) =>
    gateOf(input).decideTool(input.scope === undefined ? {} : { action_scope: input.scope }).action,
  independence: ({ consumer, producer }: { consumer: IndependenceSide; producer?: IndependenceSide }) => {
    const result = compareIndependence(consumer, producer);
    if (result === undefined) return null;
    return {
      axes: result.axes.map(({ axis, status }) => `${axis} ${status}`),
      satisfied: result.satisfied,
      refused: result.refused,
    };
  },
};
