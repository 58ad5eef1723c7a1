// in this order, the last rule first, the bundle compresses best
import { checkProviderRules } from "../providers/rules.ts";
import { checkGovernanceRules } from "../governance/rules.ts";
import { checkSkillRules } from "../skills/rules.ts";
import { checkAgentRules } from "../agents/rules.ts";
import { checkCompositionRules } from "../composition/rules.ts";
import { checkWorkflowRules } from "../workflow/rules.ts";
import { checkEvalRules } from "../evals/rules.ts";
import { checkGuardrailRules } from "../guardrails/rules.ts";
import { checkMediaRules } from "../media/rules.ts";
import { checkToolRules } from "../tools/rules.ts";
import { checkVariableRules } from "../variables/rules.ts";
import { checkTemplateRules } from "../template/rules.ts";
import { checkPackRules } from "./rules.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Report } from "../diagnostics/report.ts";

/** Reports everything that the official schema cannot say about a pack that fits it: one line for each section. */
export function checkReferences(pack: PackData, report: Report, options: RuleOptions): void {
  checkPackRules(pack, report);
  checkTemplateRules(pack, report, options);
  checkVariableRules(pack, report, options);
  checkToolRules(pack, report, options);
  checkMediaRules(pack, report);
  checkGuardrailRules(pack, report, options);
  checkEvalRules(pack, report, options);
  checkWorkflowRules(pack, report);
  checkCompositionRules(pack, report, options);
  checkAgentRules(pack, report);
  checkSkillRules(pack, report);
  checkGovernanceRules(pack, report);
  checkProviderRules(pack, report);
}
