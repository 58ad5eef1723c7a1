import { parsePack } from "promptpack";
import { createSbom } from "promptpack-security";
import { type Command, UsageError } from "../../command.ts";
import { harmlessJson } from "../../terminal/terminal.ts";
import { orRefuse, readNamed } from "../../trust/refuse.ts";

export const sbom: Command = {
  name: "sbom",
  summary: "Prints what a pack is made of as CycloneDX 1.6: prompts, tools, fragments, skills, models, with digests.",
  positionals: "<pack>",
  options: {},
  examples: [["sbom support.pack.json > support.cdx.json", "the same pack gives the same bytes"]],
  run: async ({ positionals }, terminal) => {
    const [name, another] = positionals;
    if (name === undefined || another !== undefined) throw new UsageError("sbom takes one pack");
    return orRefuse(terminal, name, async () => {
      const bytes = await readNamed(name);
      terminal.write(`${harmlessJson(await createSbom(parsePack(bytes, { file: name }), bytes))}\n`);
      return 0;
    });
  },
};
