import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { isObject } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { ToolDefinition } from "../messages/message.ts";
import type { Pack } from "../pack/pack.ts";
import type { PackShape, PromptVariables } from "../pack/pack-shape.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import { issuesOf, type StandardSchema, standardSchema } from "../schema/standard-schema.ts";
import { diagnosticOfFault, expandTemplate, type TemplateProgram } from "../template/expand-template.ts";
import { findSyntax, unsupportedSyntax } from "../template/syntax.ts";
import { toolDefinition } from "../tools/check-tool-arguments.ts";
import { checkVariables } from "../variables/check-variables.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import { createPromptProgram } from "./prompt-program.ts";
import { resolveOverride } from "./resolve-override.ts";

export interface CompilePromptOptions {
  /** The exact model name that `model_overrides` may have a key for. */
  readonly model?: string;
  /** Tools offered besides those of the pack: agent members (R147) or the host's own. */
  readonly tools?: readonly ToolDefinition[];
}

/**
 * Compiles a prompt for a model: override, tools, fragments and variables are worked out once, renderPrompt fills in
 * values. A typed pack narrows the id and what renderPrompt takes. Source: SPEC 4.1, R031-R034, R072.
 *
 * @throws {PackError} UNKNOWN_PROMPT, with the ids there are; a template fault only for a pack that was never checked
 * @throws {TypeError} for data that is no Pack
 */
export function compilePrompt<Shape extends PackShape, Id extends keyof Shape["prompts"] & string>(
  pack: Pack<Shape>,
  promptId: Id,
  options: CompilePromptOptions = {},
): CompiledPrompt<PromptVariables<Shape, Id>, Shape> {
  if (typeof pack?.prompt !== "function")
    throw new TypeError("compilePrompt takes a Pack; parsePack makes one of text, validatePack of data");
  const prompt = pack.prompt(promptId);
  const { template, parameters } = resolveOverride(prompt, options.model);
  const variables = prompt.variables ?? [];
  const expanded = expandPrompt(pack, promptId, template, variables);
  const undeclared = undeclaredNames(expanded, variables);
  const toolChoice = prompt.tool_policy?.tool_choice ?? "auto";
  const ownTools = pack.toolsFor(promptId).map((tool) => Object.freeze(toolDefinition(tool)));
  return Object.freeze({
    pack,
    id: promptId,
    prompt,
    model: options.model,
    template,
    parameters,
    tools: Object.freeze(toolChoice === "none" ? [] : [...ownTools, ...(options.tools ?? [])]),
    toolChoice,
    variables,
    fragments: expanded.fragments,
    artifacts: expanded.sources.filter(({ artifact }) => artifact).map(({ name }) => name),
    undeclared,
    input: inputSchema<PromptVariables<Shape, Id>>(variables, undeclared),
    program: createPromptProgram(expanded, variables, {
      pack: Object.freeze({ id: pack.id, version: pack.version }),
      prompt: Object.freeze({ id: promptId, version: prompt.version }),
    }),
  });
}

function expandPrompt(pack: Pack, promptId: string, template: string, variables: readonly Variable[]): TemplateProgram {
  const { template_engine, fragments = {} } = pack.data;
  const syntax = findSyntax(template_engine.syntax);
  if (syntax === undefined) {
    const message = unsupportedSyntax(template_engine.syntax);
    throw new PackError([createDiagnostic("UNSUPPORTED_SYNTAX", "/template_engine/syntax", message)]);
  }
  const names = new Set(variables.map(({ name }) => name));
  const { program, faults } = expandTemplate(template, { syntax, fragments, isVariable: (name) => names.has(name) });
  if (faults.length > 0)
    throw new PackError(
      faults.map((fault) => diagnosticOfFault(fault, formatPointer("prompts", promptId, "system_template"))),
    );
  return program;
}

function undeclaredNames({ sources }: TemplateProgram, variables: readonly Variable[]): readonly string[] {
  const names = new Set(sources.flatMap(({ artifact, name }) => (artifact ? [] : [name])));
  for (const { name } of variables) names.delete(name);
  return [...names];
}

/** The variables of a prompt as a Standard Schema. */
function inputSchema<Variables extends object>(
  variables: readonly Variable[],
  used: readonly string[],
): StandardSchema<Variables, Variables> {
  return standardSchema((value) => {
    if (!isObject(value)) return { issues: [{ message: "variables are an object that has their names as keys" }] };
    const { values, diagnostics } = checkVariables(variables, value, { used });
    return diagnostics.length === 0 ? { value: values as Variables } : issuesOf(diagnostics);
  });
}
