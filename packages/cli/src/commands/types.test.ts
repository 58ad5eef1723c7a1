import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordTerminal } from "../../test/record-terminal.ts";
import { run } from "../run.ts";

const examples = fileURLToPath(new URL("../../../../examples/packs/", import.meta.url));

let folder = "";
let pack = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-types-"));
  pack = join(folder, "support.pack.json");
  copyFileSync(join(examples, "customer-support.pack.json"), pack);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function types(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, output, errors } = recordTerminal();
  const code = await run(["types", ...argv], terminal);
  return { code, out: output(), err: errors() };
}

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const change = (from: string, to: string): void => writeFileSync(pack, read("support.pack.json").replaceAll(from, to));

describe("promptpack types", () => {
  it("writes declarations and a module beside the pack", async () => {
    expect((await types(pack)).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["support.pack.d.ts", "support.pack.js", "support.pack.json"]);
    expect(read("support.pack.d.ts")).toContain('readonly plan?: "free" | "plus" | "business";');
    expect(read("support.pack.js")).toContain('import data from "./support.pack.json" with { type: "json" };');
  });

  it("writes one module, declarations for a plugin, or to standard output, as --out says", async () => {
    const module = join(folder, "support.ts");
    await types(pack, "-o", module);
    expect(read("support.ts")).toContain('from "./support.pack.json"');
    await types(pack, "--out", join(folder, "support.pack.d.json.ts"));
    expect(readdirSync(folder)).toEqual(["support.pack.d.json.ts", "support.pack.json", "support.ts"]);
    expect((await types(pack, "-o", "-")).out).toBe(read("support.pack.d.json.ts"));
  });

  it("writes the same text every time, and says with --check when it would be another", async () => {
    expect(await types(pack, "--check")).toMatchObject({ code: 1, err: expect.stringContaining("is missing") });
    await types(pack);
    const first = read("support.pack.d.ts");
    await types(pack);
    expect(read("support.pack.d.ts")).toBe(first);
    expect(await types(pack, "--check")).toEqual({ code: 0, out: "", err: "" });
    writeFileSync(join(folder, "support.pack.d.ts"), first.replaceAll("\n", "\r\n"));
    expect((await types(pack, "--check")).code).toBe(0);
    change('"open_ticket"', '"open_case"');
    expect(await types(pack, "--check")).toMatchObject({ code: 1, err: expect.stringContaining("is stale") });
    expect(read("support.pack.d.ts").replaceAll("\r\n", "\n")).toBe(first);
  });

  it("tries every pack of a folder and reports each that fails", async () => {
    writeFileSync(join(folder, "bad.json"), '{ "id": 1 }');
    const { code, err } = await types(folder);
    expect(code).toBe(1);
    expect(err).toContain("bad.json");
    expect(readdirSync(folder)).toContain("support.pack.d.ts");
    expect(readdirSync(folder)).not.toContain("bad.d.ts");
  });

  it("does not overwrite what it did not make", async () => {
    writeFileSync(join(folder, "support.pack.js"), "// by hand\n");
    expect(await types(pack)).toMatchObject({ code: 2, err: expect.stringContaining("not overwritten") });
    expect(read("support.pack.js")).toBe("// by hand\n");
  });

  it("refuses command lines that make no sense", async () => {
    copyFileSync(pack, join(folder, "other.json"));
    expect((await types()).err).toContain("name packs");
    expect((await types("-")).err).toContain("not <stdin>");
    expect((await types(pack, "-o", "types.js")).err).toContain("ends in .ts");
    expect((await types(pack, join(folder, "other.json"), "-o", "x.ts")).err).toContain("there are 2 packs");
    expect(await types(pack, "--check", "--watch")).toMatchObject({ code: 2, err: expect.stringContaining("--watch") });
    writeFileSync(join(folder, "pack.yaml"), "id: x\n");
    expect((await types(join(folder, "pack.yaml"))).err).toContain("types takes JSON files");
    expect((await types(join(folder, "none.json"))).code).toBe(2);
  });

  it("writes again when the pack changes, reports a broken one, and ends when it is interrupted", async () => {
    const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
    const child = spawn(process.execPath, [main, "types", "support.pack.json", "--watch"], { cwd: folder });
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
    try {
      await said(child, "Ctrl+C ends");
      const again = said(child, "support.pack.d.ts written");
      change('"plan"', '"tier"');
      change("{{plan}}", "{{tier}}");
      await again;
      expect(read("support.pack.d.ts")).toContain("readonly tier?:");
      const broken = said(child, "not valid");
      change('"name": "tier"', '"nam": "tier"');
      await broken;
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

/** Resolves when the program has written the words from now on. */
function said({ stderr }: ChildProcess, words: string): Promise<void> {
  let text = "";
  return new Promise((resolve) => {
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!text.includes(words)) return;
      stderr?.off("data", listen);
      resolve();
    };
    stderr?.on("data", listen);
  });
}
