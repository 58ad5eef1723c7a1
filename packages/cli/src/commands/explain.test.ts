import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { useWorkspace } from "../../test/built-program.ts";
import { parseRows } from "./explain.ts";

const { folder, promptpack } = useWorkspace();

describe("promptpack explain", () => {
  it("explains one code, however it is written, and lists all", () => {
    const { code, out } = promptpack(["explain", "unused-tool"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^UNUSED_TOOL {2}lint, info\n/);
    expect(out).toMatch(/\n {2}means +\S/);
    expect(promptpack(["explain"]).out).toContain("UNUSED_TOOL");
    expect(promptpack(["explain", "key-revoked"]).out).toContain("KEY_REVOKED  PolicyError");
  });

  it("works in the packed package, which carries the pages", () => {
    const cli = fileURLToPath(new URL("../../", import.meta.url));
    const argv = ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder()];
    const [{ filename, files }] = JSON.parse(
      execFileSync("npm", argv, { cwd: cli, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    expect(files.filter(({ path }: { path: string }) => path.includes(".test."))).toEqual([]);
    execFileSync("tar", ["-xzf", filename], { cwd: folder() });
    mkdirSync(join(folder(), "node_modules"));
    symlinkSync(join(cli, "../core"), join(folder(), "node_modules/promptpack"));
    const packed = execFileSync(process.execPath, ["package/dist/main.js", "explain", "UNUSED_TOOL"], {
      cwd: folder(),
      encoding: "utf8",
    });
    expect(packed).toBe(promptpack(["explain", "UNUSED_TOOL"]).out);
  });
});

describe("parseRows", () => {
  it("reads the rows of code tables and nothing else", () => {
    const page = [
      "# Text",
      "",
      "| code | layer, severity | means | example | do | rules |",
      "|---|---|---|---|---|---|",
      '| `DUPLICATE_KEY` | document, error | two members | `{"a":1}` | remove one | R001 |',
      "| BLOCK_TAG | reference, error | a tag with a \\| in it | | | |",
      "Not | a | row",
    ].join("\n");
    expect(parseRows(page)).toEqual([
      {
        code: "DUPLICATE_KEY",
        kind: "document, error",
        meaning: "two members",
        example: '`{"a":1}`',
        advice: "remove one",
        rules: "R001",
      },
      {
        code: "BLOCK_TAG",
        kind: "reference, error",
        meaning: "a tag with a | in it",
        example: "",
        advice: "",
        rules: "",
      },
    ]);
  });
});
