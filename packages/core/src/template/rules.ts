import { quoteName } from "../diagnostics/quote-name.ts";
import type { Report } from "../diagnostics/report.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import { cycleFault } from "./expand-template.ts";
import { checkOverrides } from "./lint/check-overrides.ts";
import { checkPromptTexts } from "./lint/check-prompt-texts.ts";
import { type BrokenInclude, MAX_CYCLES } from "./lint/fragment-graph.ts";
import { isCertainlyClean } from "./lint/is-certainly-clean.ts";
import { type LintRun, startLint } from "./lint/lint-run.ts";
import { reportBroken, reportTagFaults, SPACED } from "./lint/report-tag.ts";
import type { TemplateSlice } from "./lint/template-slice.ts";
import { findSyntax, unsupportedSyntax } from "./syntax.ts";

/** Reports what is wrong or doubtful in templates, fragments and model overrides. Source: R022, R032-R071, RULINGS 3, 4, 6-13. */
export function checkTemplateRules(
  pack: TemplateSlice,
  report: Report,
  options: { readonly strict?: boolean } = {},
): void {
  const { version, syntax: name } = pack.template_engine;
  if (version !== "v1") {
    const message = `the template engine version ${quoteName(version)} is not known; there is "v1"`;
    report("UNKNOWN_ENGINE_VERSION", "/template_engine/version", message);
  }
  const syntax = findSyntax(name);
  if (syntax === undefined) report("UNSUPPORTED_SYNTAX", "/template_engine/syntax", unsupportedSyntax(name));
  if (syntax !== undefined && isCertainlyClean(pack, syntax)) return;
  const run = syntax && startLint(pack, syntax, report, options.strict ?? false);
  for (const [promptId, prompt] of Object.entries(pack.prompts)) {
    checkOverrides(promptId, prompt, report);
    if (run !== undefined) checkPromptTexts(run, promptId, prompt);
  }
  if (run !== undefined) checkFragments(run);
}

function checkFragments(run: LintRun): void {
  const { names } = run.graph;
  for (const name of names) {
    const spaced = reportTagFaults(run, run.graph.tagsOf(name), () => appendPointer("/fragments", name));
    if (spaced !== undefined) run.report("SPACED_TAG", appendPointer("/fragments", name), SPACED, { range: spaced });
  }
  for (const name of names) {
    if (run.reached.has(name)) continue;
    const pointer = appendPointer("/fragments", name);
    // what was not visited may use it
    if (run.visitsLeft >= 0)
      run.report("UNUSED_FRAGMENT", pointer, `no prompt uses the fragment ${quoteName(name)}`, { atKey: true });
    run.graph.measure(
      name,
      () => false,
      run.extents,
      (broken) => reportUnreached(run, broken),
    );
  }
  const { graph, visitsLeft, report, strict } = run;
  if (graph.cycles <= MAX_CYCLES && visitsLeft >= 0) return;
  const message = "there is too much in the fragments to look at or tell all of it";
  report("LIMIT_EXCEEDED", "/fragments", message, { severity: strict ? "error" : "warning" });
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
