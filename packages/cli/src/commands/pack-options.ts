import { type Options, UsageError } from "../command.ts";
import type { CheckOptions } from "../packs/check-file.ts";
import type { Arguments } from "../parse-arguments.ts";

/** The options of every command that reads packs. */
export const packOptions: Options = {
  spec: { type: "string", value: "version", about: "check against this spec version, such as 1.4 (default: the newest)" },
  "unknown-fields": {
    type: "string",
    value: "severity",
    choices: ["error", "warn"],
    about: "what fields that the spec does not know are",
  },
  strict: { type: "boolean", about: "placeholders without a variable, and tools that name nothing, are errors" },
};

/**
 * Returns the options for the parser.
 * @throws {UsageError} when the spec version does not exist
 */
export function checkOptions(given: Arguments): CheckOptions {
  const spec = given.text("spec");
  if (spec !== undefined && !/^1\.[0-9](\.\d)?$/.test(spec)) {
    throw new UsageError(`there is no spec version "${spec}"; there are 1.0 to 1.9`);
  }
  return {
    ...(spec === undefined ? {} : { spec: spec.slice(0, 3) }),
    ...(given.text("unknown-fields") === "warn" ? { unknownFields: "warn" } : {}),
    ...(given.flag("strict") ? { strict: true } : {}),
  } as CheckOptions;
}
