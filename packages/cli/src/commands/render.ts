import {
  compilePrompt,
  formatDiagnostics,
  InputError,
  type Pack,
  PackError,
  parseDocument,
  renderPrompt,
} from "promptpack";
import { type Arguments, type Command, type ExitCode, UsageError } from "../command.ts";
import { FileError, findSources, readSource, STDIN } from "../files.ts";
import { openPack } from "../packs/open-pack.ts";
import { harmlessJson, printableLines, type Terminal } from "../terminal/terminal.ts";
import { packOptions } from "../packs/pack-options.ts";

export const render: Command = {
  name: "render",
  summary: "Shows the prompt that a model would get, with every variable checked and filled in.",
  positionals: "<pack> [prompt]",
  options: {
    var: {
      type: "string",
      value: "name=value",
      multiple: true,
      about: "a variable; numbers and true/false are recognised by its type",
    },
    vars: { type: "string", value: "file", about: "a JSON object of variables, or - for standard input; --var wins" },
    model: { type: "string", value: "model", about: "apply the pack's overrides for this model" },
    format: {
      type: "string",
      value: "format",
      choices: ["text", "json"],
      about: "the system prompt, or the whole request",
    },
    ...packOptions,
  },
  examples: [
    ["render support.pack.json support", "a prompt whose variables all have defaults"],
    ["render support.pack.json support --var company=Acme --var plan=pro", "variables one by one"],
    ["render support.pack.json support --vars values.json --format json", "messages, tools and parameters too"],
  ],
  run: async (given, terminal) => {
    const variables = await readVariables(given);
    const opened = await openPack(render, given, terminal);
    if (opened.pack === undefined) return opened.verdict.exitCode;
    const promptId = given.positionals[1] ?? onlyPrompt(opened.pack);
    if (given.positionals.length > 2) {
      throw new UsageError("render takes one pack and one prompt", "variables are written --var name=value");
    }
    return renderTo(terminal, opened.pack, promptId, variables, given);
  },
};

function renderTo(
  terminal: Terminal,
  pack: Pack,
  promptId: string,
  variables: Readonly<Record<string, unknown>>,
  given: Arguments,
): ExitCode {
  const model = given.text("model");
  try {
    const compiled = compilePrompt(pack, promptId, model === undefined ? {} : { model });
    if (model !== undefined) noteMissingOverride(compiled.prompt.model_overrides, model, terminal);
    const request = renderPrompt(compiled, variables, { coerce: "lossless" });
    if (given.text("format") === "json") {
      terminal.write(`${harmlessJson(request)}\n`);
    } else {
      const text = request.system ?? "";
      const shown = printableLines(text);
      terminal.print(shown);
      if (shown !== text) terminal.say("note", "characters that act or hide are shown escaped; --format json is exact");
    }
    return 0;
  } catch (error) {
    if (!PackError.isInstance(error) && !InputError.isInstance(error)) throw error;
    terminal.sayBlock(formatDiagnostics(error.diagnostics, { color: terminal.errorColor }).trimEnd());
    if (InputError.isInstance(error))
      terminal.say("hint", "variables are given as --var name=value or --vars file.json");
    return error.code === "UNKNOWN_PROMPT" ? 2 : 1;
  }
}

/** A model without overrides is nothing unusual, but who names one on the command line looks for its overrides. */
function noteMissingOverride(
  overrides: ReturnType<Pack["prompt"]>["model_overrides"],
  model: string,
  terminal: Terminal,
): void {
  const names = Object.keys(overrides ?? {});
  if (names.includes(model) || names.length === 0) return;
  terminal.say("note", `the prompt has no overrides for "${model}"; it has some for ${names.join(", ")}`);
}

function onlyPrompt(pack: Pack): string {
  const ids = Object.keys(pack.data.prompts);
  const [first] = ids;
  if (ids.length === 1 && first !== undefined) return first;
  throw new UsageError(`name one of the pack's prompts: ${ids.join(", ")}`);
}

async function readVariables(given: Arguments): Promise<Record<string, unknown>> {
  const file = given.text("vars");
  const variables = new Map<string, unknown>(Object.entries(file === undefined ? {} : await readObject(file, given)));
  for (const assignment of given.texts("var")) {
    const at = assignment.indexOf("=");
    // The text after the name may be a secret and is never repeated.
    if (at < 1) throw new UsageError("--var needs a name, an equals sign and a value", "for example --var city=Oslo");
    variables.set(assignment.slice(0, at), assignment.slice(at + 1));
  }
  return Object.fromEntries(variables);
}

async function readObject(file: string, given: Arguments): Promise<object> {
  if (file === "-" && given.positionals[0] === "-")
    throw new UsageError("the pack and --vars cannot both be standard input");
  const [source] = await findSources([file], () => {});
  const bytes = await readSource(source ?? STDIN).catch((error: unknown) => {
    throw error instanceof FileError ? new UsageError(`--vars ${file}: ${error.message}`) : error;
  });
  const { data, diagnostics } = parseDocument(bytes);
  const fault = diagnostics.find(({ severity }) => severity === "error");
  if (fault !== undefined) {
    const { line = 1, column = 1 } = fault.span?.start ?? {};
    throw new UsageError(`--vars ${file}:${line}:${column}: ${fault.message}`);
  }
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  throw new UsageError(`--vars ${file}: not a JSON object`, 'for example {"city": "Oslo"}');
}
