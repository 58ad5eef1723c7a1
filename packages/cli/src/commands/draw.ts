import type { Pack } from "promptpack";
import { compositionToMermaid, workflowToMermaid, workflowToSvg } from "promptpack/workflow";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { openPack } from "../packs/open-pack.ts";
import { packOptions } from "../packs/pack-options.ts";

export const draw: Command = {
  name: "draw",
  summary: "Draws the workflow of a pack, or one of its compositions.",
  positionals: "<pack>",
  options: {
    format: {
      type: "string",
      value: "format",
      choices: ["mermaid", "svg"],
      about:
        "text that Markdown pages show as a diagram (the default), or a picture; compositions are drawn as mermaid",
    },
    composition: { type: "string", value: "name", about: "a composition instead of the workflow" },
    ...packOptions,
  },
  examples: [
    ["draw article.pack.json --format svg > article.svg", "a picture"],
    ["draw invoice.pack.json --composition process_invoice", "the steps of a composition"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length > 1) throw new UsageError("draw takes one pack");
    const opened = await openPack(draw, given, terminal);
    if (opened.pack === undefined) return opened.verdict.exitCode;
    terminal.write(`${pictureOf(opened.pack, given).trimEnd()}\n`);
    return 0;
  },
};

function pictureOf({ data: { workflow, compositions = {} } }: Pack, given: Arguments): string {
  const names = Object.keys(compositions);
  const name = given.text("composition");
  const isSvg = given.text("format") === "svg";
  if (name !== undefined) {
    const composition = Object.hasOwn(compositions, name) ? compositions[name] : undefined;
    if (composition === undefined) throw new UsageError(`the pack has no composition "${name}"`, has(names));
    if (isSvg) throw new UsageError("a composition is drawn as mermaid only");
    return compositionToMermaid(composition);
  }
  if (workflow === undefined) throw new UsageError("the pack has no workflow", has(names));
  return isSvg ? workflowToSvg(workflow) : workflowToMermaid(workflow);
}

const has = (names: readonly string[]): string =>
  names.length === 0 ? "nothing in it can be drawn" : names.map((name) => `--composition ${name}`).join(" or ");
