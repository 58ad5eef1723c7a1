import type { Report } from "../diagnostics/report.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import { cycleFault } from "./expand-template.ts";
import { checkOverrides } from "./lint/check-overrides.ts";
import { PromptTexts } from "./lint/check-prompt-texts.ts";
import { type BrokenInclude, FragmentGraph } from "./lint/fragment-graph.ts";
import { type LintRun, reportBroken, reportTagFaults, SPACED } from "./lint/report-tag.ts";
import { isCertainlyClean } from "./lint/is-certainly-clean.ts";
import type { TemplateSections } from "./lint/template-sections.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { findSyntax, unsupportedSyntax } from "./syntax.ts";

/** Reports what is wrong or doubtful in templates, fragments and model overrides. Source: R022, R032-R071, RULINGS 3, 4, 6-13. */
export function checkTemplateRules(
  pack: TemplateSections,
  report: Report,
  options: { readonly strict?: boolean } = {},
): void {
  const { version, syntax: name, features } = pack.template_engine;
  if (version !== "v1") {
    const message = `the template engine version ${quoteName(version)} is not known; there is "v1"`;
    report("UNKNOWN_ENGINE_VERSION", "/template_engine/version", message);
  }
  const syntax = findSyntax(name);
  if (syntax === undefined) report("UNSUPPORTED_SYNTAX", "/template_engine/syntax", unsupportedSyntax(name));
  if (syntax !== undefined && isCertainlyClean(pack, syntax)) return;
  const run: LintRun | undefined = syntax && {
    pack,
    report,
    graph: new FragmentGraph(pack.fragments ?? {}, syntax),
    features,
    strict: options.strict ?? false,
    reached: new Set(),
    told: new Set(),
    extents: new Map(),
    visitsLeft: MAX_VISITS,
  };
  for (const promptId of Object.keys(pack.prompts)) {
    const prompt = pack.prompts[promptId];
    if (prompt === undefined) continue;
    checkOverrides(promptId, prompt, report);
    if (run !== undefined && syntax !== undefined) new PromptTexts(run, syntax, promptId, prompt).check();
  }
  if (run !== undefined && pack.fragments !== undefined) checkFragments(run, Object.keys(pack.fragments));
}

/** Fragment visits on behalf of prompts; beyond it, what only warns is not looked for in fragments any more. */
const MAX_VISITS = 100_000;

function checkFragments(run: LintRun, names: readonly string[]): void {
  for (const name of names) {
    const spaced = reportTagFaults(run, run.graph.tagsOf(name), () => appendPointer("/fragments", name));
    if (spaced !== undefined) run.report("SPACED_TAG", appendPointer("/fragments", name), SPACED, { range: spaced });
  }
  for (const name of names) {
    if (run.reached.has(name)) continue;
    const pointer = appendPointer("/fragments", name);
    run.report("UNUSED_FRAGMENT", pointer, `no prompt uses the fragment ${quoteName(name)}`, { atKey: true });
    run.graph.measure(
      name,
      () => false,
      run.extents,
      (broken) => reportUnreached(run, broken),
    );
  }
}

/** Nothing renders these fragments, so their faults are warnings; a cycle belongs to its first fragment. */
function reportUnreached(run: LintRun, broken: BrokenInclude): void {
  if (broken.cycle === undefined) return reportBroken(run, broken, "warning");
  const { code, message } = cycleFault(broken.cycle, run.graph.fragments[broken.fragment] ?? "", broken.tag);
  const pointer = formatPointer("fragments", broken.cycle[0] ?? "");
  const details = { severity: "warning", atKey: true } as const;
  run.report(
    code === "FRAGMENT_CYCLE" ? "UNREACHED_CYCLE" : code,
    pointer,
    `${message}; no prompt reaches it`,
    details,
  );
}
