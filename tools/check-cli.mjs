// What the program's own help knows, docs/cli.md says too: every command in the first table, every option in the last.
// `--write` writes the last table.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { conclude, readText, root } from "./repository.mjs";

const page = "docs/cli.md";
const title = "## Every option";
const built = join(root, "packages/cli/dist");
const findings = [];
let counted = "";
if (!existsSync(join(built, "commands.js"))) findings.push("packages/cli is not built");
else await compare();
conclude("cli", findings, counted);

async function compare() {
  const { commands } = await import(pathToFileURL(join(built, "commands.js")).href);
  const { COMMON } = await import(pathToFileURL(join(built, "command.js")).href);
  const loaded = await Promise.all(commands.map(({ load }) => load()));
  const options = [
    ...loaded.flatMap(({ name, options: own }) =>
      Object.entries(own).map(([option, about]) => row(name, option, about)),
    ),
    ...Object.entries(COMMON).map(([option, about]) => row("every command", option, about)),
  ];
  const table = ["| command | option | means |", "|---|---|---|", ...options].join("\n");

  const text = readText(page);
  const start = text.indexOf(`${title}\n`);
  const before = start < 0 ? `${text.trimEnd()}\n\n` : text.slice(0, start);
  const wanted = `${before}${title}\n\n${table}\n`;
  if (process.argv.includes("--write")) writeFileSync(join(root, page), wanted);
  else if (text !== wanted) {
    const written = new Set(start < 0 ? [] : text.slice(start).split("\n"));
    const real = new Set(options);
    for (const line of options) if (!written.has(line)) findings.push(`${page} has not: ${line}`);
    for (const line of written)
      if (line.startsWith("| `") && !real.has(line)) findings.push(`${page} has, and the program has not: ${line}`);
    findings.push("node tools/check-cli.mjs --write writes the table");
  }
  const listed = [...before.matchAll(/^\| `promptpack ([a-z]+)[^|]*\| (?<about>[^|]*)\|$/gm)].map(([, name]) => name);
  const names = [...commands.map(({ name }) => name), "help"];
  for (const name of names) if (!listed.includes(name)) findings.push(`${page} does not list the command ${name}`);
  for (const name of listed) if (!names.includes(name)) findings.push(`${page} lists ${name}, which is no command`);
  counted = `${names.length} commands and ${options.length} options are written down`;
}

function row(command, name, { short, value, choices, multiple, about }) {
  const words = choices?.join("|") ?? (value === undefined ? "" : `<${value}>`);
  const spelt = `${short === undefined ? "" : `-${short}, `}--${name}${words === "" ? "" : ` ${words}`}`;
  const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
  const code = `\`${spelt.replaceAll("|", "\\|")}\``;
  const who = command === "every command" ? command : `\`${command}\``;
  return `| ${who} | ${code} | ${cell(about)}${multiple && !about.includes("again") ? " (repeatable)" : ""} |`;
}
