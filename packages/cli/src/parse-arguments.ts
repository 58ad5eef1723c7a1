import { parseArgs } from "node:util";
import { type Arguments, type Option, type Options, UsageError } from "./command.ts";
import { suggest } from "promptpack";

/**
 * Reads a command line.
 * @throws {UsageError} for an unknown option, a missing or unwanted value, or a value that is not among the choices
 */
export function parseArguments(argv: readonly string[], options: Options): Arguments {
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) throw unknownOption(token.rawName, options);
    checkValue(token.rawName, option, token.value);
    const given = values.get(token.name) ?? [];
    values.set(token.name, [...given, token.value ?? ""]);
  }
  return {
    positionals,
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
  };
}

/**
 * Returns the value of a whole number option.
 * @throws {UsageError} when it is anything else
 */
export function wholeNumber(given: Arguments, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} needs a whole number, not "${text}"`);
  return Number(text);
}

function unknownOption(rawName: string, options: Options): UsageError {
  // some commands have several formats, the others one besides text
  const close =
    rawName === "--json" && options["format"]?.choices?.includes("json") === true
      ? "format json"
      : rawName === "--format" && options["json"] !== undefined
        ? "json"
        : suggest(rawName.replace(/^-+/, ""), Object.keys(options));
  return new UsageError(`unknown option "${rawName}"`, close === undefined ? undefined : `did you mean "--${close}"?`);
}

function checkValue(rawName: string, option: Option, value: string | undefined): void {
  if (option.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return;
  }
  const { value: noun = "value", choices } = option;
  if (value === undefined)
    throw new UsageError(`${rawName} needs a ${noun}`, choices && `it can be ${choices.join(", ")}`);
  if (choices === undefined || choices.includes(value)) return;
  const close = suggest(value, choices);
  throw new UsageError(
    `${rawName} cannot be "${value}"; it can be ${choices.join(", ")}`,
    close === undefined ? undefined : `did you mean "${close}"?`,
  );
}
