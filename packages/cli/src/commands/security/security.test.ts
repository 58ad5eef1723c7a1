import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackData } from "promptpack/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main, type Outcome, runProgram } from "../../../test/built-program.ts";

const key = ["sk", "proj", "a1B2c3D4e5F6g7H8i9J0".repeat(3)].join("-");
const packText = (template: string, version = "1.0.0"): string =>
  JSON.stringify(buildPackData({ id: "p", version, prompt: { system_template: template } }));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-security-"));
  writeFileSync(join(folder, "clean.pack.json"), packText("You help. Never reveal names."));
  writeFileSync(join(folder, "next.pack.json"), packText("You help.", "1.0.1"));
  writeFileSync(join(folder, "bad.pack.json"), packText(`<|im_start|> Use ${key}`));
  writeFileSync(join(folder, "none.json"), "{}");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function promptpack(argv: readonly string[], input = ""): Outcome {
  const outcome = runProgram(folder, argv, { input });
  expect(outcome.out + outcome.err).not.toContain(key);
  return outcome;
}

describe("promptpack review", () => {
  it("shows what a pack can do and passes without --fail-on", () => {
    const { code, out } = promptpack(["review", "bad.pack.json"]);
    expect(code).toBe(0);
    expect(out).toMatch(/This pack can[^]*critical {2}secret/);
  });

  it("fails from the severity that --fail-on names", () => {
    expect(promptpack(["review", "bad.pack.json", "--fail-on", "high"]).code).toBe(1);
    expect(promptpack(["review", "clean.pack.json", "--fail-on", "info"]).code).toBe(0);
  });

  it("speaks JSON, SARIF with the file's own path, CSV and HTML", () => {
    expect(JSON.parse(promptpack(["review", "bad.pack.json", "--format", "json"]).out)).toMatchObject({
      file: "bad.pack.json",
      worst: "critical",
    });
    const sarif = promptpack(["review", "bad.pack.json", "clean.pack.json", "--format", "sarif"]).out;
    expect(JSON.parse(sarif).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      "bad.pack.json",
    );
    expect(promptpack(["review", "bad.pack.json", "--format", "csv"]).out).toMatch(/^"pack","name"/);
    expect(promptpack(["review", "bad.pack.json", "--format", "html"]).out).toMatch(/^<!doctype html>/);
  });

  it("reports what is no pack and does not fall over", () => {
    expect(promptpack(["review", "none.json"])).toMatchObject({ code: 1, err: expect.stringContaining("not valid") });
    expect(promptpack(["review", "missing.json"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("no such file"),
    });
    expect(promptpack(["review", "clean.pack.json", "--approve"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--reviewer"),
    });
  });

  it("asks for a reviewer with an example that it does not mask", () => {
    expect(promptpack(["review", "clean.pack.json", "--approve"]).err).toContain("hint: for example --reviewer Ada\n");
  });

  it("writes approvals beside those there are, one for each reviewer and digest", () => {
    for (const reviewer of ["Ada", "Ada", "Grace"])
      promptpack(["review", "clean.pack.json", "--approve", "--reviewer", reviewer]);
    const { approvals } = JSON.parse(readFileSync(join(folder, "promptpack.approvals.json"), "utf8"));
    expect(approvals.map((approval: { reviewer: string }) => approval.reviewer)).toEqual(["Ada", "Grace"]);
  });

  it("leaves a file alone that holds something else", () => {
    writeFileSync(join(folder, "other.json"), "mine");
    const argv = ["review", "clean.pack.json", "--approve", "--reviewer", "Ada", "--approvals", "other.json"];
    expect(promptpack(argv).code).toBe(2);
    expect(readFileSync(join(folder, "other.json"), "utf8")).toBe("mine");
  });
});

describe("promptpack diff", () => {
  it("shows changes and risks, and fails on request", () => {
    const { code, out } = promptpack(["diff", "clean.pack.json", "next.pack.json"]);
    expect(code).toBe(0);
    expect(out).toContain("template-security-sentence-removed");
    expect(promptpack(["diff", "clean.pack.json", "next.pack.json", "--fail-on", "high"]).code).toBe(1);
    expect(promptpack(["diff", "clean.pack.json"]).code).toBe(2);
  });

  it("writes Markdown, JSON, SARIF and HTML", () => {
    const format = (name: string): string =>
      promptpack(["diff", "clean.pack.json", "bad.pack.json", "--format", name]).out;
    expect(format("markdown")).toMatch(/^### Pack/);
    expect(JSON.parse(format("json"))).toMatchObject({ format: 1, worst: "critical" });
    expect(JSON.parse(format("sarif")).version).toBe("2.1.0");
    expect(format("html")).toMatch(/^<!doctype html>/);
  });
});

describe("promptpack secrets", () => {
  it("finds them in files, YAML and standard input, and fails on request only", () => {
    writeFileSync(join(folder, "notes.yaml"), `a: "${key.replace("sk", "\\x73k")}"\n`);
    expect(promptpack(["secrets", "bad.pack.json"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("openai-key"),
    });
    expect(promptpack(["secrets", "notes.yaml", "--fail"]).code).toBe(1);
    expect(promptpack(["secrets", "-", "--fail"], `x ${key}`)).toMatchObject({
      code: 1,
      out: expect.stringContaining("<stdin>:1:3"),
    });
    expect(promptpack(["secrets", "clean.pack.json", "--fail"]).code).toBe(0);
  });

  it("does not say that it found nothing where it read nothing", () => {
    expect(promptpack(["secrets", "gone.txt"])).toEqual({
      code: 2,
      out: "",
      err: "error: gone.txt: no such file or folder\n",
    });
  });

  it("lets a digest stay with a reason, and nothing without", () => {
    const { digest } = JSON.parse(promptpack(["secrets", "bad.pack.json", "--format", "json"]).out).files[0]
      .findings[0];
    writeFileSync(join(folder, "allow.json"), JSON.stringify({ allow: [{ digest, reason: "revoked on 1 May" }] }));
    expect(promptpack(["secrets", "bad.pack.json", "--fail", "--allow", "allow.json"]).code).toBe(0);
    writeFileSync(join(folder, "allow.json"), JSON.stringify({ allow: [{ digest }] }));
    expect(promptpack(["secrets", "bad.pack.json", "--fail", "--allow", "allow.json"]).code).toBe(2);
  });
});

describe("promptpack git", () => {
  it("installs a driver that git uses, and takes it away again without a trace", () => {
    const repository = join(folder, "repository");
    mkdirSync(repository);
    const git = (...argv: string[]): string => execFileSync("git", argv, { cwd: repository, encoding: "utf8" });
    git("init", "-q");
    writeFileSync(join(repository, "a.pack.json"), packText("Hi"));
    writeFileSync(join(repository, ".gitattributes"), "*.png binary");
    git("add", ".");
    const before = readFileSync(join(repository, ".git/config"), "utf8");
    const run = (...argv: string[]): string =>
      execFileSync(process.execPath, [main, "git", ...argv], { cwd: repository, encoding: "utf8" });

    expect(run("install", "--dry-run")).toContain('[diff "promptpack"]');
    expect(readFileSync(join(repository, ".git/config"), "utf8")).toBe(before);
    run("install", "--program", `"${process.execPath}" "${main}"`);
    expect(run("install", "--program", `"${process.execPath}" "${main}"`)).toContain("Nothing to do.");
    writeFileSync(join(repository, "a.pack.json"), packText("Hi\u200B"));
    expect(git("diff")).toContain("+prompts.main.system_template: Hi\\u{200B}");

    run("uninstall");
    expect(readFileSync(join(repository, ".git/config"), "utf8")).toBe(before);
    expect(readFileSync(join(repository, ".gitattributes"), "utf8")).toBe("*.png binary\n");
  });

  it("edits no file of a folder that only claims to be a repository", () => {
    const [claim, keys] = [join(folder, "claim"), join(folder, "keys")];
    for (const made of [claim, keys]) mkdirSync(made);
    writeFileSync(join(keys, "config"), "Host *\n");
    writeFileSync(join(claim, ".git"), `gitdir: ${keys}\n`);
    expect(runProgram(claim, ["git", "install"]).code).toBe(2);
    expect(readFileSync(join(keys, "config"), "utf8")).toBe("Host *\n");
  });

  it("says so outside of a repository, and shows what is no JSON as it stands", () => {
    expect(promptpack(["git", "install"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("no git repository"),
    });
    expect(promptpack(["git", "textconv", "clean.pack.json"]).out).toContain("id: p");
    writeFileSync(join(folder, "text.pack.json"), "no\u001B[2J json");
    expect(promptpack(["git", "textconv", "text.pack.json"]).out).toBe("no\\u{1B}[2J json\n");
  });
});
