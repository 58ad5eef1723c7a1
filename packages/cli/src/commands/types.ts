import { posix, relative, resolve, sep } from "node:path";
import type { Pack } from "promptpack";
import { packToModule, packToTypes } from "promptpack/types";
import { type Arguments, type Command, type ExitCode, UsageError } from "../command.ts";
import { FileError, findSources, readTextIfThere, type Source, writeText } from "../files.ts";
import { checkFile } from "../packs/check-file.ts";
import { formatFindings } from "../reporters/pretty.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { decideVerdict, unmarked } from "../verdict.ts";
import { checkOptions, packOptions } from "../packs/pack-options.ts";

export const types: Command = {
  name: "types",
  summary: "Writes TypeScript declarations and a small module for packs, so that wrong names do not compile.",
  positionals: "<pack>...",
  options: {
    out: {
      type: "string",
      short: "o",
      value: "file",
      about: "x.d.ts (and x.js), x.ts, or x.d.json.ts; - prints declarations (default: beside the pack)",
    },
    check: { type: "boolean", about: "write nothing; exit with 1 when a file is missing or stale" },
    watch: { type: "boolean", about: "write again whenever a pack changes, until interrupted" },
    ...packOptions,
  },
  examples: [
    ["types support.pack.json", "support.pack.d.ts and support.pack.js"],
    ["types support.pack.json -o src/support.ts", "one TypeScript module"],
    ["types packs/ --check", "in CI: are the types of every pack up to date?"],
  ],
  run: async (given, terminal) => {
    if (given.flag("check") && given.flag("watch")) throw new UsageError("--check looks once; --watch does not end");
    const jobs = await planJobs(given, terminal);
    const first = await runJobs(jobs, given, terminal);
    if (!given.flag("watch")) return first;
    const { watchFiles } = await import("../watch-files.ts");
    const watching = watchFiles(
      jobs.map(({ path }) => path),
      async () => void (await runJobs(jobs, given, terminal)),
    );
    terminal.say("note", `watching ${jobs.length === 1 ? "the pack" : `${jobs.length} packs`}; Ctrl+C ends`);
    await watching;
    return 0;
  },
};

interface Job {
  readonly source: Source;
  readonly path: string;
  /** The file to write; undefined for standard output. */
  readonly out: string | undefined;
}

async function planJobs(given: Arguments, terminal: Terminal): Promise<readonly Job[]> {
  if (given.positionals.length === 0)
    throw new UsageError("name packs, for example: promptpack types support.pack.json");
  const sources = await findSources(given.positionals, (text) => terminal.say("note", text));
  const out = given.text("out");
  if (out !== undefined && sources.length > 1) {
    throw new UsageError(
      `--out names one file, and there are ${sources.length} packs`,
      "leave it out: types are written beside each pack",
    );
  }
  if (out !== undefined && out !== "-" && !/\.m?ts$/.test(out))
    throw new UsageError("--out is a file that ends in .ts");
  return sources.map((source) => {
    const { path } = source;
    // a module cannot import standard input or YAML
    if (path === undefined || /\.ya?ml$/i.test(path))
      throw new UsageError(`types takes JSON files, not ${source.name}`);
    return { source, path, out: out === "-" ? undefined : (out ?? `${path.replace(/\.json$/i, "")}.d.ts`) };
  });
}

/** Every pack is tried, so that all that fail are named. */
async function runJobs(jobs: readonly Job[], given: Arguments, terminal: Terminal): Promise<ExitCode> {
  let worst: ExitCode = 0;
  for (const job of jobs) {
    const result = await checkFile(job.source, checkOptions(given));
    let code: ExitCode;
    if (result.pack === undefined) {
      const verdict = decideVerdict([result]);
      if (result.problem === undefined) terminal.sayBlock(`${formatFindings(result, terminal.errorColor)}\n`);
      terminal.say("error", `${job.source.name}: ${result.problem ?? unmarked(verdict)}`);
      code = verdict.exitCode;
    } else {
      code = await writeTypes(result.pack, job, given.flag("check"), terminal);
    }
    if (code > worst) worst = code;
  }
  return worst;
}

async function writeTypes(pack: Pack, { path, out }: Job, isCheck: boolean, terminal: Terminal): Promise<ExitCode> {
  if (out === undefined) {
    terminal.write(packToTypes(pack));
    return 0;
  }
  let code: ExitCode = 0;
  for (const [file, text] of filesOf(pack, path, out)) {
    try {
      const there = (await readTextIfThere(file))?.replaceAll("\r\n", "\n");
      if (there === text) continue;
      if (isCheck) {
        terminal.say("error", `${file} ${there === undefined ? "is missing" : "is stale"}; promptpack types writes it`);
        if (code === 0) code = 1;
      } else {
        // what somebody wrote by hand beside the pack stays
        if (there !== undefined && firstLine(there) !== firstLine(text)) {
          throw new FileError("it was not made by promptpack types, and is not overwritten");
        }
        await writeText(file, text);
        terminal.say("note", `${file} written`);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      terminal.say("error", `${file}: ${error.message}`);
      code = 2;
    }
  }
  return code;
}

const firstLine = (text: string): string => text.slice(0, text.indexOf("\n"));

function filesOf(pack: Pack, path: string, out: string): readonly (readonly [file: string, text: string])[] {
  if (/\.d\.json\.m?ts$/.test(out)) return [[out, packToTypes(pack)]];
  const module = specifierOf(path, out);
  const declaration = /\.d\.(m?)ts$/.exec(out);
  if (declaration === null) return [[out, packToTypes(pack, { module })]];
  return [
    [out, packToTypes(pack)],
    [`${out.slice(0, declaration.index)}.${declaration[1]}js`, packToModule(module)],
  ];
}

/** The pack as a file beside it imports it. */
function specifierOf(path: string, from: string): string {
  const way = relative(resolve(from, ".."), resolve(path)).split(sep).join(posix.sep);
  return way.startsWith("../") ? way : `./${way}`;
}
