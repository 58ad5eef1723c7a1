import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// A check that cannot fail proves nothing: each is run on a copy of what it reads, with one promise broken.
const repository = fileURLToPath(new URL("../../", import.meta.url));
const read = [
  ...["SECURITY.md", "support.json", "package.json", "package-lock.json", ".npmrc", "action.yml", ".github", "policy"],
  ...["LICENSE", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "ARCHITECTURE.md", "bench/package-lock.json"],
  ...["tools", "packages/core/package.json", "packages/security/package.json"],
  ...["cli", "langchain", "ai-sdk", "unplugin"].map((name) => `packages/${name}/package.json`),
];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-practice-"));
  for (const path of read) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(repository, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  git("init", "-q");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  spawnSync("git", [...who, ...args], { cwd: folder, stdio: "ignore", timeout: 10_000 });
}
function check(line: string): { code: number | null; said: string } {
  const [tool = "", ...args] = line.split(" ");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "tools", tool), ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 15_000,
  });
  return { code: status, said: stdout + stderr };
}
function edit(path: string, from: string | RegExp, to: string): void {
  const before = readFileSync(join(folder, path), "utf8");
  const after = before.replace(from, to);
  expect(after, `${path} has ${String(from)}`).not.toBe(before);
  writeFileSync(join(folder, path), after);
}

describe("the checks of our own practice", () => {
  it.each(["check-support.mjs", "check-deps.mjs", "check-practice.mjs workflows review promises"])(
    "%s passes on the copy",
    (line) => {
      expect(check(line)).toMatchObject({ code: 0 });
    },
  );

  it.each<[string, string, string | RegExp, string, string]>([
    ["check-support.mjs", "SECURITY.md", "| older | no |", "| older | yes |", "support.json"],
    ["check-support.mjs", "support.json", /"reviewed": "[^"]+"/, '"reviewed": "2020-01-01"', "read through"],
    [
      "check-support.mjs",
      "support.json",
      '"releases": []',
      '"releases": [{ "version": "9.9.9", "released": "2026-01-01" }]',
      "tags",
    ],
    ["check-support.mjs", "packages/core/package.json", '"version": "0.1.0"', '"version": "0.1.1"', "together"],
    ["check-practice.mjs promises", ".github/ISSUE_TEMPLATE/config.yml", "false", "true", "blank public issue"],
    ["check-practice.mjs promises", "SECURITY.md", "no public issue", "a public issue", "no public issue"],
    ["check-practice.mjs promises", "SECURITY.md", "within 2 days", "some day", "2 days"],
    [
      "check-practice.mjs review",
      ".github/rulesets/main.json",
      "required_signatures",
      "creation",
      "required_signatures",
    ],
    [
      "check-practice.mjs review",
      ".github/rulesets/main.json",
      /"required_approving_review_count": \d/,
      '"required_approving_review_count": 0',
      "no approval",
    ],
    ["check-practice.mjs review", ".github/CODEOWNERS", /^\* @/m, "# ", "owns"],
    ["check-practice.mjs workflows", ".github/workflows/ci.yml", /@[0-9a-f]{40}/, "@v6", "not pinned"],
    [
      "check-practice.mjs workflows",
      ".github/workflows/ci.yml",
      "persist-credentials: false",
      "persist-credentials: true",
      "token behind",
    ],
    ["check-practice.mjs workflows", ".github/dependabot.yml", "cooldown", "heatup", "cooldown"],
    ["check-deps.mjs", "packages/core/package.json", '"re2js":', '"left-pad": "1.0.0", "re2js":', "left-pad"],
    ["check-deps.mjs", ".npmrc", "ignore-scripts=true", "ignore-scripts=false", "run scripts"],
    ["check-deps.mjs", "package-lock.json", /"integrity": "sha512-[^"]+"/, '"integrity": "sha1-AAAA"', "no sha512"],
    ["check-deps.mjs", "package-lock.json", '"license": "MIT"', '"license": "AGPL-3.0"', "AGPL"],
  ])("%s fails when a promise of %s is broken", (line, path, from, to, why) => {
    edit(path, from, to);
    expect(check(line)).toMatchObject({ code: 1, said: expect.stringContaining(why) });
  });

  it("check-support.mjs fails for a release that is listed and tagged by nobody who could have signed it", () => {
    edit("support.json", '"releases": []', '"releases": [{ "version": "0.1.0", "released": "2026-11-22" }]');
    git("add", "support.json");
    git("commit", "-q", "-m", "Release");
    git("tag", "v0.1.0");
    expect(check("check-support.mjs")).toMatchObject({ code: 1, said: expect.stringContaining("not annotated") });
    git("tag", "-f", "-a", "-m", "0.1.0", "v0.1.0");
    expect(check("check-support.mjs")).toMatchObject({ code: 0, said: expect.stringContaining("1 releases agree") });
  });
});
