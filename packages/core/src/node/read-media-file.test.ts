import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../diagnostics/errors.ts";
import { readMediaFile } from "./read-media-file.ts";

let root = "";

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "promptpack-files-"));
  root = join(folder, "pack");
  mkdirSync(join(root, "images"), { recursive: true });
  writeFileSync(join(root, "images/a.png"), "12345");
  writeFileSync(join(folder, "outside.png"), "secret");
  symlinkSync(join(root, "images/a.png"), join(root, "link.png"));
  symlinkSync(folder, join(root, "up"));
  execFileSync("mkfifo", [join(root, "fifo.png")]);
  writeFileSync(join(root, "sparse.png"), "");
  truncateSync(join(root, "sparse.png"), 5_000_000);
});
afterAll(() => rmSync(join(root, ".."), { recursive: true }));

const codeOf = async (path: string, maxBytes = 5): Promise<string> => {
  const outcome = await readMediaFile(path, { root, maxBytes, pointer: "/x" }).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  expect((outcome as InputError).message).not.toContain(root);
  return (outcome as InputError).code;
};

describe("readMediaFile", () => {
  it("reads a regular file of at most the limit", async () => {
    expect(Buffer.from(await readMediaFile("images/a.png", { root, maxBytes: 5 })).toString()).toBe("12345");
  });

  it("reads below a root that is a link itself", async () => {
    expect(await readMediaFile("pack/images/a.png", { root: join(root, "up"), maxBytes: 5 })).toHaveLength(5);
  });

  it.each(["/etc/passwd", "../outside.png", "images/../../outside.png", "", "images/a.png\0"])(
    "refuses the path %j without opening anything",
    async (path) => {
      expect(await codeOf(path)).toBe("UNSAFE_MEDIA_PATH");
    },
  );

  it("follows no link, neither to the file nor on the way", async () => {
    expect(await codeOf("link.png")).toBe("UNREADABLE_MEDIA");
    expect(await codeOf("up/outside.png", 100)).toBe("UNSAFE_MEDIA_PATH");
    expect(await codeOf("up/pack/images/a.png")).toBe("UNSAFE_MEDIA_PATH");
  });

  it("refuses folders, pipes and what is not there, and never waits for them", { timeout: 2000 }, async () => {
    expect(await codeOf("images")).toBe("UNREADABLE_MEDIA");
    expect(await codeOf("fifo.png")).toBe("UNREADABLE_MEDIA");
    expect(await codeOf("none.png")).toBe("UNREADABLE_MEDIA");
  });

  it("measures before it reads", async () => {
    expect(await codeOf("images/a.png", 4)).toBe("MEDIA_TOO_LARGE");
    expect(await codeOf("sparse.png")).toBe("MEDIA_TOO_LARGE");
  });

  it.skipIf(process.platform !== "linux")("does not trust the size that a file claims", async () => {
    // Files of /proc claim no bytes at all.
    const outcome = await readMediaFile("version", { root: "/proc", maxBytes: 5 }).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: "MEDIA_TOO_LARGE" });
  });

  it("refuses a root that does not exist", async () => {
    const outcome = readMediaFile("a.png", { root: join(root, "none"), maxBytes: 5 });
    await expect(outcome).rejects.toMatchObject({ code: "UNREADABLE_MEDIA" });
  });
});
