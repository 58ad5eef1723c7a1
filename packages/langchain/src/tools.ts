import type { CallbackManagerForToolRun } from "@langchain/core/callbacks/manager";
import type { RunnableConfig } from "@langchain/core/runnables";
import { StructuredTool, ToolInputParsingException } from "@langchain/core/tools";
import { checkToolArguments, formatDiagnostics, InputError, type Pack } from "promptpack";

/** What runs a tool: gets arguments that fit the pack's schema; returns text, JSON, or a promise of it. */
export type ToolHandler = (input: Arguments, config: RunnableConfig) => unknown;

type Arguments = { readonly [name: string]: unknown };
type PackTool = ReturnType<Pack["tool"]>;
const NO_PARAMETERS = { type: "object", properties: {}, additionalProperties: false } as const;

/** A tool of a pack as a LangChain tool, with the JSON Schema exactly as the pack declares it. */
export class PromptPackTool extends StructuredTool {
  override lc_serializable = false;
  override readonly name: string;
  override readonly description: string;
  // any JSON Schema; the base class's type has one draft only
  override readonly schema: StructuredTool["schema"];
  readonly definition: PackTool;
  readonly handler: ToolHandler | undefined;

  constructor(tool: PackTool, handler?: ToolHandler) {
    super();
    this.name = tool.name;
    this.description = tool.description;
    this.schema = (tool.parameters ?? NO_PARAMETERS) as StructuredTool["schema"];
    this.definition = tool;
    this.handler = handler;
  }

  /**
   * Checks the arguments without coercion or repair, then runs the handler. Source: SPEC 4.3, RULINGS 18.
   *
   * @throws {ToolInputParsingException} they do not fit; its cause is the InputError
   */
  override async call(...[arg, config, tags]: Parameters<StructuredTool["call"]>): ReturnType<StructuredTool["call"]> {
    const input: unknown = isToolCall(arg) ? arg.args : arg;
    const text = typeof input === "string" ? input : JSON.stringify(input ?? {});
    const checked = checkToolArguments(this.definition, text);
    if (checked.arguments === undefined) {
      const message = `the arguments do not fit the tool "${this.name}":\n${formatDiagnostics(checked.diagnostics)}`;
      throw Object.assign(new ToolInputParsingException(message, text), { cause: new InputError(checked.diagnostics) });
    }
    // hostile: the base class would run the pack's patterns as native regular expressions; core has checked in linear time
    const checkedAlready = Object.create(this, { schema: { value: { type: "object" } } }) as this;
    const accepted = isToolCall(arg) ? { ...arg, args: checked.arguments } : checked.arguments;
    return super.call.call(checkedAlready, accepted, config, tags);
  }

  protected override async _call(
    input: Arguments,
    _run?: CallbackManagerForToolRun,
    config: RunnableConfig = {},
  ): Promise<unknown> {
    if (this.handler === undefined) throw new TypeError(`the tool "${this.name}" has no handler`);
    return this.handler(input, config);
  }
}

/** Returns one tool of a pack as a LangChain tool; without a handler it can be offered to a model, but not run. */
export function convertTool(tool: PackTool, handler?: ToolHandler): PromptPackTool {
  return new PromptPackTool(tool, handler);
}

/**
 * Returns the tools that a prompt offers, after its list, blocklist and tool choice, as LangChain tools.
 *
 * @throws {PackError} UNKNOWN_PROMPT
 * @throws {TypeError} a handler is for no tool of the pack
 */
export function convertTools(
  pack: Pack,
  promptId: string,
  handlers: { readonly [tool: string]: ToolHandler } = {},
): PromptPackTool[] {
  const stranger = Object.keys(handlers).find((name) => !Object.hasOwn(pack.data.tools ?? {}, name));
  if (stranger !== undefined) throw new TypeError(`the pack has no tool "${stranger}" to handle`);
  const own = new Map(Object.entries(handlers));
  return pack.toolsFor(promptId).map((tool) => new PromptPackTool(tool, own.get(tool.name)));
}

function isToolCall(value: unknown): value is { readonly args: unknown } {
  return (
    typeof value === "object" && value !== null && "type" in value && value.type === "tool_call" && "args" in value
  );
}
