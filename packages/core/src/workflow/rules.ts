import type { Report } from "../diagnostics/report.ts";
import { checkArtifacts } from "./lint/check-artifacts.ts";
import { checkWorkflow } from "./lint/check-workflow.ts";
import type { WorkflowSlice } from "./lint/lint-run.ts";

/** Reports what the schema cannot say about the workflow and its artifacts. Source: R174-R233, R236-R239. */
export function checkWorkflowRules(pack: WorkflowSlice, report: Report): void {
  checkArtifacts(pack, report);
  if (pack.workflow !== undefined) checkWorkflow(pack, pack.workflow, report);
}
