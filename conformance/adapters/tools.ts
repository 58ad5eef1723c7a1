import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { ToolCall } from "../../packages/core/src/messages/message.ts";
import type { RuleOptions } from "../../packages/core/src/schema/rule-options.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { Tool } from "../../packages/core/src/schema/sections/tools.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";
import { checkToolArguments, toolDefinition } from "../../packages/core/src/tools/check-tool-arguments.ts";
import { decideToolCall } from "../../packages/core/src/tools/decide-tool-call.ts";
import { offeredCallees, type ToolPrompt } from "../../packages/core/src/tools/offered-tools.ts";
import { checkToolRules } from "../../packages/core/src/tools/rules.ts";
import {
  createToolPolicyState,
  nextToolChoice,
  startRound,
  type ToolLimits,
} from "../../packages/core/src/tools/tool-policy-state.ts";

interface Offer {
  readonly prompt: ToolPrompt;
  readonly tools?: PackData["tools"];
  readonly members?: NonNullable<PackData["agents"]>["members"];
  readonly limits?: ToolLimits;
}
const sourcesOf = ({ tools, members }: Offer): Parameters<typeof offeredCallees>[1] => ({
  tools,
  agents: members && { members },
});
type Step = "round" | Pick<ToolCall, "name" | "arguments">;

/** Our library behind the ops of the section "tools". */
export const tools: VectorImplementation = {
  check: ({ pack, options }: { pack: PackData; options?: RuleOptions }) => {
    const { findings, report } = collectFindings();
    checkToolRules(pack, report, options);
    return findings.map(({ diagnostic: { severity, code, pointer } }) => `${severity} ${code} ${pointer}`).sort();
  },
  offer: (offer: Offer) => offeredCallees(offer.prompt, sourcesOf(offer)).map(({ kind, name }) => `${kind} ${name}`),
  turn: ({ steps, ...offer }: Offer & { readonly steps: readonly Step[] }) => {
    let state = createToolPolicyState(offer.prompt, sourcesOf(offer), offer.limits);
    return steps.map((step) => {
      if (step === "round") {
        state = startRound(state);
        return nextToolChoice(state);
      }
      const decision = decideToolCall(state, { id: "1", ...step });
      ({ state } = decision);
      return decision.allowed ? "allowed" : decision.reason;
    });
  },
  choice: (offer: Offer) => nextToolChoice(createToolPolicyState(offer.prompt, sourcesOf(offer))),
  arguments: ({ tool, text }: { tool: Tool; text: string }) => {
    const checked = checkToolArguments(tool, text);
    return checked.arguments ?? { errors: [...new Set(checked.diagnostics.map(({ code }) => code))].sort() };
  },
  definition: ({ tool }: { tool: Tool }) => toolDefinition(tool),
};
