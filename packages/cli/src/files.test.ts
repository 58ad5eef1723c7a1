import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileError, findSources, readSource, reportPath, reportUri, STDIN } from "./files.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "promptpack-files-"));
  mkdirSync(join(root, "packs/deep"), { recursive: true });
  mkdirSync(join(root, "packs/node_modules"));
  mkdirSync(join(root, "empty"));
  for (const name of ["b.json", "a.json", "deep/c.yaml", "readme.md", ".hidden.json", "node_modules/x.json"]) {
    writeFileSync(join(root, "packs", name), "{}");
  }
  symlinkSync("/etc/hostname", join(root, "packs/link.json"));
  symlinkSync("/", join(root, "packs/loop"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const find = async (...names: string[]): Promise<{ names: string[]; notes: string[]; problems: string[] }> => {
  const notes: string[] = [];
  const sources = await findSources(names, (text) => notes.push(text));
  return {
    names: sources.map(({ name }) => name.replace(`${root}/`, "")),
    notes,
    problems: sources.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  };
};

describe("findSources", () => {
  it("walks folders in name order without hidden files, modules, other files and links", async () => {
    const { names, notes } = await find(join(root, "packs"));
    expect(names).toEqual(["packs/a.json", "packs/b.json", "packs/deep/c.yaml"]);
    expect(notes).toEqual([`${join(root, "packs/link.json")} is a symbolic link and was not followed`]);
  });

  it("keeps the order of its arguments and takes standard input once", async () => {
    expect((await find(join(root, "packs/b.json"), "-", join(root, "packs/a.json"), "-")).names).toEqual([
      "packs/b.json",
      "<stdin>",
      "packs/a.json",
    ]);
  });

  it("says why something is no source instead of leaving it out", async () => {
    const { problems } = await find(join(root, "none.json"), join(root, "empty"), "https://example.com/p.json", "a\0b");
    expect(problems).toEqual([
      "no such file or folder",
      "no .json, .yaml or .yml file in this folder",
      expect.stringContaining("a URL, and nothing is ever fetched"),
      "it could not be read (ERR_INVALID_ARG_VALUE)",
    ]);
  });
});

describe("readSource", () => {
  const read = (path: string, limit?: number): Promise<Uint8Array> => readSource({ name: path, path }, limit);

  it("reads a file, and one byte more than the limit of a larger one", async () => {
    const path = join(root, "big.json");
    writeFileSync(path, "x".repeat(5000));
    expect((await read(path)).length).toBe(5000);
    expect((await read(path, 100)).length).toBe(101);
    expect((await read(path, 5000)).length).toBe(5000);
  });

  it("refuses devices, pipes, folders, URLs and missing files at once", { timeout: 3000 }, async () => {
    execFileSync("mkfifo", [join(root, "pipe.json")]);
    for (const path of ["/dev/zero", join(root, "pipe.json"), root, "http://127.0.0.1:9/p.json", join(root, "none")]) {
      await expect(read(path)).rejects.toThrow(FileError);
    }
  });

  it.skipIf(!existsSync("/proc/self/status"))("reads what grows while it is read, up to the limit", async () => {
    // files of /proc say that they hold nothing
    const bytes = await read("/proc/self/status");
    expect(bytes.length).toBeGreaterThan(100);
    expect((await read("/proc/self/status", 10)).length).toBe(11);
  });
});

describe("reportPath and reportUri", () => {
  it.each([
    ["a b/ü#.json", "a b/ü#.json", "a%20b/%C3%BC%23.json"],
    ["./x/../y.json", "y.json", "y.json"],
    ["..y.json", "..y.json", "..y.json"],
    ["/etc/x y.json", "/etc/x y.json", "file:///etc/x%20y.json"],
    ["\uD800.json", "\uD800.json", "%EF%BF%BD.json"],
  ])("are relative below the working folder, else absolute: %j", (path, plain, uri) => {
    expect(reportPath({ name: path, path })).toBe(plain);
    expect(reportUri({ name: path, path })).toBe(uri);
    expect(reportUri(STDIN)).toBe("stdin");
  });
});
