import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));

type Setup = {
  readonly mkdir?: string;
  readonly symlink?: readonly [string, string];
  readonly writeText?: readonly [string, string];
  readonly mkfifo?: string;
};

interface Attack {
  readonly id: string;
  readonly expected: "rejects" | "safe-result";
  readonly command?: string;
  readonly file?: string;
  readonly gen?: { readonly template: string; readonly A: readonly [string, number] };
  readonly setup?: readonly Setup[];
  readonly loadPath?: string;
  readonly loadDirectory?: string;
  readonly check?: {
    readonly maxMs?: number;
    readonly mustAccept?: boolean;
    readonly stdoutNotMatches?: readonly string[];
    readonly equalsField?: readonly [string, unknown];
    readonly outputNotContainsFile?: string;
  };
}

const attacks = attacksFor<Attack>("cli");

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "promptpack-attacks-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(dir === undefined)("attacks on the command line (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  it("finds the cases", () => {
    expect(attacks.length).toBeGreaterThanOrEqual(24);
  });

  it.each(attacks.map((attack) => [attack.id, attack] as const))(
    "%s",
    (_, attack) => {
      const { check = {}, command = "validate", expected } = attack;
      const target = materialize(attack);
      for (const argv of command === "inspect"
        ? [
            ["inspect", target],
            ["inspect", target, "--json"],
          ]
        : validations(target)) {
        const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], {
          cwd: join(root, attack.id),
          encoding: "utf8",
          timeout: (check.maxMs ?? 1000) + 1500, // the start of a process on a busy machine
          maxBuffer: 64 * 1024 * 1024,
        });
        expect(status, `${argv.join(" ")}: ${stderr}`).not.toBeNull();
        expect(stderr).not.toMatch(/promptpack failed|\n {4}at /);
        for (const pattern of check.stdoutNotMatches ?? []) {
          // An annotation is what the github format is for; its text must not start another.
          if (pattern === "^::" && argv.includes("github")) continue;
          expect(stdout).not.toMatch(new RegExp(pattern, "m"));
          expect(stderr).not.toMatch(new RegExp(pattern, "m"));
        }
        if (expected === "rejects") expect([1, 2]).toContain(status);
        if (check.mustAccept === true) expect(status).toBe(0);
        if (check.outputNotContainsFile !== undefined) {
          expect(stdout + stderr).not.toContain(readFileSync(check.outputNotContainsFile, "utf8").trim());
        }
      }
      if (check.equalsField !== undefined) {
        const [field, value] = check.equalsField;
        const description = execFileSync(process.execPath, [main, "inspect", target, "--json"], {
          encoding: "utf8",
          cwd: join(root, attack.id),
        });
        expect(JSON.parse(description)[field]).toBe(value);
      }
    },
    30_000,
  );
});

function validations(target: string): string[][] {
  return ["pretty", "json", "sarif", "github", "junit"].map((format) => ["validate", target, "--format", format]);
}

/** Writes the case's files and returns what to name on the command line. */
function materialize({ id, file, gen, setup = [], loadPath, loadDirectory }: Attack): string {
  const folder = join(root, id);
  mkdirSync(folder, { recursive: true });
  for (const { mkdir, symlink, writeText, mkfifo } of setup) {
    if (mkdir !== undefined) mkdirSync(join(folder, mkdir), { recursive: true });
    if (symlink !== undefined) symlinkSync(symlink[1], join(folder, symlink[0]));
    if (writeText !== undefined) writeFileSync(join(folder, writeText[0]), writeText[1]);
    if (mkfifo !== undefined) execFileSync("mkfifo", [join(folder, mkfifo)]);
  }
  if (loadPath !== undefined) return loadPath;
  const bytes =
    gen === undefined
      ? readFileSync(join(dir ?? "", "attacks", file ?? ""))
      : Buffer.from(gen.template.replace("@@A@@", gen.A[0].repeat(gen.A[1])));
  const name = join(loadDirectory ?? ".", file === undefined ? "pack.json" : basename(file));
  writeFileSync(join(folder, name), bytes);
  return loadDirectory ?? name;
}
