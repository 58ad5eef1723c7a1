import type { RunnableConfig } from "@langchain/core/runnables";
import { DynamicStructuredTool, ToolInputParsingException } from "@langchain/core/tools";
import { checkToolArguments, formatDiagnostics, InputError, type Pack, printable } from "promptpack";
import { demandPack, handlersByName, toolDefinition } from "promptpack/adapters";
import type { PackShape, ToolArguments, ToolName } from "promptpack/types";

/** What runs a tool: gets arguments that fit the pack's schema; returns text, JSON, or a promise of it. */
export type ToolHandler<Arguments extends object = ToolArguments<PackShape, string>> = (
  input: Arguments,
  config: RunnableConfig,
) => unknown;

type Call = DynamicStructuredTool["call"];
type AnyTool = ReturnType<Pack["tool"]>;

/** A tool of a pack as a LangChain tool, with the JSON Schema exactly as the pack declares it. */
export class PromptPackTool extends DynamicStructuredTool {
  // traces get no definitions and no handlers
  override lc_serializable = false;
  readonly definition: AnyTool;

  constructor(tool: AnyTool, handler?: ToolHandler) {
    const { name, description, parameters } = toolDefinition(tool);
    const func = async (input: unknown, _run: unknown, config: RunnableConfig = {}): Promise<unknown> => {
      if (typeof handler !== "function") throw new TypeError(`the tool "${printable(name)}" has no handler`);
      return handler(input as Parameters<ToolHandler>[0], config);
    };
    super({ name, description, schema: parameters as DynamicStructuredTool["schema"], func });
    this.definition = tool;
  }

  /**
   * Checks the arguments without coercion or repair, then runs the handler. Source: SPEC 4.3, RULINGS 18.
   *
   * @throws {ToolInputParsingException} they do not fit; its cause is the InputError
   */
  override async call(...[arg, ...rest]: Parameters<Call>): ReturnType<Call> {
    const call = arg as { readonly type?: unknown; readonly args?: unknown } | null;
    const isCall = call?.type === "tool_call" && "args" in call;
    const input: unknown = isCall ? call.args : arg;
    const text = typeof input === "string" ? input : JSON.stringify(input ?? {});
    const { arguments: args, diagnostics } = checkToolArguments(this.definition, text);
    if (args === undefined) {
      const message = `the arguments do not fit the tool "${printable(this.name)}":\n${formatDiagnostics(diagnostics)}`;
      // without the arguments: whoever logs the error would log what the model wrote
      throw Object.assign(new ToolInputParsingException(message), { cause: new InputError(diagnostics) });
    }
    // hostile: the base class would run the pack's patterns as native regular expressions; core has checked in linear time
    const checked = Object.create(this, { schema: { value: { type: "object" } } }) as this;
    return super.call.call(checked, isCall ? { ...call, args } : args, ...rest);
  }
}

/** Returns one tool of a pack as a LangChain tool; without a handler it can be offered to a model, but not run. */
export function convertTool<Arguments extends object = Parameters<ToolHandler>[0]>(
  tool: AnyTool & { readonly "~arguments"?: Arguments },
  handler?: ToolHandler<Arguments>,
): PromptPackTool {
  return new PromptPackTool(tool, handler as ToolHandler | undefined);
}

/**
 * Returns the tools that a prompt offers, after its list, blocklist and tool choice, as LangChain tools.
 *
 * @throws {PackError} UNKNOWN_PROMPT
 * @throws {TypeError} a handler is for no tool of the pack
 */
export function convertTools<Shape extends PackShape>(
  pack: Pack<Shape>,
  promptId: keyof Shape["prompts"] & string,
  handlers: { readonly [Name in ToolName<Shape>]?: ToolHandler<ToolArguments<Shape, Name>> } = {},
): PromptPackTool[] {
  const own = handlersByName(handlers as Record<string, ToolHandler | undefined>, demandPack(pack).data);
  return pack.toolsFor(promptId).map((tool) => new PromptPackTool(tool, own.get(tool.name)));
}
