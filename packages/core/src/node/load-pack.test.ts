import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { PackError } from "../diagnostics/errors.ts";
import { buildPackData } from "../testing/build-pack.ts";
import { loadPack, loadPacks } from "./load-pack.ts";

const textOf = (id: string): string => JSON.stringify(buildPackData({ id }));

const root = mkdtempSync(join(tmpdir(), "promptpack-load-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
  file = join(folder, "a.json");
  writeFileSync(file, textOf("a"));
});

const refusal = async (path: string, options = {}): Promise<string> => {
  const error: unknown = await loadPack(path, options).catch((thrown: unknown) => thrown);
  if (!PackError.isInstance(error)) throw error;
  return `${error.code}: ${error.message}`;
};

describe("loadPack", () => {
  it("reads a regular file and names it in every span", async () => {
    expect((await loadPack(file)).id).toBe("a");
    writeFileSync(file, '{"id": 1}');
    await expect(loadPack(file)).rejects.toMatchObject({ message: expect.stringContaining(`${file}:1:`) });
  });

  it("names the file as the host says", async () => {
    writeFileSync(file, "{");
    await expect(loadPack(file, { file: "shown.json" })).rejects.toMatchObject({
      message: expect.stringMatching(/^shown\.json:1:2 INVALID_JSON/),
    });
  });

  it("refuses a file that is not there, a folder, a URL and a device", async () => {
    expect(await refusal(join(folder, "none.json"))).toMatch(/^FILE_UNREADABLE: .*there is no such file/);
    expect(await refusal(folder)).toMatch(/^FILE_UNREADABLE: .*does not lead to a regular file/);
    expect(await refusal("http://127.0.0.1:9/p.json")).toMatch(/^FILE_UNREADABLE: /);
    expect(await refusal("/dev/zero")).toMatch(/^FILE_UNREADABLE: /);
  });

  it("refuses a link, wherever it leads", async () => {
    symlinkSync(file, join(folder, "link.json"));
    symlinkSync("nowhere", join(folder, "dangling.json"));
    expect(await refusal(join(folder, "link.json"))).toMatch(/^FILE_UNREADABLE: /);
    expect(await refusal(join(folder, "dangling.json"))).toMatch(/^FILE_UNREADABLE: /);
  });

  it("does not wait at a pipe", async () => {
    execFileSync("mkfifo", [join(folder, "p.json")]);
    expect(await refusal(join(folder, "p.json"))).toMatch(/^FILE_UNREADABLE: /);
  });

  it("looks at the size before it reads", async () => {
    expect(await refusal(file, { limits: { maxBytes: 10 } })).toMatch(
      /^LIMIT_EXCEEDED: .*has \d+ bytes, the limit is 10/,
    );
  });

  it("passes to verify the very bytes that it parses, even when the file is replaced meanwhile", async () => {
    const seen: [string, string][] = [];
    const pack = await loadPack(file, {
      verify: (bytes, path) => {
        seen.push([new TextDecoder().decode(bytes), path]);
        writeFileSync(join(folder, "b"), textOf("evil"));
        renameSync(join(folder, "b"), file);
      },
    });
    expect(seen).toEqual([[textOf("a"), file]]);
    expect(pack.id).toBe("a");
  });

  it("is refused by a verify that returns something, or is none", async () => {
    for (const verify of [() => false, async () => true, () => () => undefined])
      await expect(loadPack(file, { verify: verify as never })).rejects.toThrow("verify returns nothing");
    for (const verify of [null, true])
      await expect(loadPack(file, { verify: verify as never })).rejects.toThrow(TypeError);
  });

  it("is refused by a verify that throws, with its error", async () => {
    const verdict = new Error("not signed");
    await expect(
      loadPack(file, {
        verify: async () => {
          throw verdict;
        },
      }),
    ).rejects.toBe(verdict);
  });
});

describe("loadPacks", () => {
  it("reads the JSON files of a directory by id, not those of directories inside", async () => {
    writeFileSync(join(folder, "b.pack.json"), textOf("b"));
    writeFileSync(join(folder, "notes.txt"), "no pack");
    mkdirSync(join(folder, "inside"));
    writeFileSync(join(folder, "inside", "c.json"), textOf("c"));
    expect([...(await loadPacks(folder)).keys()]).toEqual(["a", "b"]);
  });

  it("fails with the diagnostics of every bad file", async () => {
    writeFileSync(join(folder, "b.json"), "{");
    writeFileSync(join(folder, "c.json"), '{"id": 1}');
    symlinkSync("/etc/hostname", join(folder, "d.json"));
    const error: unknown = await loadPacks(folder).catch((thrown: unknown) => thrown);
    if (!PackError.isInstance(error)) throw error;
    expect([...new Set(error.diagnostics.map(({ span }) => span?.file))]).toEqual(
      ["b.json", "c.json", "d.json"].map((name) => join(folder, name)),
    );
  });

  it("returns the good ones to who asks for partial results", async () => {
    writeFileSync(join(folder, "b.json"), "{");
    const failed: string[] = [];
    const packs = await loadPacks(folder, { onError: (path, error) => failed.push(`${path} ${error.code}`) });
    expect([...packs.keys()]).toEqual(["a"]);
    expect(failed).toEqual([`${join(folder, "b.json")} INVALID_JSON`]);
  });

  it("never lets one pack hide another of the same id", async () => {
    writeFileSync(join(folder, "b.json"), textOf("a"));
    await expect(loadPacks(folder)).rejects.toMatchObject({ code: "DUPLICATE_PACK" });
  });

  it("lets an error of verify through", async () => {
    await expect(
      loadPacks(folder, {
        verify: () => {
          throw new RangeError("mine");
        },
      }),
    ).rejects.toThrow(RangeError);
  });

  it("refuses a directory that is not there, and takes an empty one", async () => {
    await expect(loadPacks(join(folder, "none"))).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    rmSync(file);
    expect((await loadPacks(folder)).size).toBe(0);
  });
});
