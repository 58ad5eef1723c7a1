import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { brokenPack, examples, main, support, useWorkspace } from "../test/built-program.ts";
import { commands } from "./commands.ts";
import { version } from "./version.ts";

const { folder, promptpack, write } = useWorkspace();

describe("promptpack", () => {
  it("prints its version, which is the package's", () => {
    const { version: packaged } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(version).toBe(packaged);
    expect(promptpack(["--version"])).toEqual({ code: 0, out: `${packaged}\n`, err: "" });
  });

  it("shows help for itself and every command on standard output", () => {
    const { code, out, err } = promptpack(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const { name } of commands) {
      expect(out).toContain(`  ${name}`);
      const page = promptpack(["help", name]);
      expect(page).toMatchObject({ code: 0, err: "" });
      expect(page.out).toContain(`promptpack ${name}`);
      expect(page.out).toMatch(/Examples\n {2}# .+\n {2}promptpack /);
    }
    expect(promptpack(["validate", "--help"]).out).toBe(promptpack(["help", "validate"]).out);
  });

  it("answers wrong usage with code 2, advice on standard error and nothing on standard output", () => {
    const wrong: readonly (readonly [string[], string])[] = [
      [[], "Commands"],
      [["valdate"], 'did you mean "promptpack validate"?'],
      [["__proto__"], 'there is no command "__proto__"'],
      [["help", "rendr"], 'did you mean "promptpack render"?'],
      [["validate"], "name files or folders"],
      [["validate", "--formt", "json", "x"], 'did you mean "--format"?'],
      [["validate", "--format", "xml", "x"], "it can be pretty, json"],
      [["validate", "--spec", "2.0", "x"], 'there is no spec version "2.0"'],
      [["validate", "--max-warnings", "many", "x"], "needs a whole number"],
      [["render"], "name a pack"],
      [["render", support, "support", "x=1"], "--var name=value"],
      [["render", support, "support", "--var", "secret"], "--var needs a name"],
      [["render", support, "support", "--vars", "none.json"], "no such file"],
      [["inspect", examples], "is a folder"],
      [["schema", "x"], "schema takes no arguments"],
      [["explain", "UNUSED_TOOLS"], 'did you mean "UNUSED_TOOL"?'],
      [["completion"], "bash, zsh or fish"],
      [["completion", "constructor"], "bash, zsh or fish"],
    ];
    for (const [argv, advice] of wrong) {
      const { code, out, err } = promptpack(argv);
      expect({ argv, code, out }).toEqual({ argv, code: 2, out: "" });
      expect(err).toContain(advice);
    }
    expect(promptpack(["render", support, "support", "--var", "token-4711"]).err).not.toContain("4711");
  }, 60_000);

  it("says after each wrong usage where to read on", () => {
    expect(promptpack(["inspect"]).err).toBe(
      "error: name a pack: promptpack inspect <pack>\nhint: promptpack help inspect shows its options\n",
    );
    expect(promptpack(["validate", "--nonsense"]).err).toContain("hint: promptpack help validate shows its options");
    expect(promptpack(["validate", ""]).out).toContain('"": no such file');
  });

  it("takes colours before the command as well", () => {
    const { code, out } = promptpack(["--color", "validate", "a.json"], { env: {} });
    expect(code).toBe(2);
    expect(out).toContain("\u001b[31m✖");
    expect(promptpack(["--no-color", "--version"]).code).toBe(0);
    expect(promptpack(["--no-color"]).code).toBe(2);
  });

  it("marks an error once", () => {
    const broken = write("broken.json", brokenPack);
    for (const argv of [
      ["inspect", broken],
      ["review", broken],
    ])
      expect(promptpack(argv).err).toMatch(/^error: (?:broken\.json: )?the pack is not valid/m);
  });

  it("survives a reader that goes away", () => {
    write("many/a.json", brokenPack);
    const script = `"${process.execPath}" "${main}" validate many --format json | head -c 1; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: folder(), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  });
});
