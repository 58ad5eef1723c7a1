import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Report, ReportDetails } from "../../diagnostics/report.ts";
import { formatPointer } from "../../json/pointer.ts";
import type { PackData } from "../../schema/sections/pack.ts";
import type { WorkflowConfig } from "../../schema/sections/workflow.ts";
import { reachableFrom, stateGraph, type StateGraph } from "../state-graph.ts";

/** What the rules of workflows read of a pack. */
export type WorkflowSlice = Pick<PackData, "workflow" | "prompts" | "agents" | "compositions">;

/** One check of one workflow. */
export interface LintRun {
  readonly pack: WorkflowSlice;
  readonly workflow: WorkflowConfig;
  readonly report: Report;
  readonly graph: StateGraph;
  /** The states that the entry or an agent leads to. */
  readonly reachable: ReadonlySet<string>;
  /** Events with unusual names. */
  readonly oddEvents: [state: string, event: string][];
}

/** Begins the check of a workflow. */
export function startLint(pack: WorkflowSlice, workflow: WorkflowConfig, report: Report): LintRun {
  const graph = stateGraph(workflow);
  const members = Object.values(pack.agents?.members ?? {});
  const reachable = reachableFrom(graph, [workflow.entry, ...members.flatMap(({ state }) => state ?? [])]);
  return { pack, workflow, report, graph, reachable, oddEvents: [] };
}

/** Reports what is wrong in the states; the path begins with a state's name. */
export function reportState(
  { report }: LintRun,
  code: DiagnosticCode,
  path: readonly string[],
  message: string,
  details?: ReportDetails,
): void {
  report(code, formatPointer("workflow", "states", ...path), message, details);
}
