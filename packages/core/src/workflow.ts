/** Workflows and compositions beside their flow: a run in steps, the tools a state offers, the way back, and pictures. */
export { compositionToMermaid } from "./composition/composition-to-mermaid.ts";
export { rewindWorkflow } from "./workflow/initial-state.ts";
export { artifactTool, eventOfCall, transitionTool } from "./workflow/state-tools.ts";
export { workflowToMermaid } from "./workflow/diagrams/workflow-to-mermaid.ts";
export { workflowToSvg } from "./workflow/diagrams/workflow-to-svg.ts";
export {
  resumeWorkflow,
  type WorkflowProgress,
  type WorkflowStep,
  type WorkflowStepOptions,
  type WorkflowTask,
} from "./workflow/workflow-step.ts";
