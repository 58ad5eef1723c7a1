import type { Report } from "../../diagnostics/report.ts";
import type { TemplateSyntax } from "../syntax.ts";
import type { RunBy } from "./find-run-by.ts";
import { type FragmentExtent, FragmentGraph } from "./fragment-graph.ts";
import type { TemplateSlice } from "./template-slice.ts";

/** Fragment visits on behalf of prompts; beyond it, what only warns is not looked for in fragments any more. */
const MAX_VISITS = 100_000;

/** One check of one pack. */
export interface LintRun {
  readonly pack: TemplateSlice;
  readonly report: Report;
  readonly syntax: TemplateSyntax;
  readonly graph: FragmentGraph;
  readonly features: readonly string[] | undefined;
  readonly strict: boolean;
  /** Fragments that some prompt includes, directly or not. */
  readonly reached: Set<string>;
  /** What was reported about fragments, which many prompts may share. */
  readonly told: Set<string>;
  /** Of fragments in which no bare name is shadowed by a variable. */
  readonly extents: Map<string, FragmentExtent>;
  /** Below 0 when there were too many. */
  visitsLeft: number;
  /** Fragments measured again for prompts of their own, because a variable has a fragment's name. */
  measured: number;
  /** Worked out when the first prompt asks. */
  runBy: RunBy | undefined;
}

/** Begins the check of the templates of a pack. */
export function startLint(pack: TemplateSlice, syntax: TemplateSyntax, report: Report, strict: boolean): LintRun {
  return {
    pack,
    report,
    syntax,
    graph: new FragmentGraph(pack.fragments ?? {}, syntax),
    features: pack.template_engine.features,
    strict,
    reached: new Set(),
    told: new Set(),
    extents: new Map(),
    visitsLeft: MAX_VISITS,
    measured: 0,
    runBy: undefined,
  };
}
