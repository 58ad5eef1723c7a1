import { identifierEnd, parseTemplate } from "../parse-template.ts";
import type { TemplateSyntax } from "../syntax.ts";
import { MAX_OUTPUT } from "../text-of-value.ts";
import { RESERVED } from "./check-prompt-texts.ts";
import type { TemplatePrompt, TemplateSlice } from "./template-slice.ts";

/**
 * Returns whether checkTemplateRules has certainly nothing to report; false is no fault yet, only a doubt.
 * In most packs every tag is a declared variable or a fragment, fragments show variables only, overrides add affixes
 * only, and everything declared is used. That takes one scan, which makes no tags.
 */
export function isCertainlyClean(pack: TemplateSlice, syntax: TemplateSyntax): boolean {
  const { version, features } = pack.template_engine;
  if (version !== "v1" || syntax.exact) return false;
  if (features !== undefined && !(features.includes("basic_substitution") && features.includes("fragments")))
    return false;
  const scan = new Scan(syntax);
  for (const name in pack.fragments) if (!scan.addFragment(name, pack.fragments[name] as string)) return false;
  for (const id in pack.prompts) if (!scan.fitsPrompt(pack.prompts[id] as TemplatePrompt)) return false;
  return scan.unreached === 0;
}

interface Fragment {
  readonly size: number;
  /** Each once. */
  readonly variables: readonly string[];
  /** The last prompt that includes it, counted from 1. */
  prompt: number;
}

const NAMESPACE = "fragments";
const DOT = 46;
const NONE: NonNullable<TemplatePrompt["variables"]> = [];
/** The used variables of a prompt are the bits of one number. */
const MAX_VARIABLES = 30;

class Scan {
  /** Fragments that no prompt has included so far. */
  unreached = 0;
  readonly #syntax: TemplateSyntax;
  readonly #fragments: Map<string, Fragment> = new Map();
  /** Names that a variable cannot have without a report. */
  readonly #taken: Set<string> = new Set(RESERVED);
  #variables = NONE;
  #used = 0;
  #prompt = 0;

  constructor(syntax: TemplateSyntax) {
    this.#syntax = syntax;
  }

  addFragment(name: string, text: string): boolean {
    const tags = parseTemplate(text, this.#syntax);
    const variables = [...new Set(tags.map((tag) => tag.name))];
    this.#fragments.set(name, { size: text.length, variables, prompt: 0 });
    this.#taken.add(name);
    this.unreached++;
    // hostile: many prompts may include a fragment of many names
    return (
      variables.length <= MAX_VARIABLES &&
      tags.every(({ kind, path, spaced }) => kind === "path" && path === undefined && !spaced)
    );
  }

  fitsPrompt({ system_template, variables = NONE, model_overrides }: TemplatePrompt): boolean {
    if (variables.length > MAX_VARIABLES || system_template.trim() === "") return false;
    for (let index = 0; index < variables.length; index++)
      if (this.#taken.has(variables[index]?.name ?? "")) return false;
    this.#variables = variables;
    this.#used = 0;
    this.#prompt++;
    if (!this.#fitsText(system_template)) return false;
    for (const model in model_overrides) if (!this.#fitsOverride(model_overrides[model] ?? {})) return false;
    return this.#used === 2 ** variables.length - 1;
  }

  #fitsOverride(override: NonNullable<TemplatePrompt["model_overrides"]>[string]): boolean {
    const { system_template, system_template_prefix = "", system_template_suffix = "", parameters } = override;
    if (system_template !== undefined) return false;
    if (system_template_prefix === "" && system_template_suffix === "" && parameters === undefined) return false;
    return this.#fitsText(system_template_prefix) && this.#fitsText(system_template_suffix);
  }

  /** Looks at each tag of a text: a name, or a name in the namespace of fragments. */
  #fitsText(text: string): boolean {
    const { open, close } = this.#syntax;
    let size = text.length;
    for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, start + open.length)) {
      const from = start + open.length;
      let end = identifierEnd(text, from);
      let name = text.slice(from, end);
      const isFragment = name === NAMESPACE && text.charCodeAt(end) === DOT;
      if (isFragment) {
        const after = end + 1;
        end = identifierEnd(text, after);
        name = text.slice(after, end);
      }
      if (!text.startsWith(close, end)) return false;
      if (isFragment || !this.#use(name)) size += this.#include(name);
    }
    return size <= MAX_OUTPUT;
  }

  /** Returns whether the name is a variable of the prompt, which then is used. */
  #use(name: string): boolean {
    const variables = this.#variables;
    for (let index = 0; index < variables.length; index++) {
      if (variables[index]?.name !== name) continue;
      this.#used |= 1 << index;
      return true;
    }
    return false;
  }

  /** Returns the size of a fragment that shows variables of the prompt only; else more than fits. */
  #include(name: string): number {
    const fragment = this.#fragments.get(name);
    if (fragment === undefined) return Infinity;
    const { variables, size, prompt } = fragment;
    if (prompt === this.#prompt) return size;
    for (let index = 0; index < variables.length; index++) if (!this.#use(variables[index] as string)) return Infinity;
    if (prompt === 0) this.unreached--;
    fragment.prompt = this.#prompt;
    return size;
  }
}
