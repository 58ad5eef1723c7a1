import { packJsonSchema } from "promptpack/schema";
import { type Command, UsageError } from "../command.ts";
import { harmlessJson } from "../terminal/terminal.ts";
import { checkOptions, packOptions } from "../packs/pack-options.ts";

export const schema: Command = {
  name: "schema",
  summary: "Prints the JSON Schema of packs, for editors and other tools.",
  positionals: "",
  options: { spec: packOptions.spec! },
  examples: [
    ["schema > promptpack.schema.json", "the newest spec"],
    ["schema --spec 1.4", "an older one"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length > 0)
      throw new UsageError("schema takes no arguments", "a version is written --spec 1.4");
    const { spec } = checkOptions(given);
    terminal.write(`${harmlessJson(packJsonSchema(spec))}\n`);
    return 0;
  },
};
