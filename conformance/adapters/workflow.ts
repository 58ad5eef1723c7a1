import { InputError, PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { WorkflowConfig } from "../../packages/core/src/schema/sections/workflow.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";
import { initialState, type WorkflowOptions } from "../../packages/core/src/workflow/initial-state.ts";
import type { WorkflowSlice } from "../../packages/core/src/workflow/lint/lint-run.ts";
import { checkWorkflowRules } from "../../packages/core/src/workflow/rules.ts";
import { stateTools } from "../../packages/core/src/workflow/state-tools.ts";
import { transition } from "../../packages/core/src/workflow/transition.ts";
import type { WorkflowEffect, WorkflowEvent } from "../../packages/core/src/workflow/workflow-run.ts";

interface RunInput {
  readonly workflow: WorkflowConfig;
  readonly options?: WorkflowOptions;
  readonly events: readonly WorkflowEvent[];
}

const summary = (effect: WorkflowEffect): string => {
  if (effect.type === "refuse") return `refuse ${effect.diagnostic.code}`;
  if (effect.type === "enter") return `enter ${effect.state} ${effect.history}`;
  if (effect.type === "yield") return `yield ${effect.state} to ${effect.waitingFor}: ${effect.text}`;
  if (effect.type === "end") return `end ${effect.limit ?? effect.status}: ${effect.text}`;
  return `${effect.type} ${effect.state}`;
};

/** Our library behind the ops of the section "workflow". */
export const workflow: VectorImplementation = {
  check: (pack: WorkflowSlice) => {
    const { findings, report } = collectFindings();
    checkWorkflowRules(pack, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  run: ({ workflow: machine, options = {}, events }: RunInput) => {
    try {
      let run = initialState(machine, options);
      const steps = events.map((event) => {
        const [next, effects] = transition(machine, run, event);
        run = next;
        return effects.map(summary);
      });
      return { steps, status: run.status, state: run.state, artifacts: run.artifacts };
    } catch (error) {
      if (PackError.isInstance(error) || InputError.isInstance(error)) return { error: error.code };
      throw error;
    }
  },
  tools: ({ workflow: machine, state }: { workflow: WorkflowConfig; state: string }) =>
    stateTools(machine, state).map(({ name, parameters }) => ({ name, properties: parameters["properties"] })),
};
