import { agentCalls } from "../../packages/core/src/agents/agent-calls.ts";
import { createAgentCard } from "../../packages/core/src/agents/agent-card.ts";
import { resolveAgentEntry, resolveEntry } from "../../packages/core/src/agents/resolve-entry.ts";
import { checkAgentRules } from "../../packages/core/src/agents/rules.ts";
import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

const orError = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (PackError.isInstance(error)) return { error: error.code };
    throw error;
  }
};

/** Our library behind the ops of the section "agents". */
export const agents: VectorImplementation = {
  check: (pack: PackData) => {
    const { findings, report } = collectFindings();
    checkAgentRules(pack, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  card: ({ pack, member, url }: { pack: PackData; member: string; url: string }) =>
    orError(() => createAgentCard(pack, member, { url })),
  calls: ({ pack, prompt }: { pack: PackData; prompt: string }) => agentCalls(pack, prompt),
  entry: ({ pack, member }: { pack: PackData; member?: string }) =>
    orError(() => (member === undefined ? (resolveEntry(pack) ?? null) : resolveAgentEntry(pack, member))),
};
