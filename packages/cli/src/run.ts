import { COMMON, type Command, type ExitCode, UsageError } from "./command.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { version } from "./version.ts";

/** Runs one command line and returns the exit code; it throws only on a mistake of ours. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  // the terminal has read these already
  const colours = Object.keys(COMMON).map((name) => `--${name}`);
  const first = argv.findIndex((word) => !colours.includes(word));
  const [verb, ...rest] = first < 0 ? [] : argv.slice(first);
  if (verb === "--version" || verb === "-v" || verb === "-V") {
    terminal.write(`${version}\n`);
    return 0;
  }
  try {
    return await dispatch(verb, rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.say("error", error.message);
    terminal.say("hint", error.hint ?? `promptpack help ${verb} shows its options`);
    return 2;
  }
}

async function dispatch(verb: string | undefined, rest: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { commands } = await import("./commands.ts");
  if (verb === undefined || verb === "help" || verb === "--help" || verb === "-h") {
    const { commandHelp, programHelp } = await import("./commands/help.ts");
    const [topic] = rest;
    const text =
      topic === undefined ? programHelp(commands, terminal.paint) : commandHelp(await find(topic), terminal.paint);
    if (verb === undefined) terminal.sayBlock(text);
    else terminal.print(text);
    return verb === undefined ? 2 : 0;
  }
  const command = await find(verb);
  const end = rest.indexOf("--");
  const before = end < 0 ? rest : rest.slice(0, end);
  if (before.includes("--help") || before.includes("-h")) {
    const { commandHelp } = await import("./commands/help.ts");
    terminal.print(commandHelp(command, terminal.paint));
    return 0;
  }
  const { parseArguments } = await import("./parse-arguments.ts");
  return command.run(parseArguments(rest, { ...command.options, ...COMMON }), terminal);

  async function find(name: string): Promise<Command> {
    const entry = commands.find((candidate) => candidate.name === name);
    if (entry !== undefined) return entry.load();
    const { suggest } = await import("promptpack");
    const close = suggest(name, [...commands.map((candidate) => candidate.name), "help"]);
    throw new UsageError(
      `there is no command "${name}"`,
      close === undefined ? "promptpack help lists the commands" : `did you mean "promptpack ${close}"?`,
    );
  }
}
