import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Outcome, runProgram } from "../../../test/built-program.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-credentials-"));
  writeFileSync(join(folder, "judge.key"), "key-of-judge-2\n", { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(plan: object, ...argv: readonly string[]): Outcome {
  writeFileSync(join(folder, "promptpack.credentials.json"), JSON.stringify({ version: 1, ...plan }));
  const env = { MODEL_KEY: "key-of-main-1", OTHER: "key-of-judge-2" };
  const outcome = runProgram(folder, ["credentials", "check", ...argv], { env });
  expect(outcome.out + outcome.err).not.toMatch(/key-of|promptpack failed/);
  return outcome;
}

describe("promptpack credentials check", () => {
  it("passes keys that are young, private, and one for each use", () => {
    const uses = {
      main: { ref: "env:MODEL_KEY", issued: new Date().toISOString().slice(0, 10) },
      judge: "file:judge.key",
    };
    expect(check({ uses }, "--max-age", "90", "--strict")).toMatchObject({
      code: 0,
      out: "\u2714 2 credentials in order\n",
    });
  });

  it("fails for a key file that is older than --max-age, or that others may read", () => {
    const uses = { judge: "file:judge.key" };
    utimesSync(join(folder, "judge.key"), new Date("2020-01-01"), new Date("2020-01-01"));
    expect(check({ uses }).code).toBe(0);
    expect(check({ uses }, "--max-age", "90")).toMatchObject({
      code: 1,
      out: expect.stringContaining("CREDENTIAL_OLD"),
    });
    chmodSync(join(folder, "judge.key"), 0o644);
    expect(check({ uses })).toMatchObject({ code: 1, out: expect.stringContaining("CREDENTIAL_EXPOSED") });
  });

  it("warns when one key serves several uses, and fails with --strict", () => {
    const uses = { main: "env:OTHER", judge: "file:judge.key", registry: "env:MODEL_KEY" };
    expect(check({ uses })).toMatchObject({ code: 0, out: expect.stringContaining("one key serves main, judge") });
    expect(check({ uses }, "--strict").code).toBe(1);
    expect(JSON.parse(check({ uses }, "--json").out)).toMatchObject({ ok: true, shared: [["main", "judge"]] });
  });

  it("finds a key in the files of a list, as git gives it", () => {
    const uses = { main: "env:MODEL_KEY" };
    writeFileSync(join(folder, ".env"), "MODEL_KEY=key-of-main-1\n");
    writeFileSync(join(folder, "-"), "a name that is no option");
    execFileSync("git", ["init", "-q"], { cwd: folder });
    execFileSync("git", ["add", "--", "-"], { cwd: folder });
    const listed = (...options: readonly string[]): string =>
      execFileSync("git", ["ls-files", ...options], { cwd: folder, encoding: "utf8" });
    const given = (input: string): Outcome => {
      writeFileSync(join(folder, "list"), input);
      return check({ uses }, "--files-from", "list");
    };
    expect(given(listed("-z")).code).toBe(0);
    execFileSync("git", ["add", ".env"], { cwd: folder });
    for (const list of [listed("-z"), listed(), `gone\r\n${join(folder, ".env")}\r\n`])
      expect(given(list)).toMatchObject({ code: 1, out: expect.stringContaining(".env holds the key of main") });
    expect(check({ uses }, "--files-from", "nothing").code).toBe(2);
  });

  it("refuses a plan that holds a key, and a wrong command line", () => {
    expect(check({ uses: { main: "key-of-main-1" } })).toMatchObject({
      code: 1,
      err: expect.stringContaining("INLINE_SECRET"),
    });
    expect(check({ uses: {} }, "--max-age", "never").code).toBe(2);
    expect(check({ uses: {} }, "more", "still").code).toBe(2);
  });
});
