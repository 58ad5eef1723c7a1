/** Governance and providers: what a pack declares, what that decides at run time, and which model each call needs. */
export { type ActionRisk, assessAction } from "./governance/action-risk.ts";
export { compareIndependence, type IndependenceResult } from "./governance/compare-independence.ts";
export {
  createGovernanceGate,
  type GateToolDecision,
  type GovernanceConstraint,
  type GovernanceGate,
  type GovernanceGateOptions,
} from "./governance/governance-gate.ts";
export { resolveGovernance } from "./governance/resolve-governance.ts";
export { type CallSite, callSites } from "./providers/call-sites.ts";
export {
  checkProviders,
  checkSingleProvider,
  type ProviderBinding,
  type ProviderCheckOptions,
} from "./providers/check-providers.ts";
export { effectiveProvider, type ProviderNeed, providerRequirements } from "./providers/provider-requirements.ts";
