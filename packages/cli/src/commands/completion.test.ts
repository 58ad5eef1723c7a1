import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { useWorkspace, validPack } from "../../test/built-program.ts";
import { commands } from "../commands.ts";

const { folder, promptpack, write } = useWorkspace();

describe("promptpack completion", () => {
  it("completes commands, options and choices in bash", () => {
    const complete = (...words: string[]): string[] => {
      const script = `eval "$(cat)"; COMP_WORDS=(promptpack ${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length}; _promptpack; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const input = promptpack(["completion", "bash"]).out;
      return execFileSync("bash", ["-c", script], { input, encoding: "utf8", cwd: folder() }).trim().split("\n");
    };
    expect(complete("va")).toEqual(["validate"]);
    expect(complete("validate", "--f")).toEqual(["--format"]);
    expect(complete("validate", "--format", "s")).toEqual(["sarif"]);
    expect(complete("help", "ins")).toEqual(["inspect"]);
    expect(complete("completion", "z")).toEqual(["zsh"]);
    write("only.pack.json", validPack);
    expect(complete("render", "only")).toEqual(["only.pack.json"]);
  });

  it("names every command and option for zsh and fish", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { out } = promptpack(["completion", shell]);
      for (const entry of commands) {
        expect(out).toContain(entry.name);
        for (const option of Object.keys((await entry.load()).options))
          expect(out).toMatch(new RegExp(`-l ${option}\\b|--${option}\\b`));
      }
    }
  });
});
