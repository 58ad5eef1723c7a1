import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parsePack } from "promptpack";
import { packToTypes } from "promptpack/types";
import helpDesk from "./help-desk.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const settings =
  "--ignoreConfig --noEmit --strict --module nodenext --target es2023 --lib es2023,dom --allowImportingTsExtensions --resolveJsonModule --pretty false";
// What an import of a pack through a bundler needs.
const bundled = "--module esnext --moduleResolution bundler --allowArbitraryExtensions";

/** How the pack of a program has come to its types. */
export type Origin = "generated" | "inline" | "declared";

export interface CompileOptions {
  readonly origin?: Origin;
  readonly flags?: readonly string[];
}

/** What the compiler says of a program. */
export interface Complaints {
  /** How many lines the program says to be wrong. */
  readonly announced: number;
  /** The lines of them that the compiler takes, or refuses in other words than the program says. */
  readonly silent: readonly string[];
  /** What it says of any other line, or of any other file. */
  readonly unexpected: readonly string[];
}

/**
 * Runs the compiler on a program that uses the built packages (`npm run build` comes first) and the pack of help-desk.ts.
 * Above each wrong line the program says what the compiler must say: `// @ts-expect-error "suport"; "support"`.
 */
export function compileProgram(program: URL, { origin = "inline", flags = [] }: CompileOptions = {}): Complaints {
  const folder = mkdtempSync(join(tmpdir(), "promptpack-types-"));
  try {
    const source = readFileSync(program, "utf8");
    const name = "program.ts";
    for (const [file, text] of Object.entries(packFiles())) writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, name), moved(source, program, origin).replaceAll("@ts-expect-error", ""));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const argv = [...settings.split(" "), ...(origin === "declared" ? bundled.split(" ") : []), ...flags, name];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, ...argv], { cwd: folder, encoding: "utf8" });
    return compare(
      source.split("\n"),
      stdout.split(/\n(?=\S)/).filter((report) => report.includes(": error ")),
      name,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The modules that a program may import the pack from, one for each origin. */
function packFiles(): Readonly<Record<string, string>> {
  const json = JSON.stringify(helpDesk.data);
  const pack = parsePack(json);
  return {
    "package.json": '{ "type": "module" }',
    "help.pack.json": json,
    "generated.ts": packToTypes(pack, { module: "./help.pack.json" }),
    "inline.ts": `import { definePack } from "promptpack";\nexport default definePack(${json});\n`,
    "desk.pack.d.json.ts": packToTypes(pack),
    "declared.ts": 'export { default } from "./desk.pack.json";\n',
  };
}

/** Lets a program import from elsewhere what it imports beside itself, and the pack from where it is to come. */
const moved = (source: string, program: URL, origin: Origin): string =>
  source.replace(/ from "(\.[^"]+)"/g, (_, path: string) =>
    basename(path) === "help-desk.ts"
      ? ` from "./${origin}.ts"`
      : ` from ${JSON.stringify(fileURLToPath(new URL(path, program)))}`,
  );

function compare(lines: readonly string[], reports: readonly string[], name: string): Complaints {
  const said = new Map<number, string>();
  const unexpected: string[] = [];
  for (const report of reports) {
    const line = Number(new RegExp(`^${name}\\((\\d+),`).exec(report)?.[1] ?? 0);
    if (expectedAt(lines, line) === undefined) unexpected.push(report);
    else said.set(line, `${said.get(line) ?? ""}${report}`);
  }
  const announced = lines.map((_, index) => index + 1).filter((line) => expectedAt(lines, line) !== undefined);
  const silent = announced.flatMap((line) => {
    const report = said.get(line) ?? "no error";
    const missing = (expectedAt(lines, line) ?? []).filter((words) => !report.includes(words));
    return missing.length === 0 ? [] : [`${lines[line - 1]?.trim()} lacks ${missing.join("; ")}: ${report}`];
  });
  return { announced: announced.length, silent, unexpected };
}

/** Returns the words that the line above a line asks for. */
const expectedAt = (lines: readonly string[], line: number): readonly string[] | undefined =>
  /^ *\/\/ @ts-expect-error (.+)$/.exec(lines[line - 2] ?? "")?.[1]?.split("; ");
