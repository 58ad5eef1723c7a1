import { safeParsePack } from "promptpack";
import { type Arguments, type Options, UsageError } from "../command.ts";
import type { CheckOptions } from "./check-file.ts";

/** The options of every command that reads packs. */
export const packOptions: Options = {
  spec: {
    type: "string",
    value: "version",
    about: "check against this spec version, such as 1.4 (default: the newest)",
  },
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
  const options: CheckOptions = {
    ...(spec === undefined ? {} : { spec }),
    ...(given.text("unknown-fields") === "warn" ? { unknownFields: "warn" } : {}),
    ...(given.flag("strict") ? { strict: true } : {}),
  };
  try {
    safeParsePack("", options); // the parser knows which versions there are
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "unknown spec version");
  }
  return options;
}
