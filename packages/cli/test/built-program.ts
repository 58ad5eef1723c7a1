import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

/** The built program, which runs in a process of its own, as a user runs it: `npm run build` comes first. */
export const main: string = fileURLToPath(new URL("../dist/main.js", import.meta.url));
export const examples: string = fileURLToPath(new URL("../../../examples/packs/", import.meta.url));

/** A valid pack, as a file, as its text, and with a misspelt field. */
export const support: string = join(examples, "customer-support.pack.json");
export const validPack: string = readFileSync(support, "utf8");
export const brokenPack: string = validPack.replace(
  '"version": "1.2.0",\n  "description": "First',
  '"versoin": "1.2.0",\n  "description": "First',
);

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** What the program's environment has beside PATH. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the program in a folder. */
export function runProgram(folder: string, argv: readonly string[], options: RunOptions = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...options.env },
    input: options.input ?? "",
    encoding: "utf8",
    timeout: 15_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

export interface Workspace {
  /** The folder, while the tests run. */
  readonly folder: () => string;
  /** Runs the program in the folder. */
  readonly promptpack: (argv: readonly string[], options?: RunOptions) => Outcome;
  /** Writes a file below the folder and returns its name. */
  readonly write: (name: string, content: string) => string;
}

/** Gives the tests of one file a folder of their own, which goes when they end. */
export function useWorkspace(): Workspace {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "promptpack-cli-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    promptpack: (argv, options) => runProgram(folder, argv, options),
    write: (name, content) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
      return name;
    },
  };
}
