import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenPack, examples, support, useWorkspace, validPack } from "../../test/built-program.ts";

const { folder, promptpack, write } = useWorkspace();

describe("promptpack validate", () => {
  it("accepts every example without a finding", () => {
    const { code, out, err } = promptpack(["validate", examples, "--max-warnings", "0", "--strict"]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `✔ ${readdirSync(examples).length} packs are valid\n`,
      err: "",
    });
  });

  it("shows where a field is wrong", () => {
    const { code, out, err } = promptpack(["validate", write("broken.json", brokenPack)]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("UNKNOWN_FIELD");
    expect(out).toContain("broken.json:5:3");
    expect(out).toMatch(/5 \| +"versoin"/);
    expect(out).toContain('did you mean "version"?');
    expect(out).toContain("MISSING_FIELD");
    expect(out.trimEnd().split("\n").at(-1)).toBe("✖ the pack is not valid (2 errors)");
  });

  it("reads standard input", () => {
    expect(promptpack(["validate", "-"], { input: validPack })).toEqual({
      code: 0,
      out: "✔ the pack is valid\n",
      err: "",
    });
    const { code, out } = promptpack(["validate", "-"], { input: "{" });
    expect(code).toBe(1);
    expect(out).toContain("<stdin>:1:2");
    expect(promptpack(["validate", "-"], { input: new Uint8Array([0x22, 0xff, 0x22]) }).out).toContain("INVALID_UTF8");
  });

  it("refuses more than 16 MiB, from a file and from standard input", () => {
    const huge = " ".repeat(16 * 1024 * 1024 + 1);
    expect(promptpack(["validate", "-"], { input: huge }).out).toContain("LIMIT_EXCEEDED");
    expect(promptpack(["validate", write("huge.json", huge)])).toMatchObject({ code: 1 });
  });

  it("reports every bad file of a folder and skips none", () => {
    write("folder/1.json", validPack);
    write("folder/2.json", "{");
    write("folder/sub/3.json", brokenPack);
    write("folder/4.txt", "not a pack");
    const { code, out } = promptpack(["validate", "folder", "--format", "json"]);
    const { files, summary, pass } = JSON.parse(out);
    expect({ code, pass, summary }).toMatchObject({ code: 1, pass: false, summary: { files: 3, failed: 2 } });
    expect(files.map(({ file, valid }: { file: string; valid: boolean }) => [file, valid])).toEqual([
      ["folder/1.json", true],
      ["folder/2.json", false],
      ["folder/sub/3.json", false],
    ]);
  });

  it("checks many files and lists only those that need work", () => {
    for (let index = 0; index < 300; index++) write(`many300/${index}.json`, validPack);
    write("many300/7.json", "[]");
    const { code, out, err } = promptpack(["validate", "many300"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/✖ 1 of 300 packs is not valid \(\d+ errors?\)\n$/);
    expect(out).toContain("many300/7.json");
    expect(out).not.toContain("8.json");
  });

  it("answers what cannot be read with code 2, at once", () => {
    execFileSync("mkfifo", [join(folder(), "pipe.json")]);
    for (const name of ["/dev/zero", "pipe.json", "gone.json", "https://example.com/p.json"]) {
      const { code, out } = promptpack(["validate", name, support]);
      expect({ name, code }).toEqual({ name, code: 2 });
      expect(out).toContain(`✖ ${name}: `);
      expect(out).toContain("✖ 1 file could not be read");
    }
  });

  it.each(["json", "sarif", "github", "junit"])("has the same verdict in every format: %s", (format) => {
    expect(promptpack(["validate", support, "--format", format]).code).toBe(0);
    expect(promptpack(["validate", write("broken.json", brokenPack), "--format", format]).code).toBe(1);
    expect(promptpack(["validate", "gone.json", "--format", format]).code).toBe(2);
  });

  it("pins an older spec", () => {
    expect(promptpack(["validate", support, "--spec", "1.9"]).code).toBe(0);
    const { code, out } = promptpack(["validate", support, "--spec", "1.0"]);
    expect(code).toBe(1);
    expect(out).toContain("UNKNOWN_FIELD");
  });

  it("can warn of unknown fields instead, and count warnings", () => {
    const name = write("extra.json", validPack.replace('"metadata"', '"colour": "red",\n  "metadata"'));
    expect(promptpack(["validate", name]).code).toBe(1);
    expect(promptpack(["validate", name, "--unknown-fields", "warn"])).toMatchObject({ code: 0 });
    const { code, out } = promptpack(["validate", name, "--unknown-fields", "warn", "--max-warnings", "0"]);
    expect(code).toBe(1);
    expect(out).toContain("--max-warnings allows 0");
  });

  it("colours only when asked or on a terminal", () => {
    expect(promptpack(["validate", support]).out).not.toContain("\x1b");
    expect(promptpack(["validate", support], { env: { FORCE_COLOR: "1" } }).out).toContain("\x1b[32m");
    expect(promptpack(["validate", support, "--color"], { env: { NO_COLOR: "1" } }).out).toContain("\x1b[32m");
    expect(promptpack(["validate", support, "--no-color"], { env: { FORCE_COLOR: "1" } }).out).not.toContain("\x1b");
  });

  it("reads YAML when the yaml package is there", () => {
    const yaml =
      'id: p\nname: "P"\nversion: 1.0.0\ntemplate_engine: {version: v1, syntax: "{{variable}}"}\nprompts:\n  a: {id: a, name: A, version: 1.0.0, system_template: Hello}\n';
    expect(promptpack(["validate", write("p.yaml", yaml)])).toMatchObject({ code: 0, out: "✔ the pack is valid\n" });
    const { code, out } = promptpack(["validate", write("bad.yml", `${yaml}id: q\n`)]);
    expect(code).toBe(1);
    expect(out).toContain("bad.yml:");
  });
});
