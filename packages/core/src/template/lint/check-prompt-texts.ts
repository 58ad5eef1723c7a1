import { quoteName } from "../../diagnostics/quote-name.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import { appendPointer, formatPointer } from "../../json/pointer.ts";
import { MAX_FRAGMENT_DEPTH, TOO_DEEP, tooLarge } from "../expand-template.ts";
import { parseTemplate, type Tag } from "../parse-template.ts";
import { formatPath } from "../read-path.ts";
import { distinctSyntaxes } from "../syntax.ts";
import { MAX_OUTPUT } from "../text-of-value.ts";
import { findRunBy } from "./find-run-by.ts";
import type { FragmentExtent } from "./fragment-graph.ts";
import type { LintRun } from "./lint-run.ts";
import { reportBroken, reportMissing, reportTagFaults, SPACED } from "./report-tag.ts";
import type { TemplatePrompt } from "./template-slice.ts";

const AFFIXES = ["system_template", "system_template_prefix", "system_template_suffix"] as const;
const MAX_MEASURED = 1_000_000;
/** Names of variables that templates cannot show. */
export const RESERVED: ReadonlySet<string> = new Set(["artifacts", "fragments"]);

/** Checks the templates of one prompt, with those of its overrides, and the fragments that they reach. */
export function checkPromptTexts(run: LintRun, promptId: string, prompt: TemplatePrompt): void {
  new PromptTexts(run, promptId, prompt).check();
}

class PromptTexts {
  readonly #run: LintRun;
  readonly #promptId: string;
  readonly #prompt: TemplatePrompt;
  readonly #variables: NonNullable<TemplatePrompt["variables"]>;
  readonly #declared: ReadonlySet<string>;
  readonly #used: Set<string> = new Set();
  #visited: Set<string> | undefined;
  #hasClash = false;
  #extents: Map<string, FragmentExtent>;
  #toldSpaced = false;
  #toldFeatures: string[] | undefined;

  constructor(run: LintRun, promptId: string, prompt: TemplatePrompt) {
    this.#run = run;
    this.#promptId = promptId;
    this.#prompt = prompt;
    this.#variables = prompt.variables ?? [];
    this.#declared = new Set(this.#variables.map(({ name }) => name));
    this.#extents = run.extents;
  }

