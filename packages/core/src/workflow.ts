/** Workflows and compositions beside their flow: pictures of them, the tools a state offers, and the way back. */
export { compositionToMermaid } from "./composition/composition-to-mermaid.ts";
export { rewindWorkflow } from "./workflow/initial-state.ts";
export { artifactTool, eventOfCall, transitionTool } from "./workflow/state-tools.ts";
export { workflowToMermaid } from "./workflow/diagrams/workflow-to-mermaid.ts";
export { workflowToSvg } from "./workflow/diagrams/workflow-to-svg.ts";
