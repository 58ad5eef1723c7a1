import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixture = "test/lint/fixture/packages/core/src/banned.ts";

it("reports every banned construct of the fixture, each by its own rule", () => {
  const expected = readFileSync(join(root, fixture), "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const rule = /\/\/ (\w+\([\w-]+\))$/.exec(line)?.[1];
      return rule === undefined ? [] : [`${index + 1} ${rule}`];
    });
  expect(expected.length).toBeGreaterThan(20);

  const reported = new Set(
    lintIgnoring(fixture).map((finding) => `${finding.labels[0]?.span.line ?? 0} ${finding.code}`),
  );
  expect(expected.filter((finding) => !reported.has(finding))).toEqual([]);
});

it("reports a function that is longer than one screen", () => {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    const sources = join(folder, "packages/core/src");
    const written = (name: string, lines: number): string =>
      `export function ${name}(list: string[]): void {\n${"  list.push(list.join());\n".repeat(lines - 2)}}\n`;
    mkdirSync(sources, { recursive: true });
    writeFileSync(join(sources, "long.ts"), `// no code\n\n${written("fits", 50)}${written("tooLong", 51)}`);
    const found = lintIgnoring(join(sources, "long.ts")).filter(({ code }) => code.includes("max-lines-per-function"));
    expect(found.map(({ labels }) => labels[0]?.span.line)).toEqual([53]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Finding {
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** Lints with the repository's own configuration, but for the patterns that keep the fixture out of the usual run. */
function lintIgnoring(file: string): readonly Finding[] {
  const config = JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8")) as Record<string, unknown>;
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    const path = join(folder, "oxlintrc.json");
    const jsPlugins = [join(root, "tools/lint-rules.mjs")];
    writeFileSync(path, JSON.stringify({ ...config, ignorePatterns: [], jsPlugins }));
    return (JSON.parse(oxlint(["-c", path, "--type-aware", "-f", "json", file])) as { diagnostics: Finding[] })
      .diagnostics;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function oxlint(args: readonly string[]): string {
  try {
    return execFileSync(join(root, "node_modules/.bin/oxlint"), args, { cwd: root, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    // Findings end the linter with 1; the report is on standard output all the same.
    return (error as { readonly stdout: string }).stdout;
  }
}