  check(): void {
    const { system_template, model_overrides } = this.#prompt;
    this.#checkNames();
    // a variable of the same name makes another graph of the fragments
    if (this.#hasClash) this.#extents = new Map();
    // hostile: thousands of such prompts, each with thousands of fragments
    if (this.#hasClash && this.#run.measured > MAX_MEASURED) {
      const pointer = formatPointer("prompts", this.#promptId);
      return this.#run.report("LIMIT_EXCEEDED", pointer, "too many variables hide fragments");
    }
    const own = (): string => formatPointer("prompts", this.#promptId, "system_template");
    if (system_template.trim() === "")
      this.#run.report("BLANK_TEMPLATE", own(), "the template holds nothing but white space");
    this.#checkText(system_template, own);
    if (model_overrides !== undefined) {
      for (const [model, override] of Object.entries(model_overrides)) {
        for (const name of AFFIXES) {
          const pointer = (): string => formatPointer("prompts", this.#promptId, "model_overrides", model, name);
          this.#checkText(override[name] ?? "", pointer);
        }
      }
    }
    if (this.#hasClash) this.#run.measured += this.#extents.size;
    // what was not visited may use them
    if (this.#run.visitsLeft < 0) return;
    this.#variables.forEach(({ name }, index) => {
      if (!this.#used.has(name)) this.#reportUnused(index, own());
    });
  }

  #checkNames(): void {
    const { fragments } = this.#run.graph;
    for (let index = 0; index < this.#variables.length; index++) {
      const name = this.#variables[index]?.name ?? "";
      const report = (code: "NAME_CLASH" | "RESERVED_NAME", why: string): void =>
        this.#run.report(
          code,
          formatPointer("prompts", this.#promptId, "variables", index, "name"),
          `${quoteName(name)} is a ${why}`,
        );
      if (Object.hasOwn(fragments, name)) {
        this.#hasClash = true;
        report("NAME_CLASH", "variable and a fragment; the bare name means the variable");
      }
      if (RESERVED.has(name)) report("RESERVED_NAME", "namespace of templates; name the variable differently");
    }
  }

  readonly #isVariable = (name: string): boolean => this.#declared.has(name);

  #checkText(text: string, pointer: () => string): void {
    const tags = parseTemplate(text, this.#run.syntax);
    const spaced = reportTagFaults(this.#run, tags, pointer);
    if (spaced !== undefined && !this.#toldSpaced) {
      this.#toldSpaced = true;
      this.#run.report("SPACED_TAG", pointer(), SPACED, { range: spaced });
    }
    let size = text.length;
    for (const tag of tags) size += this.#checkTag(tag, text, pointer);
    if (size > MAX_OUTPUT && !tags.some((tag) => this.#isTooLarge(tag))) {
      this.#run.report("OUTPUT_TOO_LARGE", pointer(), tooLarge("the template"));
    }
  }

  #isTooLarge(tag: Tag): boolean {
    const name = this.#run.graph.includeOf(tag, this.#isVariable);
    return name !== undefined && (this.#extents.get(name)?.size ?? 0) > MAX_OUTPUT;
  }

  /** Returns how many characters the tag adds when fragments are inlined. */
  #checkTag(tag: Tag, text: string, pointer: () => string): number {
    if (this.#run.features !== undefined) this.#checkFeature(tag, pointer);
    // most tags are declared variables, and the look-up of a fragment costs more than all else here
    if (!this.#run.syntax.exact && this.#isDeclaredUse(tag)) return 0;
    const included = this.#run.graph.includeOf(tag, this.#isVariable);
    if (included !== undefined) return this.#include(included, tag, pointer);
    this.#checkUse(tag, pointer, "");
    if (this.#run.syntax.exact && text[tag.start - 1] === "{" && text[tag.end] === "}") {
      this.#reportOtherSyntax("{{variable}}", pointer(), { start: tag.start - 1, end: tag.end + 1 });
    }
    return 0;
  }

  #include(name: string, tag: Tag, pointer: () => string): number {
    const { graph, reached } = this.#run;
    if (!Object.hasOwn(graph.fragments, name)) {
      reportMissing(this.#run, tag, pointer());
      return 0;
    }
    graph.measure(name, this.#isVariable, this.#extents, (broken) => reportBroken(this.#run, broken));
    const extent = this.#extents.get(name);
    this.#visit(name, reached);
    if (extent === undefined) return 0;
    if (extent.size > MAX_OUTPUT && this.#isNews(`OUTPUT_TOO_LARGE ${name}`)) {
      const message = tooLarge(`the fragment ${quoteName(name)}`);
      this.#run.report("OUTPUT_TOO_LARGE", appendPointer("/fragments", name), message);
    }
    if (extent.depth > MAX_FRAGMENT_DEPTH && this.#isNews(`FRAGMENT_TOO_DEEP ${name}`)) {
      this.#run.report("FRAGMENT_TOO_DEEP", appendPointer("/fragments", name), TOO_DEEP);
    }
    return extent.size;
  }

  /** Looks at the names in a fragment and in all that it includes, once for this prompt. */
  #visit(root: string, reached: Set<string>): void {
    this.#visited ??= new Set();
    if (this.#visited.has(root)) return;
    const waiting = [root];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (this.#visited.has(name)) continue;
      this.#visited.add(name);
      reached.add(name);
      // hostile: many prompts that share many fragments
      if (this.#run.visitsLeft-- <= 0) return;
      const fragment = name;
      for (const tag of this.#run.graph.tagsOf(name)) {
        if (this.#isDeclaredUse(tag)) continue;
        const included = this.#run.graph.includeOf(tag, this.#isVariable);
        if (included === undefined) this.#checkUse(tag, () => appendPointer("/fragments", fragment), fragment);
        else if (Object.hasOwn(this.#run.graph.fragments, included)) waiting.push(included);
      }
    }
  }

  /** Marks the variable that a tag shows, if it is declared. */
  #isDeclaredUse(tag: Tag): boolean {
    const isUse = tag.kind === "path" && this.#declared.has(tag.name);
    if (isUse) this.#used.add(tag.name);
    return isUse;
  }

  #checkUse(tag: Tag, pointer: () => string, fragment: string): void {
    if (tag.kind !== "path") return;
    if (this.#isDeclaredUse(tag) || this.#isImplicit(tag.name)) return;
    if (!this.#isNews(`UNDECLARED ${fragment === "" ? pointer() : `/fragments ${fragment}`} ${tag.name}`)) return;
    const message = `the template of the prompt ${quoteName(this.#promptId)} uses ${quoteName(formatPath(tag.name, tag.path))}, which no variable declares`;
    this.#run.report("UNDECLARED_VARIABLE", pointer(), message, {
      severity: this.#run.strict ? "error" : "warning",
      range: { start: tag.start, end: tag.end },
      ...didYouMean(tag.name, this.#declared),
    });
  }

  #isNews(key: string): boolean {
    return this.#run.told.size < this.#run.told.add(key).size;
  }

  /** What the caller of the prompt provides by itself. Source: SPEC 4.1, R043. */
  #isImplicit(name: string): boolean {
    const caller = name === "input" ? "step" : name === "workflow_context" ? "state" : undefined;
    return caller !== undefined && (this.#run.runBy ??= findRunBy(this.#run.pack))[caller].has(this.#promptId);
  }

  /** Source: R036. */
  #checkFeature(tag: Tag, pointer: () => string): void {
    const feature = featureOf(tag, this.#run.graph.includeOf(tag, this.#isVariable) !== undefined);
    if (feature === undefined || this.#run.features?.includes(feature) || this.#toldFeatures?.includes(feature)) return;
    (this.#toldFeatures ??= []).push(feature);
    const message = `the template uses "${feature}", which template_engine.features does not list`;
    this.#run.report("UNDECLARED_FEATURE", pointer(), message, { range: { start: tag.start, end: tag.end } });
  }

  #reportUnused(index: number, template: string): void {
    const { name = "", required = false } = this.#variables[index] ?? {};
    for (const { open, close } of distinctSyntaxes) {
      const start =
        open === this.#run.syntax.open ? -1 : this.#prompt.system_template.indexOf(`${open}${name}${close}`);
      if (start < 0) continue;
      const end = start + open.length + name.length + close.length;
      return this.#reportOtherSyntax(`${open}variable${close}`, template, { start, end });
    }
    const message = `no template of the prompt uses the variable ${quoteName(name)}`;
    const severity = required ? "warning" : "info";
    this.#run.report("UNUSED_VARIABLE", formatPointer("prompts", this.#promptId, "variables", index), message, {
      severity,
    });
  }

  #reportOtherSyntax(found: string, pointer: string, range: { readonly start: number; readonly end: number }): void {
    const message = `the template uses the syntax ${found}, but the pack declares ${this.#run.pack.template_engine.syntax}`;
    this.#run.report("OTHER_SYNTAX", pointer, message, { range });
  }
}

function featureOf(tag: Tag, isFragment: boolean): string | undefined {
  if (isFragment) return "fragments";
  if (tag.kind === "path" || tag.kind === "artifact") return "basic_substitution";
  if (tag.kind !== "block") return undefined;
  if (/^[#/]\s*(?:each|for)\b/.test(tag.name.slice(0, 20))) return "loops";
  return tag.name.includes("|") ? "filters" : "conditionals";
}
