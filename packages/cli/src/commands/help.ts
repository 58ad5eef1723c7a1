import { COMMON, type Command, type Option } from "../command.ts";
import type { Paint } from "../terminal/paint.ts";

/** Returns the overview. */
export function programHelp(commands: readonly Pick<Command, "name" | "summary">[], paint: Paint): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `${paint("bold", "promptpack")}: check, look into and render PromptPack files`,
    "",
    paint("dim", "Commands"),
    ...commands.map(({ name, summary }) => `  ${paint("cyan", name.padEnd(width))}  ${summary}`),
    "",
    paint("dim", "Examples"),
    "  promptpack validate packs/",
    "  promptpack inspect support.pack.json",
    "  promptpack render support.pack.json support --var company=Acme",
    "",
    "promptpack help <command> shows its options. promptpack --version shows the version.",
    "Exit code: 0 passed, 1 findings, 2 wrong usage or unreadable files.",
  ].join("\n");
}

/** Returns the page of one command. */
export function commandHelp({ name, summary, positionals, options, examples }: Command, paint: Paint): string {
  const usage = ["promptpack", name, positionals, Object.keys(options).length > 0 ? "[options]" : ""].filter(
    (part) => part !== "",
  );
  const heads = Object.entries({ ...options, ...COMMON }).map(([flag, option]) => ({
    head: optionHead(flag, option),
    option,
  }));
  const width = Math.max(...heads.map(({ head }) => head.length));
  return [
    summary,
    "",
    `${paint("dim", "Usage")}  ${usage.join(" ")}`,
    "",
    paint("dim", "Options"),
    ...heads.map(({ head, option }) => `  ${paint("cyan", head.padEnd(width))}  ${describe(option)}`),
    "",
    paint("dim", "Examples"),
    ...examples.flatMap(([line, about]) => [`  ${paint("dim", `# ${about}`)}`, `  promptpack ${line}`]),
  ].join("\n");
}

function optionHead(flag: string, { type, value = "value" }: Option): string {
  return type === "string" ? `--${flag} <${value}>` : `--${flag}`;
}

function describe({ about, choices, multiple }: Option): string {
  const list = choices === undefined ? "" : `: ${choices.join(", ")}`;
  return `${about}${list}${multiple === true ? " (repeatable)" : ""}`;
}
