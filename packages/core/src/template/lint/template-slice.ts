/** The parts of a pack that the rules about templates read; schema 1.9.0 packs have this shape. */
export interface TemplateSlice {
  readonly template_engine: {
    readonly version: string;
    readonly syntax: string;
    readonly features?: readonly string[];
  };
  readonly prompts: { readonly [promptId: string]: TemplatePrompt };
  readonly fragments?: { readonly [name: string]: string };
  readonly workflow?: {
    readonly states: {
      readonly [state: string]: { readonly prompt_task?: string; readonly composition?: string };
    };
  };
  readonly compositions?: { readonly [name: string]: { readonly steps: readonly TemplateStep[] } };
}

export interface TemplatePrompt {
  readonly system_template: string;
  readonly variables?: readonly { readonly name: string; readonly required: boolean }[];
  readonly model_overrides?: {
    readonly [model: string]: {
      readonly system_template?: string;
      readonly system_template_prefix?: string;
      readonly system_template_suffix?: string;
      readonly parameters?: unknown;
    };
  };
}

/** `prompt_task` and `branches` are there on some kinds only; a vendor's step may hold anything. */
export interface TemplateStep {
  readonly kind: string;
  readonly prompt_task?: unknown;
  readonly branches?: unknown;
}
