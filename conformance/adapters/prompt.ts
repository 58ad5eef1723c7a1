import { InputError } from "../../packages/core/src/diagnostics/errors.ts";
import { Pack } from "../../packages/core/src/pack/pack.ts";
import { compilePrompt } from "../../packages/core/src/prompt/compile-prompt.ts";
import { renderPrompt, type RenderOptions } from "../../packages/core/src/prompt/render-prompt.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { Prompt } from "../../packages/core/src/schema/sections/prompt.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface Input extends RenderOptions {
  readonly prompt: Partial<Prompt>;
  readonly fragments?: { readonly [name: string]: string };
  readonly tools?: PackData["tools"];
  readonly model?: string;
  readonly values?: Record<string, unknown>;
}

function compile({ prompt, fragments, tools, model }: Input): ReturnType<typeof compilePrompt> {
  const data: PackData = {
    id: "vectors",
    name: "Vectors",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: { id: "main", name: "Main", version: "2.0.0", system_template: "x", ...prompt } },
    ...(fragments === undefined ? {} : { fragments }),
    ...(tools === undefined ? {} : { tools }),
  };
  return compilePrompt(new Pack(data), "main", model === undefined ? {} : { model });
}

/** Our library behind the ops of the section "prompt". */
export const prompt: VectorImplementation = {
  compile: (input: Input) => {
    const { template, parameters, tools, toolChoice, undeclared, fragments, artifacts } = compile(input);
    return { template, parameters, tools: tools.map(({ name }) => name), toolChoice, undeclared, fragments, artifacts };
  },
  render: ({ values, prompt: data, fragments, tools, model, ...options }: Input) => {
    const compiled = compile({
      prompt: data,
      ...(fragments && { fragments }),
      ...(tools && { tools }),
      ...(model && { model }),
    });
    try {
      return renderPrompt(compiled, values, options);
    } catch (error) {
      if (!InputError.isInstance(error)) throw error;
      return { errors: error.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`) };
    }
  },
};
