import type { Pack } from "../pack/pack.ts";
import { compilePrompt } from "../prompt/compile-prompt.ts";
import type { Prompt, Variable } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";
import { literalType, NO_MEMBERS, openTypes, schemaToType } from "./schema-to-type.ts";
import { commentOf, type Member, objectOf, quoteText, unionOf } from "./type-text.ts";

export interface PackTypesOptions {
  /** Path of the pack as a module names it, such as "./support.pack.json": the result is a TypeScript module, not declarations. */
  readonly module?: string;
}

/**
 * Returns TypeScript source that declares a typed pack as the default export, and its shape by name. The same pack
 * always gives the same text, and nothing that the pack holds can leave its literal or comment.
 */
export function packToTypes(pack: Pack, { module }: PackTypesOptions = {}): string {
  const name = typeNameOf(pack.id);
  const isModule = module !== undefined;
  return [
    HEADER,
    ...(isModule
      ? [
          'import { definePack, type Pack, type PackData } from "promptpack";',
          `import data from ${quoteText(module)} with { type: "json" };`,
        ]
      : ['import type { Pack } from "promptpack";']),
    "",
    ...commentOf([pack.data.name, pack.data.description].filter((text) => text !== undefined).join(": ")),
    `export type ${name} = ${shapeOf(pack)};`,
    "",
    isModule
      ? `const pack: Pack<${name}> = definePack(data as unknown as PackData) as unknown as Pack<${name}>;`
      : `declare const pack: Pack<${name}>;`,
    "export default pack;",
    "",
  ].join("\n");
}

/** Returns the JavaScript module that the declarations of a pack describe: it checks the pack and exports it. */
export function packToModule(path: string): string {
  return [
    HEADER,
    'import { definePack } from "promptpack";',
    `import data from ${quoteText(path)} with { type: "json" };`,
    "",
    "export default definePack(data);",
    "",
  ].join("\n");
}

const HEADER = "// Made from a pack by promptpack types. Change the pack, not this file.";

/** "customer-support" is CustomerSupportPack; the spec's pattern for ids makes it an identifier. */
function typeNameOf(packId: string): string {
  const words = packId.split(/[^a-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join("")}Pack`;
}

function shapeOf(pack: Pack): string {
  const { prompts, tools = {}, workflow, agents, evals = [] } = pack.data;
  const all = Object.entries(prompts);
  const metrics = [...evals, ...all.flatMap(([, prompt]) => prompt.evals ?? [])].flatMap(({ metric }) =>
    metric === undefined ? [] : [metric.name],
  );
  return objectOf([
    { name: "prompts", type: objectOf(all.map(([id, prompt]) => promptMember(pack, id, prompt))) },
    { name: "tools", type: objectOf(Object.entries(tools).map(([name, tool]) => toolMember(name, tool))) },
    {
      name: "states",
      type: objectOf(
        Object.entries(workflow?.states ?? {}).map(([name, { on_event = {}, description }]) => ({
          name,
          type: namesOf(Object.keys(on_event)),
          about: description,
        })),
      ),
    },
    { name: "agents", type: namesOf(Object.keys(agents?.members ?? {})) },
    { name: "metrics", type: namesOf(metrics) },
  ]);
}

const namesOf = (names: readonly string[]): string => unionOf(names.map(quoteText));

function promptMember(
  pack: Pack,
  id: string,
  { name, description, variables = [], model_overrides = {} }: Prompt,
): Member {
  const models = [undefined, ...Object.keys(model_overrides)];
  const undeclared = new Set(
    models.flatMap((model) => compilePrompt(pack, id, model === undefined ? {} : { model }).undeclared),
  );
  const members = [
    ...variables.map(variableMember),
    ...[...undeclared].map((key) => ({ name: key, type: "unknown", isOptional: true, about: UNDECLARED })),
  ];
  const type = objectOf([
    { name: "variables", type: objectOf(members, NO_MEMBERS) },
    { name: "tools", type: namesOf(pack.toolsFor(id).map((tool) => tool.name)) },
  ]);
  return { name: id, type, about: description ?? name };
}

/** Optional, because a call site such as a workflow state may provide it. */
const UNDECLARED = "The template shows it and the pack does not declare it.";

function variableMember(variable: Variable): Member {
  const { name, type, required, description, default: fallback, binding, validation } = variable;
  const hasDefault = fallback !== undefined && fallback !== null;
  const shown = typeof fallback === "object" || !hasDefault ? "" : `Default: ${JSON.stringify(fallback)}.`;
  return {
    name,
    type:
      validation?.enum === undefined
        ? Object.hasOwn(openTypes, type) && type !== "null"
          ? String(openTypes[type])
          : "unknown"
        : unionOf(validation.enum.map(literalType)),
    isOptional: !required || hasDefault || binding?.auto_populate === true,
    about: [description ?? "", shown].join(" "),
  };
}

function toolMember(name: string, { description, parameters }: Tool): Member {
  return { name, type: parameters === undefined ? NO_MEMBERS : schemaToType(parameters), about: description };
}
