import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean, listNames } from "../diagnostics/suggest.ts";
import { getOwn } from "../json/json.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import type { Tool } from "../schema/sections/tools.ts";
import type { SpecVersion } from "../schema/versions/spec-versions.ts";
import { offeredTools } from "../tools/offered-tools.ts";
import { inferSpecVersion } from "./infer-spec-version.ts";
import type { PackDataOf, PackShape, ToolOf } from "./pack-shape.ts";

/**
 * A pack that passed every check. Its data is deeply frozen and in the spec's own spelling. The type parameter tells the
 * compiler the names in it; without one every name is a string.
 */
export class Pack<out Shape extends PackShape = PackShape> {
  /** For the compiler only: there is no such field. */
  declare readonly "~shape"?: Shape;
  readonly data: PackDataOf<Shape>;
  #advise: (() => readonly Diagnostic[]) | undefined;
  #diagnostics: readonly Diagnostic[] = [];

  /** For parsePack and validatePack only: the data has passed every check and is frozen. */
  constructor(data: PackData, advise: () => readonly Diagnostic[] = () => []) {
    this.data = data as PackDataOf<Shape>;
    this.#advise = advise;
    Object.freeze(this);
  }

  /**
   * Warnings and advice, in the order of the text; a pack with errors never becomes a Pack. The texts are read for
   * hidden characters and secrets, and lines and columns counted, when this is first asked for.
   */
  get diagnostics(): readonly Diagnostic[] {
    if (this.#advise !== undefined) {
      this.#diagnostics = Object.freeze(this.#advise());
      this.#advise = undefined;
    }
    return this.#diagnostics;
  }

  /** The oldest spec version that has every feature that the pack uses, such as "1.4.0". Source: R419. */
  get minimumSpecVersion(): SpecVersion {
    return inferSpecVersion(this.data).version;
  }

  get id(): string {
    return this.data.id;
  }

  get version(): string {
    return this.data.version;
  }

  /**
   * Returns the prompt under a key of `prompts`.
   * @throws {PackError} UNKNOWN_PROMPT; the message lists the ids there are
   */
  prompt(id: keyof Shape["prompts"] & string): Prompt {
    const prompt = this.findPrompt(id);
    if (prompt !== undefined) return prompt;
    throw notFound("UNKNOWN_PROMPT", "prompt", id, Object.keys(this.data.prompts));
  }

  /** Returns the prompt under a key of `prompts`, or undefined. */
  findPrompt(id: string): Prompt | undefined {
    return getOwn(this.data.prompts, id);
  }

  /**
   * Returns the tool under a key of `tools`.
   * @throws {PackError} UNKNOWN_TOOL; the message lists the tools there are
   */
  tool<Name extends keyof Shape["tools"] & string>(name: Name): ToolOf<Shape, Name> {
    const tool = getOwn(this.data.tools, name);
    if (tool !== undefined) return tool as ToolOf<Shape, Name>;
    throw notFound("UNKNOWN_TOOL", "tool", name, Object.keys(this.data.tools ?? {}));
  }

  /**
   * Returns the tools that a prompt offers to a model, after its list, blocklist and tool choice, in the order of the list.
   * @throws {PackError} UNKNOWN_PROMPT
   */
  toolsFor(promptId: keyof Shape["prompts"] & string): readonly Tool[] {
    return offeredTools(this.prompt(promptId), this.data);
  }
}

function notFound(
  code: "UNKNOWN_PROMPT" | "UNKNOWN_TOOL",
  noun: string,
  name: unknown, // a program without types may ask for anything
  known: readonly string[],
): PackError {
  const text = String(name);
  const message = `the pack has no ${noun} ${quoteName(text)}; it has ${listNames(known)}`;
  return new PackError([createDiagnostic(code, `/${noun}s`, message, didYouMean(text, known))]);
}
